import type { ReactNode } from "react"
import type { Locale, Say } from "../../platform/words.ts"
import { either, fullDay, number } from "../formats.ts"
import { useLocale, useSay } from "../locale.tsx"
import { useAll } from "../queries.ts"
import type { Fact } from "../shapes/conditions.ts"
import type { Words } from "../shapes/words.ts"
import { say } from "../words/parts-words.ts"

/** One question of a condition with its answer for one person, as said by the API, or as stored. */
type Leaf = { question: string; wanted: string; found: string; met: boolean }
type Stored = {
  fact?: string
  label?: Words
  is?: Record<string, unknown>
  asked?: string
  value?: unknown
  met?: boolean
} & Partial<Leaf>

/** 判定理由 as a list of checks: what was asked, what the answer is. */
export function Checks({ reason }: { reason: unknown }) {
  const t = useSay(say)
  return (
    <div className="checks">
      {useLeaves(reason).map((leaf, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same question may stand twice
        <p className="check" key={i}>
          <span className={leaf.met ? "yes" : "no"} role="img" aria-label={t(leaf.met ? "met" : "notMet")}>
            {leaf.met ? "✓" : "✕"}
          </span>
          <span>
            {leaf.question} {leaf.wanted}
          </span>
          <b className="num">{leaf.found}</b>
        </p>
      ))}
    </div>
  )
}

/** 判定理由 in one line, under an automatic act. */
export function Because({ reason, lead }: { reason: unknown; lead?: ReactNode }) {
  const t = useSay(say)
  const leaves = useLeaves(reason)
  const plain = typeof reason === "string" ? reason : undefined
  if (leaves.length === 0 && !plain && !lead) return null
  return (
    <div className="because">
      <span className="because__title">{t("because")}</span>
      {lead && <b>{lead}</b>}
      {plain}
      {leaves.map((leaf, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same question may stand twice
        <span key={i}>
          {(i > 0 || lead) && " ・ "}
          {leaf.question} <b className="num">{leaf.found}</b>
          {leaf.wanted && t("asked", { asked: leaf.wanted })}
        </span>
      ))}
    </div>
  )
}

function useLeaves(reason: unknown): Leaf[] {
  const t = useSay(say)
  const { locale } = useLocale()
  const stored = storedLeaves(reason)
  const unsaid = stored.some((leaf) => !leaf.question && !leaf.label)
  const facts = useAll<Fact>(unsaid ? "/api/facts" : null)
  return stored.map((leaf) => {
    const [how, value] = Object.entries(leaf.is ?? {})[0] ?? []
    return {
      question:
        leaf.question ??
        either(leaf.label ?? facts.data?.find(({ name }) => name === leaf.fact)?.label ?? leaf.fact, locale),
      wanted:
        leaf.wanted ??
        leaf.asked ??
        (how
          ? t(how === "exists" && value === false ? "is.absent" : `is.${how}`, { value: valueText(value, t, locale) })
          : ""),
      found: leaf.found ?? valueText(leaf.value, t, locale),
      met: leaf.met !== false,
    }
  })
}

/** The questions inside a reason, whatever it is wrapped in. */
function storedLeaves(reason: unknown): Stored[] {
  if (Array.isArray(reason)) return reason.flatMap(storedLeaves)
  if (typeof reason !== "object" || reason === null) return []
  const one = reason as Record<string, unknown>
  if (("fact" in one || "question" in one || "label" in one) && ("met" in one || "value" in one)) return [one as Stored]
  for (const key of ["leaves", "reason", "why", "entry", "rise", "stay"]) {
    const inside = key in one ? storedLeaves(one[key]) : []
    if (inside.length > 0) return inside
  }
  return []
}

/** A fact's value in the reader's language. */
export function valueText(value: unknown, t: Say, locale: Locale): string {
  if (value === null || value === undefined || value === "") return t("value.none")
  if (typeof value === "boolean") return t(value ? "value.yes" : "value.no")
  if (typeof value === "number") return number(value, 1)
  if (Array.isArray(value))
    return value.length === 0
      ? t("value.none")
      : value.map((one) => valueText(one, t, locale)).join(locale === "ja" ? "、" : ", ")
  if (typeof value === "object") return either(value as Record<string, string>, locale)
  const text = typeof value === "string" ? value : JSON.stringify(value)
  return /^\d{4}-\d\d-\d\d(T|$)/.test(text) ? fullDay(text, locale) : text
}
