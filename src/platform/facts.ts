import { type RawBuilder, sql } from "kysely"
import { z } from "zod"
import type { Locale } from "./words.ts"

export type FactType = "number" | "text" | "date" | "boolean" | "set"

/** What a fact's SQL may use: the instant it is asked for and the people it is asked about. */
export type Asked = {
  /** The instant of the question, a timestamptz expression. Facts never call now(). */
  at: RawBuilder<Date>
  /** A boolean expression that keeps a query to the people asked about; give it the query's contact column, e.g. `among("e.contact_id")`. True when everybody is asked about. */
  among: (column: string) => RawBuilder<boolean>
}

/** What something is called that arguments mention by id (a rank, a video, a segment) or by name (an event); nothing when that is not known. */
export type NameOf = (idOrName: string) => string | undefined

/**
 * A typed, named question about a contact, offered by the module that owns the records.
 * `query` answers it for many people at once: `select contact_id, value[, wake_at]`, at most one row per person;
 * people without a row have the value `missing`. Only what was so at `at` counts: rows that happened later do not.
 * Types of `value`: number → any number, text → text, date → date (a JST day), boolean → boolean, set → text[].
 * `wake_at` is the first instant after `at` at which time alone can change the value; null or absent when it cannot.
 * Too early an instant costs one look too many; too late a one misses a change.
 */
export type Fact<With = never> = {
  name: string
  label: Record<Locale, string>
  type: FactType
  /** The schema of its arguments; `z.object({})` when it has none. */
  with: z.ZodType<With>
  query(args: With, asked: Asked): RawBuilder<{ contact_id: string; value: unknown; wake_at?: Date | null }>
  /** The value of people without a row; null makes every comparison false. */
  missing: number | string | boolean | string[] | null
  /** The changes after which the answer may differ: "event:<name>", "property:<name>", "watch", "rank" … */
  dependsOn(args: With): string[]
  /** Says the question with its arguments in the reader's language, e.g. 「30日以内の『資料請求』の回数」. */
  describe(args: With, locale: Locale, nameOf?: NameOf): string
  /** Says one of its values as people call it, where that differs from the value: 「スタンダード」 for "standard". */
  say?(args: With, value: unknown, locale: Locale): string | undefined
  /**
   * How time alone moves the value, so that the compiler can name the instant at which a comparison flips:
   * "daily": a number that grows by one at every JST midnight (days since …); `wake_at` is not read.
   * "falling": a whole number, never below zero, that time can only lower (a count within a window); the query selects
   * `wake_at`, when it next falls, and `gone_at`, when it reaches zero.
   * "never": time changes nothing. Absent: whatever `wake_at` says.
   */
  time?: "daily" | "falling" | "never"
  /** The same answer as a sum over rows of a shared source; the compiler then reads the source once for all such facts. */
  tally?(args: With, asked: Asked): Tally
}

/** Gives a fact its argument type without writing it twice. */
// biome-ignore lint/suspicious/noExplicitAny: a list of facts holds different argument types
export function fact<With>(definition: Fact<With>): Fact<any> {
  return definition
}

/** A table of dated rows about contacts that several facts sum up. */
export type Source = {
  /** `event e`. */
  from: RawBuilder<unknown>
  /** `e.contact_id`. */
  contact: string
  /** The instant of a row. */
  happenedAt: RawBuilder<Date>
  /** What most facts ask for first; an index begins with contact and kind. */
  kind: RawBuilder<string>
}

/** One sum over a source: which rows count, and the aggregates over them. */
export type Tally = {
  source: Source
  /** Rows of this kind only. */
  kind: string
  /** Rows of this kind are read too: they do not count, but `field` sees them. */
  beside?: string
  /** Rows later than this only (the instant itself excluded). */
  after?: RawBuilder<Date>
  /** What else is asked of a row. */
  where?: RawBuilder<boolean>
  /** What is summed of a row. */
  field?: RawBuilder<unknown>
  /** The aggregates over the rows for which `counts` holds, as columns of `query`. They may use `happened_at` and the field. */
  value(counts: RawBuilder<boolean>, field: RawBuilder<unknown>): RawBuilder<unknown>
  wakeAt?(counts: RawBuilder<boolean>, field: RawBuilder<unknown>): RawBuilder<Date | null>
  goneAt?(counts: RawBuilder<boolean>, field: RawBuilder<unknown>): RawBuilder<Date | null>
}

/** Makes the `query` of a fact out of its `tally`. */
export function tallied<With>(
  definition: Omit<Fact<With>, "query"> & { tally(args: With, asked: Asked): Tally },
): // biome-ignore lint/suspicious/noExplicitAny: as in `fact`
Fact<any> {
  return {
    ...definition,
    query: (args, asked) => {
      const tally = definition.tally(args, asked)
      return sql`select contact_id, v0 as value, w0 as wake_at, g0 as gone_at from (${tallies([tally], asked)}) t`
    },
  }
}

/** One reading of a source for several tallies: `contact_id`, and v‹i›, w‹i›, g‹i› (value, wake_at, gone_at) of each. */
export function tallies(list: Tally[], asked: Asked): RawBuilder<Record<string, unknown>> {
  const { source } = list[0]!
  const kinds = [...new Set(list.flatMap(({ kind, beside }) => (beside ? [kind, beside] : [kind])))].sort()
  const after = list.every((tally) => tally.after) ? list.map((tally) => tally.after!) : []
  const marks = list.map((tally, index) => {
    const parts = [sql<boolean>`${source.kind} = ${tally.kind}`]
    if (tally.after) parts.push(sql`${source.happenedAt} > ${tally.after}`)
    if (tally.where) parts.push(tally.where)
    const mark = sql`${sql.join(parts, sql` and `)} as ${sql.raw(`m${index}`)}`
    return tally.field ? sql`${mark}, ${tally.field} as ${sql.raw(`f${index}`)}` : mark
  })
  const sums = list.flatMap((tally, index) => {
    const [counts, field] = [sql.raw<boolean>(`m${index}`), sql.raw<unknown>(`f${index}`)]
    return [
      sql`${tally.value(counts, field)} as ${sql.raw(`v${index}`)}`,
      sql`${tally.wakeAt?.(counts, field) ?? sql`null::timestamptz`} as ${sql.raw(`w${index}`)}`,
      sql`${tally.goneAt?.(counts, field) ?? sql`null::timestamptz`} as ${sql.raw(`g${index}`)}`,
    ]
  })
  const bounds = [
    asked.among(source.contact),
    sql`${source.kind} = any(${kinds}::text[])`,
    sql`${source.happenedAt} <= ${asked.at}`,
  ]
  if (after.length > 0) bounds.push(sql`${source.happenedAt} > least(${sql.join(after)})`)
  return sql`select contact_id, ${sql.join(sums)} from (select ${sql.raw(source.contact)} as contact_id,
    ${source.happenedAt} as happened_at, ${sql.join(marks)}
    from ${source.from} where ${sql.join(bounds, sql` and `)}) r group by contact_id`
}

/** A span of time as conditions write it: P30D, P2W, PT12H. Days are 24 hours. */
export const span = z
  .string()
  .regex(/^(P[1-9]\d{0,3}[DW]|PT[1-9]\d{0,4}H)$/)
  .describe("P30D (30 × 24 hours), P2W or PT12H")

/** The hours of a span. */
export function hoursOf(text: string): number {
  const [, count, unit] = /^PT?(\d+)([DWH])$/.exec(text)!
  return Number(count) * { D: 24, W: 168, H: 1 }[unit as "D" | "W" | "H"]
}

/** A JST day as conditions write it, 2026-11-22; only days that exist, of the years 1900 to 2999. */
export const day = z.iso.date().regex(/^(19|2\d)/)

const spans = { ja: { D: "日", W: "週間", H: "時間" }, en: { D: "days", W: "weeks", H: "hours" } }

/** 30日 · 30 days */
export function saySpan(text: string, locale: Locale): string {
  const [, count, unit] = /^PT?(\d+)([DWH])$/.exec(text)!
  const word = spans[locale][unit as "D" | "W" | "H"]
  return locale === "ja" ? `${count}${word}` : `${count} ${count === "1" ? word.slice(0, -1) : word}`
}

/** `at` moved by hours, in SQL. */
export function later(at: RawBuilder<Date | null>, hours: number): RawBuilder<Date> {
  return sql`${at} + make_interval(secs => ${hours * 3600}::double precision)`
}

/** The JST day of an instant, in SQL. */
export function jstDay(at: RawBuilder<Date | null>): RawBuilder<string> {
  return sql`(${at} at time zone 'Asia/Tokyo')::date`
}

/** The instant at which a JST day begins, in SQL. */
export function jstMidnight(on: RawBuilder<string>): RawBuilder<Date> {
  return sql`(${on})::timestamp at time zone 'Asia/Tokyo'`
}
