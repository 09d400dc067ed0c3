import { type Leaf, type Names, sayLeaf } from "../audience/index.ts"
import type { ranks } from "../membership/index.ts"
import { duration } from "../platform/dates.ts"
import type { Locale } from "../platform/words.ts"
import type { Requirement } from "./shapes.ts"
import { watchTime } from "./times.ts"
import { say } from "./words.ts"

/** One question of a rank's condition as people say it: 「動画を5本以上完了」. */
export function asks(leaf: Leaf, locale: Locale, names: Names): string {
  const t = say(locale)
  const bound = "gte" in leaf.is && Object.keys(leaf.with ?? {}).length === 0 ? leaf.is.gte : undefined
  if (typeof bound === "number" && leaf.fact === "watch.completed_count") return t("rank.asks-videos", { count: bound })
  if (typeof bound === "number" && leaf.fact === "watch.seconds")
    return t("rank.asks-time", { time: duration(bound, locale) })
  const { question, wanted } = sayLeaf({ ...leaf, value: null, met: false }, locale, names)
  return t("rank.asks", { question, wanted })
}

/** What one question of the next rank wants and how far the member is; a count where that makes sense. */
export function requirement(lacking: ranks.Lacking, locale: Locale): Requirement {
  const { fact, label, wanted, current, needed, met } = lacking
  const t = say(locale)
  const so = typeof current === "number" ? Math.max(0, current) : 0
  const counts = typeof needed === "number" && needed > 0 && met === so >= needed
  if (!counts) return { label: t("rank.asks", { question: label[locale], wanted: wanted[locale] }), met }
  const reached = Math.min(so, needed)
  const counted = { label: label[locale], current: reached, needed, met }
  if (fact !== "watch.seconds") return counted
  const shown = t("rank.count", { current: watchTime(reached, locale), needed: watchTime(needed, locale) })
  return { ...counted, shown }
}
