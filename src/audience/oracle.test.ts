import fc from "fast-check"
import { beforeAll, expect, test } from "vitest"
import { base, condition, history, moving, testFacts, when } from "../../test/support/conditions.ts"
import { testDatabase } from "../../test/support/database.ts"
import { dayMs, type Happened, truth } from "../../test/support/oracle.ts"
import { announce, eventFacts, react } from "../events/index.ts"
import * as clock from "../platform/clock.ts"
import { sql, transact } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import { answers, people, standing, statement } from "./compiler.ts"
import { build, catalogue, changes, type Condition, conditions, evaluation, waking } from "./index.ts"

const db = await testDatabase()

beforeAll(async () => {
  catalogue.offer([...eventFacts, ...testFacts])
  react({ every: [changes.ofEvents], named: {} })
  await sql`select ensure_event_partition(m) from generate_series('2026-02-01'::timestamptz, '2026-05-01', interval '1 month') m`.execute(
    db,
  )
})

async function fill(
  histories: { name: string; at: number; properties: object }[][],
): Promise<{ ids: string[]; events: Happened[] }> {
  for (const table of [
    "build_overtaken",
    "holding_history",
    "holding",
    "condition",
    "dirty",
    "wake",
    "event",
    "profile",
    "contact",
  ])
    await sql`delete from ${sql.table(table)}`.execute(db)
  const ids = histories.map(() => newId())
  const events = histories.flatMap((list, index) =>
    list.map(
      (one): Happened => ({
        ...one,
        contactId: ids[index]!,
        id: newId(),
        properties: one.properties as Record<string, unknown>,
      }),
    ),
  )
  await sql`insert into contact (id, anonymous, created_at) select id, false, '2026-01-01' from unnest(${ids}::uuid[]) id`.execute(
    db,
  )
  await insert(events)
  return { ids, events }
}

async function insert(events: Happened[]): Promise<void> {
  await sql`insert into event (contact_id, happened_at, id, name, origin_id, source, properties, received_at)
    select contact_id, happened_at, id, name, contact_id, 'test', properties, happened_at
    from jsonb_to_recordset(${JSON.stringify(events.map((e) => ({ contact_id: e.contactId, happened_at: new Date(e.at), id: e.id, name: e.name, properties: e.properties })))}::jsonb)
    as e(contact_id uuid, happened_at timestamptz, id uuid, name text, properties jsonb)`.execute(db)
}

function ofPerson(events: Happened[], contactId: string): Happened[] {
  return events.filter((event) => event.contactId === contactId)
}

type Row = { contactId: string; met: boolean[]; wakeAt: Date | null }

async function ask(
  definitions: Condition[],
  at: number,
  ids: string[],
  form: "people" | "everybody",
): Promise<Map<string, Row>> {
  const parts = answers(
    definitions.map((definition) => ({ id: "", definition })),
    form,
  )
  const among = form === "people" ? sql`c.id = any(${people})` : sql`not c.anonymous`
  const query = sql<Row>`select p.contact_id, array[${sql.join(parts.met)}] as met, ${parts.wakeAt} as wake_at
    from (select c.id as contact_id, ${standing} as standing from contact c where ${among}) p ${parts.joins}`
  const rows = await statement(db, query).run(db, { at: new Date(at), contacts: ids })
  return new Map(rows.map((row) => [row.contactId, row]))
}

test("the SQL agrees with the oracle for any condition, history and instant, about some people and about everybody", async () => {
  let cases = 0
  const situation = fc.record({
    histories: fc.array(history, { minLength: 4, maxLength: 4 }),
    definitions: fc.array(condition, { minLength: 6, maxLength: 6 }),
    instants: fc.array(when, { minLength: 2, maxLength: 2 }),
  })
  await fc.assert(
    fc.asyncProperty(situation, async ({ histories, definitions, instants }) => {
      const { ids, events } = await fill(histories)
      const checked = definitions.map((definition) => conditions.check(definition))
      for (const at of instants)
        for (const form of ["people", "everybody"] as const) {
          const rows = await ask(checked, at, ids, form)
          for (const id of ids)
            for (const [index, definition] of checked.entries()) {
              cases++
              expect(rows.get(id)!.met[index], JSON.stringify(definition)).toBe(
                truth(definition, ofPerson(events, id), at),
              )
            }
        }
    }),
    { numRuns: 60 },
  )
  expect(cases).toBeGreaterThanOrEqual(4_000)
}, 120_000)

test("no flip by time is missed: until the instant of waking the answer stays the same", async () => {
  let flips = 0
  const situation = fc.record({
    histories: fc.array(history, { minLength: 8, maxLength: 8 }),
    definition: fc.oneof(
      condition,
      moving,
      moving.map((not) => ({ not })),
      fc.tuple(moving, moving).map(([a, b]) => ({ any: [a, b] })),
      fc.tuple(moving, moving).map(([a, b]) => ({ all: [a, b] })),
    ),
    at: when.filter((at) => at > base + 5 * dayMs),
  })
  await fc.assert(
    fc.asyncProperty(situation, async ({ histories, definition, at }) => {
      const { ids, events } = await fill(histories.map((list) => list.filter((event) => event.at <= at)))
      const rows = await ask([definition], at, ids, "people")
      for (const id of ids) {
        const own = ofPerson(events, id)
        const { wakeAt } = rows.get(id)!
        if (wakeAt) expect(wakeAt.getTime()).toBeGreaterThan(at)
        const before = truth(definition, own, at)
        for (let later = at; later < at + 16 * dayMs; later += 3 * 3_600_000)
          for (const moment of [later, later - (later % 1000) + 777, later + 1]) {
            if (moment < at || truth(definition, own, moment) === before) continue
            flips++
            expect(wakeAt?.getTime() ?? Number.POSITIVE_INFINITY, JSON.stringify(definition)).toBeLessThanOrEqual(
              moment,
            )
            later = Number.POSITIVE_INFINITY
            break
          }
      }
    }),
    { numRuns: 120 },
  )
  // Some must have been there to be found; how many is chance.
  expect(flips).toBeGreaterThan(10)
}, 120_000)

test("what is kept live equals a fresh evaluation, whatever the order in which events come, repeat and are late", async () => {
  const situation = fc.record({
    histories: fc.array(history, { minLength: 3, maxLength: 3 }),
    definitions: fc.array(condition, { minLength: 4, maxLength: 4 }),
    order: fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
    steps: fc.array(fc.integer({ min: 0, max: 3 * dayMs }), { minLength: 4, maxLength: 4 }),
    late: fc.nat({ max: 3 }),
  })
  await fc.assert(
    fc.asyncProperty(situation, async ({ histories, definitions, order, steps, late }) => {
      const { ids } = await fill(histories.map(() => []))
      const kept = await transact(db, async (tx) => {
        const list = []
        for (const definition of definitions)
          list.push(await conditions.register(tx, { ownerKind: "test", ownerId: newId(), definition }, clock.now()))
        return list
      })
      for (const [index, conditionId] of kept.entries()) if (index !== late) await build(db, { conditionId })
      const coming = histories
        .flatMap((list, person) => list.map((event) => ({ ...event, contactId: ids[person]! })))
        .map((event, index) => ({ event, key: order[index % order.length]! }))
        .sort((a, b) => a.key - b.key)
        .map(({ event }) => event)
      let at = base + 2 * dayMs
      for (const [turn, step] of steps.entries()) {
        at += step
        clock.shift(at - Date.now())
        const now = coming.splice(0, Math.ceil(coming.length / (steps.length - turn)))
        for (const { contactId, name, at: happened, properties } of now) {
          const happenedAt = new Date(Math.min(happened, clock.now().getTime()))
          await transact(db, (tx) =>
            announce(tx, name, { contactId, happenedAt, properties: properties as Record<string, unknown> }),
          )
          if (happened % 2 === 0) await evaluation.turn(db)
        }
        if (turn === late) await build(db, { conditionId: kept[late]! })
        while (await waking.turn(db));
        await evaluation.settleAll(db)
      }
      await build(db, { conditionId: kept[late]! })
      at += 2 * 3_600_000
      clock.shift(at - Date.now())
      while (await waking.turn(db));
      await evaluation.settleAll(db)
      const { rows: all } =
        await sql<Happened>`select contact_id, name, happened_at, id, properties from event`.execute(db)
      const events = all.map((row) => ({ ...row, at: (row as unknown as { happenedAt: Date }).happenedAt.getTime() }))
      const asked = clock.now().getTime()
      for (const id of ids) {
        const held = await conditions.holding(db, id)
        for (const [index, definition] of definitions.entries())
          expect(held.has(kept[index]!), JSON.stringify(definition)).toBe(
            truth(definition, ofPerson(events, id), asked),
          )
      }
    }),
    // Should it fail, what it failed with is said before the test runs out of time.
    { numRuns: 25, interruptAfterTimeLimit: 120_000 },
  )
}, 180_000)
