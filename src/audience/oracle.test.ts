import fc from "fast-check"
import { beforeAll, expect, test } from "vitest"
import { testDatabase } from "../../test/support/database.ts"
import { announce, eventFacts, react } from "../events/index.ts"
import * as clock from "../platform/clock.ts"
import { dayOf, startOfDay } from "../platform/dates.ts"
import { sql, transact } from "../platform/db.ts"
import { fact, hoursOf } from "../platform/facts.ts"
import { newId } from "../platform/ids.ts"
import { z } from "zod"
import { answers, people, standing, statement } from "./compiler.ts"
import { build, catalogue, changes, type Condition, conditions, evaluation, type Leaf, waking } from "./index.ts"

/** One event of somebody, as the oracle remembers it. */
type Happened = { contactId: string; name: string; at: number; id: string; properties: Record<string, unknown> }
type Value = string | number | boolean | string[] | null

// ——— The oracle: slow and obvious. It knows nothing of SQL.

const db = await testDatabase()
const dayMs = 86_400_000

function truth(condition: Condition, history: Happened[], at: number): boolean {
  if ("all" in condition) return condition.all.every((part) => truth(part, history, at))
  if ("any" in condition) return condition.any.some((part) => truth(part, history, at))
  if ("not" in condition) return !truth(condition.not, history, at)
  return passes(valueOf(condition, history, at), condition.is as Record<string, unknown>)
}

function passes(value: Value, is: Record<string, unknown>): boolean {
  const [how, wanted] = Object.entries(is)[0]!
  if (how === "exists") return (value !== null) === wanted
  if (value === null) return false
  if (Array.isArray(value))
    return how === "in" ? (wanted as string[]).some((one) => value.includes(one)) : value.includes(String(wanted))
  switch (how) {
    case "eq":
      return value === wanted
    case "ne":
      return value !== wanted
    case "in":
      return (wanted as Value[]).includes(value)
    case "contains":
      return (value as string).includes(wanted as string)
  }
  const order =
    typeof value === "string"
      ? Buffer.compare(Buffer.from(value), Buffer.from(wanted as string))
      : Number(value) - Number(wanted)
  return how === "gt" ? order > 0 : how === "gte" ? order >= 0 : how === "lt" ? order < 0 : order <= 0
}

function valueOf(leaf: Leaf, history: Happened[], at: number): Value {
  const args = (leaf.with ?? {}) as Args
  const rows = history
    .filter((event) => event.name === args.event && event.at <= at && counted(event, args, at))
    .filter((event) => !args.before || history.some((other) => isLater(other, args.before!.event, event.at, at)))
    .sort(inOrder)
  switch (leaf.fact) {
    case "event.count":
      return rows.length
    case "event.exists":
      return rows.length > 0
    case "event.sum":
      return rows.reduce(
        (sum, row) =>
          sum + (typeof row.properties[args.property!] === "number" ? Number(row.properties[args.property!]) : 0),
        0,
      )
    case "event.last_days":
      return rows.length > 0 ? days(rows.at(-1)!.at, at) : null
    case "event.first_days":
      return rows.length > 0 ? days(rows[0]!.at, at) : null
    case "event.last_property": {
      const value = rows.at(-1)?.properties[args.property!]
      return value === undefined || value === null ? null : String(value)
    }
    case "test.colours":
      return rows.length > 0
        ? [...new Set(rows.flatMap((row) => (typeof row.properties.kind === "string" ? [row.properties.kind] : [])))]
        : []
    case "test.last_day":
      return rows.length > 0 ? dayOf(new Date(rows.at(-1)!.at)) : null
    case "test.open":
      return rows.length > 0 && at < rows.at(-1)!.at + 2 * dayMs
  }
  throw new Error(leaf.fact)
}

type Args = {
  event: string
  property?: string
  within?: string
  since?: string
  until?: string
  where?: { property: string; is: object }[]
  before?: { event: string }
}

function isLater(other: Happened, name: string, than: number, at: number): boolean {
  return other.name === name && other.at > than && other.at <= at
}

function counted(event: Happened, args: Args, at: number): boolean {
  if (args.within && event.at <= at - hoursOf(args.within) * 3_600_000) return false
  if (args.since && event.at < startOfDay(args.since).getTime()) return false
  if (args.until && event.at >= startOfDay(args.until).getTime() + dayMs) return false
  return (args.where ?? []).every(({ property, is }) => propertyPasses(event.properties[property] ?? null, is))
}

function propertyPasses(value: unknown, is: object): boolean {
  const [how, wanted] = Object.entries(is)[0] as [string, unknown]
  if (how === "exists") return (value !== null) === wanted
  if (["gt", "gte", "lt", "lte"].includes(how) && typeof value !== typeof wanted) return false
  if (how === "contains" && Array.isArray(value)) return value.includes(wanted)
  if (how === "contains" && typeof value !== "string") return false
  if (Array.isArray(value) || typeof value === "object") return false
  return passes(value as Value, is as Record<string, unknown>)
}

function inOrder(a: Happened, b: Happened): number {
  return a.at - b.at || (a.id < b.id ? -1 : 1)
}

function days(from: number, to: number): number {
  return Math.round((startOfDay(dayOf(new Date(to))).getTime() - startOfDay(dayOf(new Date(from))).getTime()) / dayMs)
}

// ——— Facts of the test's own, so that every type of value is asked for.

const ofEvent = z.strictObject({ event: z.string() })
const testFacts = [
  fact<{ event: string }>({
    name: "test.colours",
    label: { ja: "色", en: "Colours" },
    type: "set",
    with: ofEvent,
    missing: [],
    query: ({ event }, { at, among }) => sql`
      select e.contact_id, coalesce(array_agg(distinct e.properties ->> 'kind')
        filter (where jsonb_typeof(e.properties -> 'kind') = 'string'), '{}') as value
      from event e where ${among("e.contact_id")} and e.name = ${event} and e.happened_at <= ${at} group by 1`,
    dependsOn: ({ event }) => [`event:${event}`],
    describe: () => "色",
  }),
  fact<{ event: string }>({
    name: "test.last_day",
    label: { ja: "最後の日", en: "Last day" },
    type: "date",
    with: ofEvent,
    missing: null,
    query: ({ event }, { at, among }) => sql`
      select e.contact_id, (max(e.happened_at) at time zone 'Asia/Tokyo')::date as value
      from event e where ${among("e.contact_id")} and e.name = ${event} and e.happened_at <= ${at} group by 1`,
    dependsOn: ({ event }) => [`event:${event}`],
    describe: () => "最後の日",
  }),
  fact<{ event: string }>({
    name: "test.open",
    label: { ja: "2日間", en: "Open for two days" },
    type: "boolean",
    with: ofEvent,
    missing: false,
    query: ({ event }, { at, among }) => sql`
      select contact_id, last + interval '48 hours' > ${at} as value,
        case when last + interval '48 hours' > ${at} then last + interval '48 hours' end as wake_at
      from (select e.contact_id, max(e.happened_at) as last from event e
        where ${among("e.contact_id")} and e.name = ${event} and e.happened_at <= ${at} group by 1) l`,
    dependsOn: ({ event }) => [`event:${event}`],
    describe: () => "2日間",
  }),
]

// ——— Random conditions, histories and instants.

const base = Date.parse("2026-03-01T00:00:00Z")
const names = ["a", "b", "c"]
const kinds = ["red", "blue", "あお", "Zebra", ""]
const spans = ["P1D", "P2D", "P3D", "P1W", "PT5H", "PT36H"]

const name = fc.constantFrom(...names)
const dayText = fc.integer({ min: -2, max: 14 }).map((n) => new Date(base + n * dayMs).toISOString().slice(0, 10))
const scalar = fc.oneof(fc.constantFrom(...kinds), fc.integer({ min: -2, max: 6 }), fc.boolean())
const propertyIs = fc.oneof(
  scalar.map((eq) => ({ eq })),
  scalar.map((ne) => ({ ne })),
  fc
    .tuple(
      fc.constantFrom("gt", "gte", "lt", "lte"),
      fc.oneof(fc.constantFrom(...kinds), fc.integer({ min: -2, max: 6 })),
    )
    .map(([how, value]) => ({ [how]: value })),
  fc.array(scalar, { minLength: 1, maxLength: 3 }).map((list) => ({ in: list })),
  fc.constantFrom("red", "e", "あ").map((contains) => ({ contains })),
  fc.boolean().map((exists) => ({ exists })),
)
const where = fc.option(
  fc.array(fc.record({ property: fc.constantFrom("kind", "size", "none"), is: propertyIs }), {
    minLength: 1,
    maxLength: 2,
  }),
  { nil: undefined, freq: 3 },
)
const windows = fc.oneof(
  fc.constant({}),
  fc.constantFrom(...spans).map((within) => ({ within })),
  dayText.map((since) => ({ since })),
  dayText.map((until) => ({ until })),
  fc.tuple(dayText, dayText).map(([a, b]) => (a <= b ? { since: a, until: b } : { since: b, until: a })),
)
const numberIs = fc.oneof(
  fc
    .tuple(
      fc.constantFrom("eq", "ne", "gt", "gte", "lt", "lte"),
      fc.oneof(fc.integer({ min: -1, max: 5 }), fc.constantFrom(0.5, 1.5, 2.5)),
    )
    .map(([how, n]) => ({ [how]: n })),
  fc.array(fc.integer({ min: -1, max: 5 }), { minLength: 1, maxLength: 3 }).map((list) => ({ in: list })),
  fc.boolean().map((exists) => ({ exists })),
)
const textIs = fc.oneof(
  fc
    .tuple(fc.constantFrom("eq", "ne", "gt", "gte", "lt", "lte"), fc.constantFrom(...kinds))
    .map(([how, value]) => ({ [how]: value })),
  fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 2 }).map((list) => ({ in: list })),
  fc.constantFrom("e", "あ", "3").map((contains) => ({ contains })),
  fc.boolean().map((exists) => ({ exists })),
)
const booleanIs = fc.oneof(
  fc.boolean().map((eq) => ({ eq })),
  fc.boolean().map((ne) => ({ ne })),
)
const dateIs = fc.oneof(
  fc.tuple(fc.constantFrom("eq", "ne", "gt", "gte", "lt", "lte"), dayText).map(([how, value]) => ({ [how]: value })),
  fc.boolean().map((exists) => ({ exists })),
)
const setIs = fc.oneof(
  fc.constantFrom(...kinds.filter(Boolean)).map((contains) => ({ contains })),
  fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 2 }).map((list) => ({ in: list })),
)
const property = fc.constantFrom("kind", "size")
const happened = fc.record({ event: name, where }).map(defined)
const windowed = fc.tuple(happened, windows).map(([args, window]) => ({ ...args, ...window }))
const leafOf = (fact: string, args: fc.Arbitrary<object>, is: fc.Arbitrary<object>) =>
  fc.record({ fact: fc.constant(fact), with: args, is })
const beforeAnother = fc.tuple(windowed, name).map(([args, event]) => ({ ...args, before: { event } }))
const leaf = fc.oneof(
  { arbitrary: leafOf("event.count", windowed, numberIs), weight: 3 },
  { arbitrary: leafOf("event.count", beforeAnother, numberIs), weight: 2 },
  { arbitrary: leafOf("event.exists", windowed, booleanIs), weight: 2 },
  leafOf(
    "event.sum",
    fc.tuple(windowed, property).map(([args, property]) => ({ ...args, property })),
    numberIs,
  ),
  { arbitrary: leafOf("event.last_days", happened, numberIs), weight: 2 },
  leafOf("event.first_days", happened, numberIs),
  leafOf(
    "event.last_property",
    fc.tuple(happened, property).map(([args, property]) => ({ ...args, property })),
    textIs,
  ),
  leafOf("test.colours", fc.record({ event: name }), setIs),
  leafOf("test.last_day", fc.record({ event: name }), dateIs),
  leafOf("test.open", fc.record({ event: name }), booleanIs),
) as fc.Arbitrary<Condition>
/** Leaves that time alone moves. */
const moving = fc.oneof(
  leafOf("event.count", fc.record({ event: name, where, within: fc.constantFrom(...spans) }).map(defined), numberIs),
  leafOf(
    "event.count",
    fc
      .record({ event: name, where, within: fc.constantFrom(...spans), before: fc.record({ event: name }) })
      .map(defined),
    numberIs,
  ),
  leafOf("event.exists", fc.record({ event: name, where, within: fc.constantFrom(...spans) }).map(defined), booleanIs),
  leafOf("event.sum", fc.record({ event: name, property, within: fc.constantFrom(...spans) }), numberIs),
  leafOf("event.last_days", fc.record({ event: name }), numberIs),
  leafOf("event.first_days", fc.record({ event: name }), numberIs),
  leafOf("test.open", fc.record({ event: name }), booleanIs),
) as fc.Arbitrary<Condition>
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: "small", maxDepth: 3 },
    { arbitrary: leaf, weight: 3 },
    fc.array(tie("condition"), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie("condition"), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
    tie("condition").map((not) => ({ not })),
  ),
}))
/** Instants on a grid whose lines are JST midnights and window ends, and a little beside them: where mistakes live. */
const when = fc
  .tuple(fc.integer({ min: 0, max: 12 * 8 }), fc.constantFrom(0, 0, 1, -1, 777))
  .map(([eighth, ms]) => base + eighth * 3 * 3_600_000 + ms)
const properties = fc
  .record({
    kind: fc.oneof(fc.constantFrom(...kinds), fc.constant(null), fc.constant(["red", "あお"]), fc.constant(undefined)),
    size: fc.oneof(fc.integer({ min: -1, max: 4 }), fc.constantFrom("3", 2.5, undefined, true)),
  })
  .map(defined)
const history = fc.array(fc.record({ name, at: when, properties }), { maxLength: 10 })

function defined<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T
}

// ——— The properties.

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
  expect(flips).toBeGreaterThan(60)
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
    { numRuns: 25 },
  )
}, 180_000)
