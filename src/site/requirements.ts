import { type Condition, type Leaf, type Reason, type ReasonLeaf, sayLeaf } from "../audience/index.ts"
import { duration } from "../platform/dates.ts"
import type { Locale } from "../platform/words.ts"
import type { Missing } from "./web/rank-parts.tsx"
import { say } from "./words.ts"

/**
 * What a condition still asks of somebody, from its reason. Of alternatives the one with the least missing is named;
 * what must not be is named only while it stands in the way.
 */
export function requirements(condition: Condition, reason: Reason, locale: Locale): Missing[] {
  let read = 0
  const walk = (part: Condition): { met: boolean; parts: Missing[] } => {
    if ("all" in part) {
      const each = part.all.map(walk)
      return { met: each.every((one) => one.met), parts: each.flatMap((one) => one.parts) }
    }
    if ("any" in part) {
      const each = part.any.map(walk)
      const open = (one: { parts: Missing[] }) => one.parts.filter((missing) => !missing.met).length
      return each.find((one) => one.met) ?? each.reduce((best, one) => (open(one) < open(best) ? one : best))
    }
    if ("not" in part) {
      const inner = walk(part.not)
      const standing = { label: say(locale)("rank.other"), toGo: null, met: false }
      return { met: !inner.met, parts: inner.met ? [standing] : [] }
    }
    const leaf = reason.leaves[read++]!
    return { met: leaf.met, parts: [requirement(leaf, locale)] }
  }
  return walk(condition).parts
}

/** One question of a condition as people say it: 「動画を5本以上完了」. */
export function sentence(leaf: Leaf, locale: Locale): string {
  const t = say(locale)
  const bound = boundOf(leaf)
  if (bound !== undefined && isPlain(leaf, "watch.completed_count")) return t("rank.asks-videos", { count: bound })
  if (bound !== undefined && isPlain(leaf, "watch.seconds"))
    return t("rank.asks-time", { time: duration(bound, locale) })
  const said = sayLeaf({ ...leaf, value: null, met: false }, locale)
  return t("rank.asks", { question: said.question, wanted: said.wanted })
}

function requirement(leaf: ReasonLeaf, locale: Locale): Missing {
  const t = say(locale)
  const needed = boundOf(leaf)
  if (needed === undefined || needed <= 0) return { label: sentence(leaf, locale), toGo: null, met: leaf.met }
  const current = Math.max(0, Math.min(Number(leaf.value ?? 0), needed))
  const counted = { label: sayLeaf(leaf, locale).question, current, needed, met: leaf.met }
  if (leaf.fact === "watch.seconds") {
    const left = duration(Math.ceil((needed - current) / 60) * 60, locale)
    const count = t("rank.count", { current: duration(current, locale), needed: duration(needed, locale) })
    return { ...counted, count, toGo: leaf.met || !isPlain(leaf, "watch.seconds") ? null : t("rank.go-time", { left }) }
  }
  const isVideos = isPlain(leaf, "watch.completed_count")
  return {
    ...counted,
    toGo: leaf.met || !isVideos ? null : t("rank.go-videos", { count: Math.ceil(needed - current) }),
  }
}

/** The least number that satisfies a lower bound; nothing when the question is another. */
function boundOf({ is }: Leaf): number | undefined {
  if ("gte" in is && typeof is.gte === "number") return is.gte
  return "gt" in is && typeof is.gt === "number" ? Math.floor(is.gt) + 1 : undefined
}

function isPlain(leaf: Leaf, fact: string): boolean {
  return leaf.fact === fact && Object.values(leaf.with ?? {}).every((value) => value === undefined)
}
