import type { RawBuilder } from "kysely"
import { sql } from "../platform/db.ts"
import { type Asked, type Fact, type FactType, jstDay, jstMidnight } from "../platform/facts.ts"
import { asked as named, type Comparison } from "./language.ts"

/** A leaf's columns in the statement: its value and, by the fact's `time`, the instants at which time changes it. */
export type LeafSql = { value: RawBuilder<unknown>; wakeAt: RawBuilder<Date | null>; goneAt: RawBuilder<Date | null> }

const operators = { eq: "=", ne: "<>", gt: ">", gte: ">=", lt: "<", lte: "<=" } as const
const casts: Record<FactType, string> = {
  number: "double precision",
  text: "text",
  date: "date",
  boolean: "boolean",
  set: "text",
}

/** The SQL of a comparison; a missing value makes it false. */
export function compare(value: RawBuilder<unknown>, type: FactType, is: Comparison): RawBuilder<boolean> {
  const [how, wanted] = named(is)
  if (how === "exists") return wanted ? sql`(${value} is not null)` : sql`(${value} is null)`
  const cast = sql.raw(casts[type])
  if (type === "set") {
    const list = how === "in" ? wanted : [wanted]
    return sql`coalesce(${value} && ${list}::text[], false)`
  }
  if (how === "contains") return sql`coalesce(strpos(${value}, ${wanted}::text) > 0, false)`
  if (how === "in") return sql`coalesce(${value} = any(${wanted}::${cast}[]), false)`
  const collation = type === "text" && how !== "eq" && how !== "ne" ? sql` collate "C"` : sql``
  return sql`coalesce(${value}${collation} ${sql.raw(operators[how as keyof typeof operators])} ${wanted}::${cast}, false)`
}

/** The first instant after `at` at which time alone can change the comparison; nothing when it cannot. */
export function flips(
  leaf: LeafSql,
  fact: Pick<Fact<unknown>, "time">,
  is: Comparison,
  at: Asked["at"],
): RawBuilder<Date | null> | undefined {
  const [how, wanted] = named(is)
  if (fact.time === "never") return undefined
  if (fact.time === undefined) return leaf.wakeAt
  if (how === "exists") return undefined
  const numbers = (Array.isArray(wanted) ? wanted : [wanted]) as number[]
  return fact.time === "daily" ? passes(leaf, how, numbers, at) : falls(leaf, how, numbers)
}

/** A day count flips on the JST midnights at which it passes certain numbers. */
function passes(leaf: LeafSql, how: string, numbers: number[], at: Asked["at"]): RawBuilder<Date | null> | undefined {
  const passed = new Set<number>()
  for (const n of numbers) {
    if (how === "gte" || how === "lt") passed.add(Math.ceil(n))
    else if (how === "gt" || how === "lte") passed.add(Math.floor(n) + 1)
    else if (Number.isInteger(n)) passed.add(n).add(n + 1)
  }
  const days = [...passed].filter((n) => n > 0 && n < 1_000_000).sort((a, b) => a - b)
  if (days.length === 0) return undefined
  const next = sql<number>`(select min(d) from unnest(${days}::int[]) d where d > ${leaf.value})`
  const simple = sql<number>`case when ${leaf.value} < ${days[0]}::int then ${days[0]}::int end`
  const day = sql<string>`${jstDay(at)} + (${days.length === 1 ? simple : next} - ${leaf.value})::int`
  return jstMidnight(day)
}

/** A count that time can only lower flips when it next falls, if it is high enough, or when nothing is left of it. */
function falls(leaf: LeafSql, how: string, numbers: number[]): RawBuilder<Date | null> | undefined {
  const atLeast = (n: number) => {
    if (n <= 0) return undefined
    return n <= 1
      ? leaf.goneAt
      : sql<Date | null>`case when ${leaf.value} >= ${n}::double precision then ${leaf.wakeAt} end`
  }
  if (how === "gte" || how === "lt") return atLeast(numbers[0]!)
  if (how === "gt" || how === "lte") return atLeast(Math.floor(numbers[0]!) + 1)
  const whole = numbers.filter((n) => Number.isInteger(n) && n >= 0)
  if (whole.length === 0) return undefined
  if (whole.every((n) => n === 0)) return leaf.goneAt
  return sql`case when ${leaf.value} >= ${Math.min(...whole)}::double precision then ${leaf.wakeAt} end`
}
