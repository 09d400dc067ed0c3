import type { ReactNode } from "react"
import { Link } from "react-router"
import type { Locale, Say } from "../../../platform/words.ts"
import { duration, either, percent, time } from "../../formats.ts"
import { useLocale, useSay } from "../../locale.tsx"
import { Because } from "../../parts/reasons.tsx"
import { Strip } from "../../parts/strip.tsx"
import { useAll } from "../../queries.ts"
import { useCan } from "../../session.tsx"
import type { Entry, RankMark } from "../../shapes/contacts.ts"
import { say } from "../../words/contact-words.ts"

/** One line of the timeline, said as a sentence. */
export function EntryLine({ entry }: { entry: Entry }) {
  const t = useSay(say)
  const { locale } = useLocale()
  const names = useNames(entry)
  const warn = /failed|withdrew|refused|suppressed|fell|bounced/.test(entry.name)
  return (
    <div className={`entry entry--${warn ? "warn" : entry.kind}`}>
      <time dateTime={entry.at}>{time(entry.at)}</time>
      <span className="dot" />
      <div>
        <p>{sentence(entry, t, locale, names)}</p>
        {entry.video && <Watched entry={entry} />}
        {entry.reason !== undefined && <Because reason={entry.reason} lead={names.scenario} />}
      </div>
    </div>
  )
}

type Names = { rank?: string; segment?: string; scenario?: string }

function useNames({ name, properties }: Entry): Names {
  const { locale } = useLocale()
  const [mayRanks, maySegments, mayScenarios] = [
    useCan("ranks:read"),
    useCan("segments:read"),
    useCan("scenarios:read"),
  ]
  const ranks = useAll<RankMark>(mayRanks && name.startsWith("rank.") ? "/api/ranks" : null)
  const segments = useAll<{ id: string; name: string }>(
    maySegments && name.startsWith("segment.") ? "/api/segments" : null,
  )
  const scenarios = useAll<{ id: string; name: string }>(
    mayScenarios && properties.scenarioId ? "/api/scenarios" : null,
  )
  const of = <T extends { id: string }>(list: T[] | undefined, id: unknown) => list?.find((one) => one.id === id)
  return {
    rank: either(of(ranks.data, properties.rankId)?.name, locale) || undefined,
    segment: of(segments.data, properties.segmentId)?.name,
    scenario: of(scenarios.data, properties.scenarioId)?.name,
  }
}

function sentence(entry: Entry, t: Say, locale: Locale, names: Names): ReactNode {
  const { name, properties, video, label } = entry
  const text = (key: string) => (typeof properties[key] === "string" ? (properties[key] as string) : "")
  const told = either(label, locale)
  if (video) {
    const whole = video.watched?.seconds ?? video.seconds
    const title = <Link to={`/videos/${video.id}?tab=viewers`}>{video.title ?? t("goneVideo")}</Link>
    if (name === "video.completed")
      return (
        <>
          {t("quote.open")}
          {title}
          {t("quote.completed")}{" "}
          {typeof properties.coverage === "number" && <small className="num">{percent(properties.coverage)}</small>}
        </>
      )
    return (
      <>
        {t("quote.open")}
        {title}
        {t("quote.watched")}{" "}
        <small className="num">
          {video.durationSeconds ? `${percent(Math.min(1, whole / video.durationSeconds))} ・ ` : ""}
          {duration(video.seconds, locale)}
        </small>
      </>
    )
  }
  if (name.startsWith("mail.")) {
    const subject = text("subject")
    const id = text("deliveryId")
    return (
      <>
        {subject ? t("mail.quoted", { subject }) : t("mail.plain")} {told.replace(/^メール(を|の)?/, "")}{" "}
        {text("why") && <small>{text("why")}</small>} {id && <MailLink id={id} />}
      </>
    )
  }
  if (name.startsWith("rank."))
    return names.rank ? (
      <>
        {told}: <b>{names.rank}</b>
      </>
    ) : (
      told
    )
  if (name.startsWith("segment."))
    return (
      <>
        {told}{" "}
        {names.segment && <Link to={`/segments/${text("segmentId")}`}>{t("bracketed", { text: names.segment })}</Link>}
      </>
    )
  if (name.startsWith("scenario."))
    return (
      <>
        {told}{" "}
        {names.scenario && !entry.reason && (
          <Link to={`/scenarios/${text("scenarioId")}`}>{t("bracketed", { text: names.scenario })}</Link>
        )}
      </>
    )
  const detail = text("title") || text("path") || text("text") || text("href") || purpose(text("purpose"), t)
  const stayed =
    name === "page.viewed" && typeof properties.seconds === "number" ? duration(properties.seconds, locale) : ""
  const rest = detail ? [detail, stayed].filter(Boolean).join(" ・ ") : plain(properties)
  return (
    <>
      {told} {rest && <small>{rest}</small>}
    </>
  )
}

function MailLink({ id }: { id: string }) {
  const t = useSay(say)
  return useCan("deliveries:read") ? (
    <Link className="link" to={`/deliveries/${id}`}>
      <small>{t("mail.open")}</small>
    </Link>
  ) : null
}

function Watched({ entry: { video, name } }: { entry: Entry }) {
  if (!video?.durationSeconds) return null
  const complete = name === "video.completed" || video.complete === true
  const ranges = complete && video.watched ? video.watched.ranges : video.ranges
  return <Strip ranges={ranges} duration={video.durationSeconds} complete={complete} />
}

function purpose(name: string, t: Say): string {
  if (name === "advertising-mail") return t("purpose.advertising")
  return name === "terms" ? t("purpose.terms") : name
}

/** Other systems' properties, shortly. */
function plain(properties: Record<string, unknown>): string {
  return Object.entries(properties)
    .map(([key, value]) => [key, typeof value === "object" ? "" : JSON.stringify(value).replaceAll('"', "")] as const)
    .filter(([, value]) => value && !/^[0-9a-f-]{36}$/.test(value))
    .slice(0, 4)
    .map(([key, value]) => `${key}: ${value}`)
    .join(" ・ ")
}
