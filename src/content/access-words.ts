import { sayValue } from "../crm/index.ts"
import { longDay } from "../platform/dates.ts"
import { type Locale, words } from "../platform/words.ts"
import type { Decision, Need, Rule } from "./access.ts"
import type { Catalogue } from "./catalogue.ts"

/** Says a decision in the reader's language: why it is closed, each way that would open it, and until when it is open. */
export function say(decision: Decision, catalogue: Pick<Catalogue, "ranks">, locale: Locale) {
  const t = texts(locale)
  const way = (needs: Need[]) => wayOf(needs, catalogue, locale)
  return {
    why: decision.open ? "" : decision.why.length > 0 ? way(decision.why) : t("closed"),
    ways: [...new Set(decision.wouldOpen.map(way))],
    until: decision.until ? t("until", { day: longDay(new Date(decision.until.getTime() - 1), locale) }) : "",
  }
}

/** What a rule asks for, for the staff: 「シルバー以上・公開から3か月以内」. */
export function sayRule(rule: Rule, catalogue: Pick<Catalogue, "ranks">, locale: Locale): string {
  const t = texts(locale)
  const rank = rule.minimumRank && catalogue.ranks.get(rule.minimumRank.id)?.name[locale]
  const who = [
    rank && t("rule.rank", { rank }),
    rule.plans && t("rule.plans", { plans: eitherOf(rule.plans, locale) }),
    rule.segmentId && t("rule.segment"),
  ].filter((part): part is string => Boolean(part))
  if (who.length === 0) who.push(t(rule.everyone ? "rule.everyone" : "rule.members"))
  if (rule.window) who.push(t(`rule.${rule.window.kind}`, { months: rule.window.months }))
  return who.join(locale === "ja" ? "・" : ", ")
}

/** 「あと3日」: how long something stays open, for cards; nothing when it is more than a month. */
export function daysLeft(until: Date | null, at: Date, locale: Locale): string {
  const days = until ? Math.ceil((until.getTime() - at.getTime()) / 86_400_000) : Infinity
  return days <= 31 ? texts(locale)("daysLeft", { days }) : ""
}

/** One way in one sentence. A rank or a plan takes a membership, so that alone is not asked for beside them. */
function wayOf(needs: Need[], catalogue: Pick<Catalogue, "ranks">, locale: Locale): string {
  const t = texts(locale)
  const need = <Kind extends Need["kind"]>(kind: Kind) =>
    needs.find((one): one is Extract<Need, { kind: Kind }> => one.kind === kind)
  const [published, ended] = [need("publication"), need("ended")]
  if (published) return published.at ? t("publication", { day: longDay(published.at, locale) }) : t("unpublished")
  if (ended) return ended.at ? t("ended", { day: longDay(new Date(ended.at.getTime() - 1), locale) }) : t("archived")
  const [rank, plan] = [need("rank"), need("plan")]
  const asked = [rank && "rank", plan && "plan", need("segment") && "segment"].filter(Boolean).join("-")
  return t(asked || "membership", {
    rank: rank ? (catalogue.ranks.get(rank.rankId)?.name[locale] ?? "") : "",
    plans: plan ? eitherOf(plan.plans, locale) : "",
  })
}

/** スタンダードまたはプレミアム · Standard or Premium */
function eitherOf(plans: string[], locale: Locale): string {
  const names = plans.map((plan) => sayValue("plan", plan, locale))
  return (names.length > 1 ? either[locale].format(names) : names[0]) ?? ""
}

const either = {
  ja: new Intl.ListFormat("ja", { type: "disjunction" }),
  en: new Intl.ListFormat("en-GB", { type: "disjunction" }),
}

const texts = words(
  {
    closed: "この動画は公開の準備中です。",
    membership: "会員の方にご覧いただける動画です。",
    rank: "{rank}会員になるとご覧いただけます。",
    plan: "{plans}プランの方にご覧いただける動画です。",
    segment: "対象の方だけにご案内している動画です。",
    "rank-plan": "{plans}プランの方が{rank}会員になるとご覧いただけます。",
    "rank-segment": "対象の方が{rank}会員になるとご覧いただけます。",
    "plan-segment": "対象の方のうち、{plans}プランの方にご覧いただける動画です。",
    "rank-plan-segment": "対象の方のうち、{plans}プランの方が{rank}会員になるとご覧いただけます。",
    publication: "{day}に公開されます。",
    unpublished: "この動画は公開の準備中です。",
    ended: "ご覧いただける期間は{day}までで終わりました。",
    archived: "この動画の公開は終わりました。",
    until: "{day}までご覧いただけます。",
    daysLeft: "あと{days}日",
    "rule.everyone": "どなたでも",
    "rule.members": "会員",
    "rule.rank": "{rank}以上",
    "rule.plans": "{plans}プラン",
    "rule.segment": "対象のセグメント",
    "rule.rolling": "公開から{months}か月以内",
    "rule.from-join": "入会の{months}か月前より後に公開",
    "rule.for-join": "入会から{months}か月以内",
  },
  {
    closed: "This video is being prepared.",
    membership: "This video is for members.",
    rank: "It opens when you become a {rank} member.",
    plan: "This video is part of the {plans} plan.",
    segment: "This video is for people it was arranged for.",
    "rank-plan": "It opens when you become a {rank} member on the {plans} plan.",
    "rank-segment": "It opens to people it was arranged for when they become {rank} members.",
    "plan-segment": "This video is for people it was arranged for on the {plans} plan.",
    "rank-plan-segment": "It opens to people it was arranged for on the {plans} plan when they become {rank} members.",
    publication: "It opens on {day}.",
    unpublished: "This video is being prepared.",
    ended: "It could be watched until {day}.",
    archived: "This video is no longer offered.",
    until: "You can watch it until {day}.",
    daysLeft: "{days, plural, one {# day left} other {# days left}}",
    "rule.everyone": "everyone",
    "rule.members": "members",
    "rule.rank": "{rank} or above",
    "rule.plans": "{plans} plan",
    "rule.segment": "the chosen segment",
    "rule.rolling": "{months, plural, one {published within # month} other {published within # months}}",
    "rule.from-join":
      "{months, plural, one {published after # month before joining} other {published after # months before joining}}",
    "rule.for-join": "{months, plural, one {within # month of joining} other {within # months of joining}}",
  },
)
