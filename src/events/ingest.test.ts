import fc from "fast-check"
import { afterEach, expect, test } from "vitest"
import { testDatabase } from "../../test/support/database.ts"
import { eventsOf } from "../../test/support/tracking.ts"
import * as clock from "../platform/clock.ts"
import { sql, transact } from "../platform/db.ts"
import { idOf, newId } from "../platform/ids.ts"
import { contacts, type Event, ingest, jobs, joining, react, type Sender } from "./index.ts"

const db = await testDatabase()
const server: Sender = { kind: "server", keyId: newId(), history: false }
const browser: Sender = { kind: "browser", keyId: newId(), contactId: null, bot: false }
const day = 86_400_000

afterEach(() => react({ every: [], named: {} }))

const track = <T extends object>(userId: string, event: string, more: T = {} as T) => ({
  type: "track",
  userId,
  event,
  ...more,
})

test("duplicates, five times over and shuffled, from a clock up to thirty days wrong, leave what an orderly sender leaves", async () => {
  const skew = fc.integer({ min: -30 * day, max: 30 * day })
  const steps = fc.array(fc.integer({ min: 0, max: 60_000 }), { minLength: 1, maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(
      skew,
      steps,
      fc.integer({ min: 0, max: 7 * day }),
      fc.infiniteStream(fc.nat()),
      async (wrongBy, gaps, late, random) => {
        const who = newId()
        const began = Date.now() - late - 3_600_000
        let at = began
        const inOrder = gaps.map((gap, sequence) => {
          at += gap
          return {
            ...track(who, `step-${sequence}`, { messageId: `${who}-${sequence}`, context: { sequence } }),
            timestamp: new Date(at + wrongBy).toISOString(),
          }
        })
        const shuffled = Array.from({ length: 5 }, () => inOrder)
          .flat()
          .map((message) => ({ message, key: random.next().value as number }))
          .sort((a, b) => a.key - b.key)
        const receivedAt = new Date()
        const sentAt = new Date(receivedAt.getTime() + wrongBy).toISOString()
        const half = Math.ceil(shuffled.length / 2)
        const send = (part: typeof shuffled) =>
          ingest.accept(
            db,
            server,
            part.map(({ message }) => message),
            { sentAt, receivedAt },
          )
        const answers = await Promise.all([send(shuffled.slice(0, half)), send(shuffled.slice(half))])
        expect(answers.flatMap((answer) => answer.rejected)).toEqual([])
        const stored = await eventsOf(db, idOf("user", who))
        expect(stored.map((event) => event.name)).toEqual(inOrder.map((_, sequence) => `step-${sequence}`))
        let expected = began
        for (const [index, gap] of gaps.entries()) {
          expected += gap
          expect(stored[index]!.happenedAt.getTime()).toBe(Math.min(expected, receivedAt.getTime()))
        }
      },
    ),
    { numRuns: 60 },
  )
})

test("times: the future becomes now, impossible ones and those older than 35 days are refused, history keeps any past", async () => {
  const receivedAt = new Date("2026-11-22T03:00:00Z")
  const take = async (timestamp: unknown, sender: Sender = server) => {
    const userId = newId()
    const { rejected } = await ingest.accept(db, sender, [track(userId, "t", { timestamp })], { receivedAt })
    return rejected[0]?.fault.key ?? (await eventsOf(db, idOf("user", userId)))[0]!.happenedAt.toISOString()
  }
  expect(await take(undefined)).toBe("2026-11-22T03:00:00.000Z")
  expect(await take("2030-01-01T00:00:00Z")).toBe("2026-11-22T03:00:00.000Z")
  expect(await take("2026-11-22T11:59:00+09:00")).toBe("2026-11-22T02:59:00.000Z")
  expect(await take("2026-11-22T11:59:00")).toBe("2026-11-22T02:59:00.000Z")
  expect(await take("2026-11-01")).toBe("2026-10-31T15:00:00.000Z")
  expect(await take("2026-10-01T00:00:00Z")).toBe("tooOld")
  for (const impossible of [
    "2026-02-30T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-11-22T25:00:00Z",
    "昨日",
    "",
    {},
    true,
    8.64e15 + 1,
  ])
    expect([await take(impossible), impossible]).toEqual(["impossibleDate", impossible])
  expect(await take("2004-02-29T00:00:00Z", { ...server, history: true } as Sender)).toBe("2004-02-29T00:00:00.000Z")
  expect(await take("1901-01-01T00:00:00Z", { ...server, history: true } as Sender)).toBe("impossibleDate")
})

test("requests that arrive while a commit is under way share the next one", async () => {
  const commits = async () => {
    await sql`select pg_stat_force_next_flush()`.execute(db)
    const { rows } = await sql<{
      n: number
    }>`select count(distinct xmin::text)::int as n from event where name = 'together'`.execute(db)
    return rows[0]!.n
  }
  const requests = Array.from({ length: 200 }, (_, n) =>
    ingest.accept(db, server, [track(`together-${n}`, "together")]),
  )
  const answers = await Promise.all(requests)
  expect(answers.every((answer) => answer.accepted === 1)).toBe(true)
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from event where name = 'together'`.execute(db)
  expect(rows[0]!.n).toBe(200)
  expect(await commits()).toBeLessThan(20)
})

test("a reaction that fails for one request leaves the others of the same commit whole, and a repeat is kept once", async () => {
  let broken = true
  react({
    every: [],
    named: {
      poison: [
        async () => {
          if (broken) throw new Error("a bug")
        },
      ],
    },
  })
  const bad = track("poisoned", "poison", { messageId: newId() })
  const send = () =>
    Promise.allSettled([
      ingest.accept(db, server, [track("fine-1", "good")]),
      ingest.accept(db, server, [bad]),
      ingest.accept(db, server, [track("fine-2", "good")]),
    ])
  expect((await send()).map((answer) => answer.status)).toEqual(["fulfilled", "rejected", "fulfilled"])
  expect((await eventsOf(db, idOf("user", "poisoned"))).length).toBe(0)
  expect(
    await db.selectFrom("eventReceipt").select("messageId").where("messageId", "=", bad.messageId).execute(),
  ).toEqual([])
  expect(await db.selectFrom("contact").select("id").where("id", "=", idOf("user", "poisoned")).execute()).toEqual([])
  broken = false
  for (let turn = 0; turn < 3; turn++) await ingest.accept(db, server, [bad])
  expect((await eventsOf(db, idOf("user", "poisoned"))).length).toBe(1)
  expect((await eventsOf(db, idOf("user", "fine-1"))).length).toBe(1)
})

test("reactions hear each message once, with its contact resolved", async () => {
  const heard: Event[] = []
  react({ every: [async (_, events) => void heard.push(...events)], named: {} })
  const known = await transact(db, async (tx) => (await import("./contacts.ts")).create(tx, new Date()))
  const message = track(known, "once", { messageId: "once-1", properties: { n: 1 } })
  await ingest.accept(db, server, [message, message])
  await ingest.accept(db, server, [message])
  expect(heard.map((event) => [event.contactId, event.name, event.properties])).toEqual([[known, "once", { n: 1 }]])
  const stranger = newId()
  await ingest.accept(db, server, [track(stranger, "once")])
  expect(heard[1]!.contactId).toBe(idOf("user", stranger))
})

test("without a message id nothing is taken for a duplicate, and the same id from two keys is two messages", async () => {
  const other: Sender = { kind: "server", keyId: newId(), history: false }
  await ingest.accept(db, server, [track("d", "same"), track("d", "same")])
  await ingest.accept(db, server, [track("d", "same", { messageId: "m" })])
  await ingest.accept(db, other, [track("d", "same", { messageId: "m" })])
  expect((await eventsOf(db, idOf("user", "d"))).length).toBe(4)
})

test("an import repeated when its receipts are gone, or with another key, changes nothing and follows nothing twice", async () => {
  const history: Sender = { kind: "server", keyId: newId(), history: true }
  const other: Sender = { kind: "server", keyId: newId(), history: true }
  const heard: string[] = []
  react({ every: [async (_, events) => void heard.push(...events.map((event) => event.name))], named: {} })
  const at = { timestamp: "2020-04-01T09:00:00+09:00" }
  const messages = [
    track("again", "read", { messageId: "1", ...at }),
    track("again", "bought", { messageId: "1-b", ...at }),
    { type: "identify", userId: "again", traits: { plan: "gold" }, messageId: "2", ...at },
    { type: "page", anonymousId: "again-anonymous", messageId: "3", ...at },
  ]
  const forgotten = () => db.deleteFrom("eventReceipt").execute()
  expect((await ingest.accept(db, history, messages)).accepted).toBe(4)
  await forgotten()
  expect((await ingest.accept(db, history, messages)).accepted).toBe(4)
  expect(
    (await ingest.accept(db, other, [...messages, track("again", "new", { messageId: "4", ...at })])).accepted,
  ).toBe(5)
  await forgotten()
  await Promise.all([ingest.accept(db, other, messages), ingest.accept(db, history, messages)])
  expect(heard.toSorted()).toEqual(["bought", "contact.identified", "new", "page.viewed", "read"])
  expect((await eventsOf(db, idOf("user", "again"))).length).toBe(4)

  const contactId = await transact(db, async (tx) => (await import("./contacts.ts")).create(tx, new Date()))
  await transact(db, (tx) => joining.join(tx, "again-anonymous", contactId, new Date()))
  await joining.move(db, { originId: idOf("anonymous", "again-anonymous") })
  await forgotten()
  await ingest.accept(db, history, messages)
  expect((await eventsOf(db, contactId)).map((event) => event.name)).toEqual(["page.viewed"])
})

test("imports of two systems that count their messages alike lose nothing", async () => {
  const shop: Sender = { kind: "server", keyId: newId(), history: true }
  const school: Sender = { kind: "server", keyId: newId(), history: true }
  const at = (day: number) => ({ messageId: "1", timestamp: `2020-04-0${day}T00:00:00Z` })
  await ingest.accept(db, shop, [track("alike", "bought", at(1))])
  await ingest.accept(db, school, [track("alike", "read", at(1))])
  await db.deleteFrom("eventReceipt").execute()
  await ingest.accept(db, school, [track("alike", "bought", at(2))])
  await db.deleteFrom("eventReceipt").execute()
  await ingest.accept(db, school, [track("unlike", "bought", at(1))])
  const names = async (userId: string) => (await eventsOf(db, idOf("user", userId))).map((event) => event.name)
  expect((await names("alike")).toSorted()).toEqual(["bought", "bought", "read"])
  expect(await names("unlike")).toEqual(["bought"])
})

test("both copies of a message, one kept for the visitor and one for the person, can be moved together", async () => {
  const contactId = await transact(db, (tx) => contacts.create(tx, new Date()))
  const originId = idOf("anonymous", "copied")
  await ingest.accept(db, { ...server, history: true } as Sender, [
    { type: "page", anonymousId: "copied", messageId: newId(), timestamp: "2020-04-01T00:00:00Z" },
  ])
  await transact(db, (tx) => joining.join(tx, "copied", contactId, new Date()))
  await sql`insert into event (contact_id, happened_at, id, name, origin_id, source, properties, received_at)
    select ${contactId}::uuid, happened_at, id, name, origin_id, source, properties, received_at from event
    where contact_id = ${originId}::uuid`.execute(db)
  await joining.move(db, { originId })
  expect((await eventsOf(db, contactId)).length).toBe(1)
  expect((await eventsOf(db, originId)).length).toBe(0)
})

test("rubbish of any shape is refused or kept, and never harms what came with it", async () => {
  const value = fc.jsonValue({ maxDepth: 4 })
  const message = fc.oneof(
    value,
    fc.record(
      {
        type: fc.constantFrom("track", "page", "identify", "alias", "group", "screen"),
        userId: value,
        anonymousId: value,
        previousId: value,
        event: value,
        properties: value,
        traits: value,
        timestamp: value,
        sentAt: value,
        messageId: value,
        context: value,
        integrations: value,
        name: value,
        groupId: value,
      },
      { requiredKeys: ["type"] },
    ),
    fc.record({
      type: fc.constant("track"),
      userId: fc.string({ unit: "binary", minLength: 1 }),
      event: fc.string({ unit: "binary", minLength: 1 }),
      properties: fc.dictionary(fc.string({ unit: "binary" }), fc.string({ unit: "binary" })),
    }),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(message, { maxLength: 8 }),
      fc.constantFrom(server, browser),
      async (messages, sender) => {
        const who = newId()
        const good = sender.kind === "server" ? track(who, "good") : { type: "track", anonymousId: who, event: "good" }
        const { accepted, rejected } = await ingest.accept(db, sender, [...messages, good])
        expect(accepted + rejected.length).toBe(messages.length + 1)
        expect((await eventsOf(db, idOf(sender.kind === "server" ? "user" : "anonymous", who))).length).toBe(1)
      },
    ),
    { numRuns: 150 },
  )
})

test("properties nested too deeply are refused", async () => {
  let deep: unknown = "x"
  for (let level = 0; level < 5_000; level++) deep = { deep }
  for (const message of [
    track("deep", "d", { properties: { deep } }),
    { type: "identify", userId: "deep", traits: { deep } },
  ])
    expect((await ingest.accept(db, server, [message])).rejected[0]?.fault.key).toBe("tooDeep")
})

test("public keys bring in so many new names a day and no more; known, declared and server's names are taken all the same", async () => {
  await sql`delete from event_name`.execute(db)
  const at = new Date()
  const send = async (names: string[], sender: Sender, receivedAt = at) => {
    const who = sender.kind === "server" ? { userId: "names" } : { anonymousId: "names" }
    const messages = names.map((event) => ({ type: "track", ...who, event }))
    return ingest.accept(db, sender, messages, { receivedAt })
  }
  const some = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}-${n}`)
  expect((await send(some("server", 600), server)).rejected).toEqual([])
  const crowd = await Promise.all([0, 1, 2].map((n) => send(some(`crowd-${n}`, 200), browser)))
  expect(crowd.reduce((sum, answer) => sum + answer.accepted, 0)).toBe(500)
  await sql`insert into event_schema (name, label, changed_at) values ('declared', '{}', ${at})`.execute(db)
  const mixed = await send(["server-1", "one more", "declared", "another", "rank.rose"], browser)
  expect(mixed.accepted).toBe(2)
  expect(mixed.rejected.map(({ index, fault }) => [index, fault.status, fault.key])).toEqual([
    [1, 403, "tooManyNames"],
    [3, 403, "tooManyNames"],
    [4, 403, "reservedEvent"],
  ])
  const kept = await db.selectFrom("event").select("name").where("name", "in", ["one more", "another"]).execute()
  expect(kept).toEqual([])
  expect((await send(["one more"], server)).rejected).toEqual([])
  expect((await send(["tomorrow"], browser, new Date(at.getTime() + day + 1))).rejected).toEqual([])
})

test("receipts are forgotten after 35 days and not before", async () => {
  await ingest.accept(db, server, [track("r", "r", { messageId: "old" })], {
    receivedAt: new Date(Date.now() - 36 * day),
  })
  await ingest.accept(db, server, [track("r", "r", { messageId: "young" })], {
    receivedAt: new Date(Date.now() - 34 * day),
  })
  await jobs["events.forget-receipts"]!(db, {} as never)
  const left = await db
    .selectFrom("eventReceipt")
    .select("messageId")
    .where("messageId", "in", ["old", "young"])
    .execute()
  expect(left).toEqual([{ messageId: "young" }])
})

test("partitions are made ahead of the month", async () => {
  clock.shift(400 * day)
  await jobs["events.make-partitions"]!(db, {} as never)
  await jobs["events.make-partitions"]!(db, {} as never)
  const at = clock.now()
  const next = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1))
  const { rows } = await sql<{
    found: string | null
  }>`select to_regclass(${`event_${next.toISOString().slice(0, 7).replace("-", "_")}`})::text as found`.execute(db)
  expect(rows[0]!.found).not.toBeNull()
})

test("a straggler of a history that has joined goes to the person at once", async () => {
  const contactId = await transact(db, (tx) => contacts.create(tx, new Date()))
  await transact(db, (tx) => joining.join(tx, "straggler", contactId, new Date()))
  const heard: Event[] = []
  react({ every: [async (_, events) => void heard.push(...events)], named: {} })
  await ingest.accept(db, browser, [{ type: "page", anonymousId: "straggler", properties: { path: "/late" } }])
  const origin = idOf("anonymous", "straggler")
  expect((await eventsOf(db, contactId)).map((event) => [event.name, event.originId])).toEqual([
    ["page.viewed", origin],
  ])
  expect(heard.map((event) => [event.contactId, event.originId])).toEqual([[contactId, origin]])
})
