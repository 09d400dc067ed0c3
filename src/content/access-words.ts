import { longDay } from "../platform/dates.ts"
import { type Locale, words } from "../platform/words.ts"
import type { Decision, Need } from "./access.ts"
import type { Catalogue } from "./catalogue.ts"

/** Says a decision in the reader's language: why it is closed, each way that would open it, and until when it is open. */
export function say(decision: Decision, catalogue: Pick<Catalogue, "ranks">, locale: Locale) {
  const t = texts(locale)
  const way = (needs: Need[]) => needs.map((need) => sentenceOf(need, catalogue, locale)).join(t("and"))
  return {
    why: decision.open ? "" : decision.why.length > 0 ? way(decision.why) : t("closed"),
    ways: decision.wouldOpen.map(way),
    until: decision.until ? t("until", { day: longDay(new Date(decision.until.getTime() - 1), locale) }) : "",
  }
}

/** 「あと3日」: how long something stays open, for cards; nothing when it is more than a month. */
export function daysLeft(until: Date | null, at: Date, locale: Locale): string {
  const days = until ? Math.ceil((until.getTime() - at.getTime()) / 86_400_000) : Infinity
  return days <= 31 ? texts(locale)("daysLeft", { days }) : ""
}

function sentenceOf(need: Need, catalogue: Pick<Catalogue, "ranks">, locale: Locale): string {
  const t = texts(locale)
  switch (need.kind) {
    case "membership":
      return t("membership")
    case "rank":
      return t("rank", { rank: catalogue.ranks.get(need.rankId)?.name[locale] ?? "" })
    case "plan":
      return t("plan", { plans: need.plans.join(t("or")) })
    case "segment":
      return t("segment")
    case "publication":
      return need.at ? t("publication", { day: longDay(need.at, locale) }) : t("unpublished")
    case "ended":
      return need.at ? t("ended", { day: longDay(new Date(need.at.getTime() - 1), locale) }) : t("archived")
  }
}

const texts = words(
  {
    and: "あわせて、",
    or: "・",
    closed: "この動画は公開の準備中です。",
    membership: "会員の方にご覧いただける動画です。",
    rank: "{rank}会員になるとご覧いただけます。",
    plan: "{plans}プランの方にご覧いただける動画です。",
    segment: "対象の方だけにご案内している動画です。",
    publication: "{day}に公開されます。",
    unpublished: "この動画は公開の準備中です。",
    ended: "ご覧いただける期間は{day}までで終わりました。",
    archived: "この動画の公開は終わりました。",
    until: "{day}までご覧いただけます。",
    daysLeft: "あと{days}日",
  },
  {
    and: " Also: ",
    or: " / ",
    closed: "This video is being prepared.",
    membership: "This video is for members.",
    rank: "It opens when you become a {rank} member.",
    plan: "This video is part of the plan {plans}.",
    segment: "This video is for people it was arranged for.",
    publication: "It opens on {day}.",
    unpublished: "This video is being prepared.",
    ended: "It could be watched until {day}.",
    archived: "This video is no longer offered.",
    until: "You can watch it until {day}.",
    daysLeft: "{days, plural, one {# day left} other {# days left}}",
  },
)
