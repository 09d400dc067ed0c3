import type { Locale, Say } from "../../../platform/words.ts"
import { either } from "../../formats.ts"
import type { RankMark } from "../../shapes/contacts.ts"
import type { Rule } from "../../shapes/videos.ts"

/** An access rule in words, e.g. 「シルバー以上で、公開から1か月以内なら見られます」. */
export function ruleSentence(
  rule: Rule,
  t: Say,
  locale: Locale,
  ranks: RankMark[],
  segments: { id: string; name: string }[],
  planName: (plan: string) => string,
): string {
  const parts: string[] = []
  if (rule.minimumRankId)
    parts.push(t("says.rank", { rank: either(ranks.find(({ id }) => id === rule.minimumRankId)?.name, locale) || "…" }))
  if (rule.plans) parts.push(t("says.plans", { plans: rule.plans.map(planName).join(locale === "ja" ? "・" : " or ") }))
  if (rule.segmentId)
    parts.push(t("says.segment", { segment: segments.find(({ id }) => id === rule.segmentId)?.name ?? "…" }))
  const who = rule.everyone
    ? t("says.everyone")
    : parts.length > 0
      ? t("says.members", { what: parts.join(t("says.and")) })
      : t("says.anyMember")
  return rule.window ? t(`says.${rule.window.kind}`, { who, months: rule.window.months }) : t("says.always", { who })
}
