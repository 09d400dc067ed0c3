import { afterEach, expect, test } from "vitest"
import { testDatabase } from "../../test/support/database.ts"
import { sql, transact } from "../platform/db.ts"
import { idOf, newId } from "../platform/ids.ts"
import { announce, contacts, type Event, ingest, joining, type Move, react, type Sender } from "./index.ts"

const db = await testDatabase()
const browser: Sender = { kind: "browser", keyId: newId(), contactId: null, bot: false }
afterEach(() => react({ every: [], named: {} }))

const person = () => transact(db, (tx) => contacts.create(tx, new Date()))
const join = (anonymousId: string, contactId: string) =>
  transact(db, (tx) => joining.join(tx, anonymousId, contactId, new Date()))
const move = (anonymousId: string) => joining.move(db, { originId: idOf("anonymous", anonymousId) })
const eventsOf = (contactId: string) =>
  db.selectFrom("event").selectAll().where("contactId", "=", contactId).orderBy("happenedAt").orderBy("id").execute()

async function history(anonymousId: string, count: number) {
  const now = Date.now()
  for (let from = 0; from < count; from += 500)
    await ingest.accept(
      db,
      browser,
      Array.from({ length: Math.min(500, count - from) }, (_, n) => ({
        type: "track",
        anonymousId,
        event: n % 2 ? "見た" : "読んだ",
        timestamp: new Date(now - (count - from - n) * 1000).toISOString(),
        properties: { n: from + n },
      })),
    )
}

test("an anonymous history becomes the person's, event by event, with its origin kept", async () => {
  await history("a", 2_300)
  const contactId = await person()
  const before = (await eventsOf(idOf("anonymous", "a"))).map(({ contactId: _, ...event }) => event)
  expect(await join("a", contactId)).toBe(true)
  const { rows } = await sql<{
    identifier: string
  }>`select task_identifier as identifier from graphile_worker.jobs`.execute(db)
  expect(rows.map((row) => row.identifier)).toContain("events.move")
  await move("a")
  expect(await eventsOf(idOf("anonymous", "a"))).toEqual([])
  expect((await eventsOf(contactId)).map(({ contactId: _, ...event }) => event)).toEqual(before)
  const alias = await db.selectFrom("alias").selectAll().where("contactId", "=", contactId).executeTakeFirst()
  expect(alias?.movedAt).toBeInstanceOf(Date)
})

test("a move that is killed, started twice and repeated ends as one that was not", async () => {
  await history("b", 3_200)
  const contactId = await person()
  await join("b", contactId)
  const moves: Move[] = []
  let fail = true
  react({
    every: [],
    named: {},
    movers: [
      async (_, move) => {
        if (fail) throw new Error("killed")
        moves.push(move)
      },
    ],
  })
  await expect(move("b")).rejects.toThrow("killed")
  expect(
    (await db.selectFrom("alias").select("movedAt").where("contactId", "=", contactId).executeTakeFirst())?.movedAt,
  ).toBeNull()
  fail = false
  await Promise.all([move("b"), move("b")])
  await move("b")
  const stored = await eventsOf(contactId)
  expect(stored.length).toBe(3_200)
  expect(new Set(stored.map((event) => event.id)).size).toBe(3_200)
  expect(moves.at(-1)).toEqual({ originId: idOf("anonymous", "b"), contactId, names: ["見た", "読んだ"].sort() })
})

test("a connection that dies in the middle of a move loses and doubles nothing", async () => {
  await history("k", 1_500)
  const contactId = await person()
  await join("k", contactId)
  const origin = idOf("anonymous", "k")
  await sql`create sequence rows_written`.execute(db)
  await sql`create function die_at_some_row() returns trigger language plpgsql as $$
    begin
      if nextval('rows_written') in (300, 1400, 2600) then perform pg_terminate_backend(pg_backend_pid()); end if;
      return new;
    end $$`.execute(db)
  await sql`create trigger die before insert on event for each row execute function die_at_some_row()`.execute(db)
  let deaths = 0
  for (let tries = 0; tries < 10; tries++) {
    const ended = await move("k").then(
      () => true,
      () => false,
    )
    if (ended) break
    deaths++
    const seen = [...(await eventsOf(origin)), ...(await eventsOf(contactId))]
    expect(new Set(seen.map((event) => event.id)).size).toBe(1_500)
  }
  await sql`drop trigger die on event`.execute(db)
  expect(deaths).toBeGreaterThanOrEqual(2)
  const all = [...(await eventsOf(origin)), ...(await eventsOf(contactId))]
  expect([all.length, new Set(all.map((event) => event.id)).size]).toEqual([1_500, 1_500])
  expect(await eventsOf(origin)).toEqual([])
})

test("one anonymous history joins one person: who signs in later on the same browser id gets nothing of it", async () => {
  await history("c", 3)
  const [first, second] = [await person(), await person()]
  expect(await join("c", first)).toBe(true)
  expect(await join("c", second)).toBe(false)
  expect(await join("c", first)).toBe(false)
  await move("c")
  expect((await eventsOf(first)).length).toBe(3)
  expect(await eventsOf(second)).toEqual([])
})

test("reactions to events are not run again for a history that moves", async () => {
  await history("d", 40)
  const contactId = await person()
  const heard: Event[] = []
  const listen = async (_: unknown, events: Event[]) => void heard.push(...events)
  react({ every: [listen], named: { 見た: [listen] } })
  await join("d", contactId)
  await move("d")
  expect(heard).toEqual([])
  expect((await eventsOf(contactId)).length).toBe(40)
})

test("what a slow transaction wrote under the old id after the move is fetched by the second look", async () => {
  await history("e", 2)
  const contactId = await person()
  await join("e", contactId)
  await move("e")
  const origin = idOf("anonymous", "e")
  await sql`insert into event (contact_id, happened_at, id, name, origin_id, source, properties, received_at)
    values (${origin}, ${new Date()}, ${newId()}, '遅れて', ${origin}, 'test', '{}', ${new Date()})`.execute(db)
  const { rows } = await sql<{
    runAt: Date
  }>`select run_at from graphile_worker.jobs where key = ${`events.move:${origin}:again`}`.execute(db)
  expect(rows[0]!.runAt.getTime()).toBeGreaterThan(Date.now() + 60_000)
  await joining.move(db, { originId: origin, again: true })
  expect((await eventsOf(contactId)).length).toBe(3)
})

test("what the product itself announces of a joined history goes to the person", async () => {
  const contactId = await person()
  await join("f", contactId)
  const event = await transact(db, (tx) => announce(tx, "mail.sent", { contactId: idOf("anonymous", "f") }))
  expect([event.contactId, event.originId]).toEqual([contactId, idOf("anonymous", "f")])
})
