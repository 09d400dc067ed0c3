import type { RawBuilder } from "kysely"
import type { z } from "zod"
import type { Locale } from "./words.ts"

export type FactType = "number" | "text" | "date" | "boolean" | "set"

/** What a fact's SQL may use: the instant it is asked for and the people it is asked about. */
export type Asked = {
  /** The instant of the question, a timestamptz expression. Facts never call now(). */
  at: RawBuilder<Date>
  /** A boolean expression that keeps a query to the people asked about; give it the query's contact column, e.g. `among("e.contact_id")`. True when everybody is asked about. */
  among(column: string): RawBuilder<boolean>
}

/**
 * A typed, named question about a contact, offered by the module that owns the records.
 * `query` answers it for many people at once: `select contact_id, value[, wake_at]`, at most one row per person;
 * people without a row have the value `missing`.
 * `wake_at` is the first instant after `at` at which time alone can change the value; null or absent when it cannot.
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
  describe(args: With, locale: Locale): string
}

/** Gives a fact its argument type without writing it twice. */
// biome-ignore lint/suspicious/noExplicitAny: a list of facts holds different argument types
export function fact<With>(definition: Fact<With>): Fact<any> {
  return definition
}
