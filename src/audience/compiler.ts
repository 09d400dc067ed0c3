import { CompiledQuery, type RawBuilder } from "kysely"
import { type Db, sql } from "../platform/db.ts"
import { type Asked, type Fact, type Tally, tallies } from "../platform/facts.ts"
import * as catalogue from "./catalogue.ts"
import { compare, flips, type LeafSql } from "./comparing.ts"
import { type Condition, type Leaf, leavesOf } from "./language.ts"

/** A condition to be asked, under the id by which its answer is kept; a draft has any id. */
export type Question = { id: string; definition: Condition }

/** Where a statement's instant and people stand until it runs. */
const instant = new Date(0)
const someone: string[] = []

/** Stands for the people asked about, in statements that ask about some. */
export const people: RawBuilder<string[]> = sql`${someone}::uuid[]`
/** Stands for the instant of the question. */
const at: RawBuilder<Date> = sql`${instant}::timestamptz`

/** A statement that can run again and again with other people and instants, its text the same byte for byte. */
export type Statement<Row> = { run(db: Db, asked: { at: Date; contacts?: string[] }): Promise<Row[]>; text: string }

/**
 * The parts of the one statement that answers conditions: each distinct question becomes one joined subquery over
 * everybody asked about, shared by all conditions; facts that sum the same source share one reading of it.
 */
type Answers = {
  /** Left joins to a row source that is called `p` and has `contact_id` and `standing`. */
  joins: RawBuilder<unknown>
  /** One boolean per condition. */
  met: RawBuilder<boolean>[]
  /** The next instant at which time alone can change any of them. */
  wakeAt: RawBuilder<Date | null>
  /** The values of the leaves, in the order of `leaves`, as one JSON array. */
  values: RawBuilder<unknown[]>
  /** The distinct questions; a leaf's place among them is `indexOf`. */
  leaves: Leaf[]
  indexOf: (leaf: Leaf) => number
}

/** Compiles conditions, about `people` or about everybody. */
export function answers(questions: Question[], about: "people" | "everybody"): Answers {
  const asked: Asked = {
    at,
    among: (column) => (about === "people" ? sql`${sql.raw(column)} = any(${people})` : sql`true`),
  }
  const leaves = new Map<string, Leaf>()
  for (const { definition } of questions)
    for (const leaf of leavesOf(definition)) {
      const key = keyOf(leaf)
      if (!leaves.has(key)) leaves.set(key, leaf)
    }
  const asSql = new Map<string, LeafSql>()
  const joins = [...summed(leaves, asked, asSql), ...single(leaves, asked, asSql)]
  const wakes = new Map<string, RawBuilder<Date | null>>()
  const met = questions.map(({ definition }) => sql<boolean>`(p.standing and ${expression(definition, asSql)})`)
  for (const { definition } of questions)
    for (const leaf of leavesOf(definition)) {
      const flip = flips(asSql.get(keyOf(leaf))!, catalogue.questionOf(leaf).fact, leaf.is, at)
      if (flip) wakes.set(keyOf(leaf) + JSON.stringify(leaf.is), flip)
    }
  const order = [...leaves.keys()]
  return {
    joins: sql.join(joins, sql` `),
    met,
    wakeAt:
      wakes.size === 0
        ? sql`null::timestamptz`
        : sql`case when p.standing then least(${sql.join([...wakes.values()])}) end`,
    values: sql`jsonb_build_array(${sql.join(order.map((key) => asSql.get(key)!.value))})`,
    leaves: [...leaves.values()],
    indexOf: (leaf) => order.indexOf(keyOf(leaf)),
  }
}

/** Fixes a statement's text once; running it only fills in the instant and the people. */
export function statement<Row>(db: Db, query: RawBuilder<Row>): Statement<Row> {
  const compiled = query.compile(db)
  const places: number[] = []
  const parameters: unknown[] = []
  const shared = new Map<unknown, number>()
  compiled.parameters.forEach((value, index) => {
    const known = shared.get(value)
    if (known !== undefined) return void (places[index] = known)
    parameters.push(value)
    places[index] = parameters.length
    if (value === instant || value === someone) shared.set(value, parameters.length)
  })
  const text = compiled.sql.replace(/\$(\d+)/g, (_, number: string) => `$${places[Number(number) - 1]}`)
  return {
    text,
    async run(on, asked) {
      const filled = parameters.map((value) =>
        value === instant ? asked.at : value === someone ? asked.contacts : value,
      )
      return (await on.executeQuery<Row>(CompiledQuery.raw(text, filled))).rows
    },
  }
}

/** Who counts as a member of anything: known, not erased, not withdrawn at that instant. `c` is the contact. */
export const standing: RawBuilder<boolean> = sql`(not c.anonymous and c.erased_at is null and not exists (
  select from account a where a.contact_id = c.id and a.withdrawn_at <= ${at}))`

/** One reading of each source for all facts that sum it. */
function summed(leaves: Map<string, Leaf>, asked: Asked, asSql: Map<string, LeafSql>): RawBuilder<unknown>[] {
  const groups = new Map<object, { key: string; tally: Tally; fact: Fact<unknown> }[]>()
  for (const [key, leaf] of leaves) {
    const { fact, args } = catalogue.questionOf(leaf)
    if (!fact.tally) continue
    const tally = fact.tally(args, asked)
    const group = groups.get(tally.source) ?? []
    groups.set(tally.source, group)
    group.push({ key, tally, fact })
  }
  return [...groups.values()].map((group, number) => {
    const name = `s${number}`
    group.forEach(({ key, fact }, index) => {
      const column = (letter: string) => sql.raw<never>(`${name}.${letter}${index}`)
      asSql.set(key, { value: known(column("v"), fact), wakeAt: column("w"), goneAt: column("g") })
    })
    const reading = tallies(
      group.map(({ tally }) => tally),
      asked,
    )
    return sql`left join (${reading}) ${sql.raw(name)} on ${sql.raw(name)}.contact_id = p.contact_id`
  })
}

/** A subquery for each of the other facts. `wake_at` falls back to null where a fact's query does not select it. */
function single(leaves: Map<string, Leaf>, asked: Asked, asSql: Map<string, LeafSql>): RawBuilder<unknown>[] {
  const joins: RawBuilder<unknown>[] = []
  for (const [key, leaf] of leaves) {
    const { fact, args } = catalogue.questionOf(leaf)
    if (fact.tally) continue
    const name = `l${joins.length}`
    const column = (word: string) => sql.raw<never>(`${name}.${word}`)
    asSql.set(key, { value: known(column("value"), fact), wakeAt: column("wake_at"), goneAt: column("gone_at") })
    joins.push(sql`left join (select q.* from (select null::timestamptz as wake_at, null::timestamptz as gone_at) d
      cross join lateral (select contact_id, value, wake_at, gone_at from (${fact.query(args, asked)}) f) q) ${sql.raw(name)}
      on ${sql.raw(name)}.contact_id = p.contact_id`)
  }
  return joins
}

function known(column: RawBuilder<unknown>, fact: Fact<unknown>): RawBuilder<unknown> {
  const value = fact.type === "number" ? sql`${column}::double precision` : column
  const { missing } = fact
  if (missing === null) return sql`(${value})`
  if (Array.isArray(missing)) return sql`coalesce(${value}, ${missing}::text[])`
  const cast = { number: "double precision", text: "text", date: "date", boolean: "boolean", set: "text[]" }[fact.type]
  return sql`coalesce(${value}, ${missing}::${sql.raw(cast)})`
}

function expression(condition: Condition, asSql: Map<string, LeafSql>): RawBuilder<boolean> {
  if ("all" in condition) return joined(condition.all, " and ", asSql)
  if ("any" in condition) return joined(condition.any, " or ", asSql)
  if ("not" in condition) return sql`(not ${expression(condition.not, asSql)})`
  return compare(asSql.get(keyOf(condition))!.value, catalogue.questionOf(condition).fact.type, condition.is)
}

function joined(parts: Condition[], word: string, asSql: Map<string, LeafSql>): RawBuilder<boolean> {
  return sql`(${sql.join(
    parts.map((part) => expression(part, asSql)),
    sql.raw(word),
  )})`
}

/** Two leaves with the same fact and arguments are one question, whatever they compare with. */
function keyOf(leaf: Leaf): string {
  return `${leaf.fact} ${JSON.stringify(leaf.with ?? {}, sortedKeys)}`
}

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
