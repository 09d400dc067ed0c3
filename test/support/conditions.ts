import fc from "fast-check"
import { z } from "zod"
import type { Condition } from "../../src/audience/index.ts"
import { sql } from "../../src/platform/db.ts"
import { fact } from "../../src/platform/facts.ts"
import { dayMs } from "./oracle.ts"

const ofEvent = z.strictObject({ event: z.string() })
/** Facts of the tests' own, so that every type of value is asked for. */
export const testFacts = [
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

export const base = Date.parse("2026-03-01T00:00:00Z")
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
export const moving = fc.oneof(
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
export const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: "small", maxDepth: 3 },
    { arbitrary: leaf, weight: 3 },
    fc.array(tie("condition"), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie("condition"), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
    tie("condition").map((not) => ({ not })),
  ),
}))
/** Instants on a grid whose lines are JST midnights and window ends, and a little beside them: where mistakes live. */
export const when = fc
  .tuple(fc.integer({ min: 0, max: 12 * 8 }), fc.constantFrom(0, 0, 1, -1, 777))
  .map(([eighth, ms]) => base + eighth * 3 * 3_600_000 + ms)
const properties = fc
  .record({
    kind: fc.oneof(fc.constantFrom(...kinds), fc.constant(null), fc.constant(["red", "あお"]), fc.constant(undefined)),
    size: fc.oneof(fc.integer({ min: -1, max: 4 }), fc.constantFrom("3", 2.5, undefined, true)),
  })
  .map(defined)
/** What happened to one person. */
export const history = fc.array(fc.record({ name, at: when, properties }), { maxLength: 10 })

function defined<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T
}
