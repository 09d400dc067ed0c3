import type { Locale } from "../platform/words.ts"
import { words } from "../platform/words.ts"
import * as catalogue from "./catalogue.ts"
import { asked, type Comparison, type Condition, type Leaf, leavesOf } from "./language.ts"

/** What ranks, segments, videos, courses, scenarios and events are called, by the id or name that conditions know them by. */
export type Names = ReadonlyMap<string, Record<Locale, string>>

/** 判定理由: why a condition was true or false of somebody. Stored as it was found; said in the reader's language when read. */
export type Reason = {
  met: boolean
  /** Present when the person has withdrawn or is erased: then every condition is false. */
  gone?: true
  leaves: ReasonLeaf[]
}

/** One question of the condition: the value found, beside what was asked. */
export type ReasonLeaf = {
  fact: string
  with?: Record<string, unknown>
  is: Comparison
  value: unknown
  met: boolean
}

/** A reason in words. */
export type SaidReason = { met: boolean; gone: boolean; leaves: SaidLeaf[] }
export type SaidLeaf = ReasonLeaf & { question: string; wanted: string; found: string }

/** Puts a reason together from the values of a condition's leaves. */
export function reasonOf(
  definition: Condition,
  met: boolean,
  standing: boolean,
  valueOf: (leaf: Leaf) => unknown,
): Reason {
  const leaves = leavesOf(definition).map((leaf): ReasonLeaf => {
    const value = valueOf(leaf) ?? null
    return { ...leaf, value, met: holds(value, leaf.is) }
  })
  return standing ? { met, leaves } : { met, gone: true, leaves }
}

/** Says one question of a reason; what it mentions by id is called by its name, where that is given (`namesIn`). */
export function sayLeaf(leaf: ReasonLeaf, locale: Locale, names?: Names): SaidLeaf {
  const fact = catalogue.find(leaf.fact)
  const t = say(locale)
  const [how, value] = asked(leaf.is)
  const args = leaf.with ?? {}
  const nameOf = (id: string) => names?.get(id)?.[locale]
  const named = (one: unknown) => fact?.say?.(args, one, locale) ?? (typeof one === "string" ? nameOf(one) : undefined)
  // A part of a text is no value: it has no name.
  const asks = how === "contains" && fact?.type === "text" ? plain(value, locale) : plain(value, locale, named)
  const wanted = how === "exists" ? t(value ? "given" : "absent") : t(how, { value: asks })
  return {
    ...leaf,
    question: fact ? fact.describe(args, locale, nameOf) : leaf.fact,
    wanted,
    found: plain(leaf.value, locale, named),
  }
}

/** Whether a value, as the database gave it, passes a comparison: as the SQL says it, for the leaves of a reason. */
function holds(value: unknown, is: Comparison): boolean {
  const [how, wanted] = asked(is)
  if (how === "exists") return wanted === (value !== null)
  if (value === null) return false
  if (Array.isArray(value)) return (how === "in" ? (wanted as unknown[]) : [wanted]).some((one) => value.includes(one))
  if (how === "eq") return value === wanted
  if (how === "ne") return value !== wanted
  if (how === "in") return (wanted as unknown[]).includes(value)
  if (how === "contains") return (value as string).includes(wanted as string)
  const order = typeof value === "number" ? value - (wanted as number) : inOrder(value as string, wanted as string)
  return { gt: order > 0, gte: order >= 0, lt: order < 0, lte: order <= 0 }[how]
}

function inOrder(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

function plain(value: unknown, locale: Locale, named?: (one: unknown) => string | undefined): string {
  const t = say(locale)
  if (value === null || value === undefined) return t("none")
  const name = named?.(value)
  if (name !== undefined) return name
  if (typeof value === "boolean") return t(value ? "yes" : "no")
  if (typeof value === "number") return new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(value)
  if (Array.isArray(value))
    return value.length > 0
      ? value.map((one) => plain(one, locale, named)).join(locale === "ja" ? "、" : ", ")
      : t("none")
  return value as string
}

const say = words(
  {
    eq: "{value}",
    ne: "{value}以外",
    gt: "{value}より大きい",
    gte: "{value}以上",
    lt: "{value}より小さい",
    lte: "{value}以下",
    in: "{value}のいずれか",
    contains: "{value}を含む",
    given: "値がある",
    absent: "値がない",
    none: "なし",
    yes: "はい",
    no: "いいえ",
  },
  {
    eq: "{value}",
    ne: "not {value}",
    gt: "more than {value}",
    gte: "at least {value}",
    lt: "less than {value}",
    lte: "at most {value}",
    in: "one of {value}",
    contains: "contains {value}",
    given: "given",
    absent: "not given",
    none: "none",
    yes: "yes",
    no: "no",
  },
)
