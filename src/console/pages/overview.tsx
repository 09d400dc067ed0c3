import type { CSSProperties } from "react"
import { Link } from "react-router"
import { query } from "../api.ts"
import { either, number, percent, time } from "../formats.ts"
import { useLocale, useSay } from "../locale.tsx"
import { DayChart } from "../parts/charts.tsx"
import { Figures } from "../parts/figures.tsx"
import { Head, Section } from "../parts/head.tsx"
import { Empty, Failed, Loading } from "../parts/states.tsx"
import { RankDot } from "../parts/tags.tsx"
import { useThing } from "../queries.ts"
import type { Words } from "../shapes/words.ts"
import { say } from "../words/overview-words.ts"

type Report = {
  generatedAt: string
  contacts: number
  members: number
  active7: number
  active30: number
  minutesByDay: { day: string; minutes: number }[]
  joinedByDay: { day: string; count: number }[]
  ranks: { id: string; name: Words; colour: string; count: number }[]
  mails: { sent: number; queued: number; suppressed: number; failed: number; uncertain: number }
  topVideos: { id: string; title: string; watchers: number; completed: number; watchersEver: number }[]
  topVideosDays: number
  waiting: { contacts: number; mails: number }
}

export default function Overview() {
  const t = useSay(say)
  const report = useThing<{ data: Report }>("/api/reports/overview", {}, 30)
  if (report.error && !report.data) return <Failed error={report.error} retry={() => void report.refetch()} />
  if (!report.data) return <Loading />
  const { data } = report.data
  const minutes = data.minutesByDay.reduce((sum, day) => sum + day.minutes, 0)
  const joined = data.joinedByDay.reduce((sum, day) => sum + day.count, 0)
  return (
    <>
      <Head
        title={t("title")}
        lead={`${t("as", { time: time(data.generatedAt) })} ${t(data.waiting.contacts > 0 ? "waiting" : "settled", { count: data.waiting.contacts })}`}
      />
      {data.contacts === 0 && (
        <Empty title={t("empty.title")}>
          <ol className="prose">
            <li>
              1. <Link to="/settings/site">{t("empty.site")}</Link>
            </li>
            <li>
              2. <Link to="/settings/sender">{t("empty.sender")}</Link>
            </li>
            <li>
              3. <Link to="/videos">{t("empty.videos")}</Link>
            </li>
            <li>
              4. <Link to="/ranks">{t("empty.ranks")}</Link>
            </li>
          </ol>
        </Empty>
      )}
      <Figures
        large
        figures={[
          {
            label: t("members"),
            value: number(data.members),
            unit: t("people"),
            note: t("ofContacts", { count: data.contacts }),
            to: "/contacts",
          },
          {
            label: t("active7"),
            value: number(data.active7),
            unit: t("people"),
            note: share(data.active7, data.members, t),
            to: behind(t("active7"), { fact: "watch.last_days", is: { lt: 7 } }),
          },
          {
            label: t("active30"),
            value: number(data.active30),
            unit: t("people"),
            note: share(data.active30, data.members, t),
            to: behind(t("active30"), { fact: "watch.last_days", is: { lt: 30 } }),
          },
          {
            label: t("joined"),
            value: number(joined),
            unit: t("people"),
            note: t("joinedNote", { days: data.joinedByDay.length }),
            to: behind(t("joined"), { fact: "member.days_since_joined", is: { lt: data.joinedByDay.length } }),
          },
          {
            label: t("watched"),
            value: number(minutes / 60, minutes < 600 ? 1 : 0),
            unit: t("hours"),
            note: t("inDays", { days: data.minutesByDay.length }),
            to: behind(t("watched"), { fact: "watch.seconds", with: { within: "P30D" }, is: { gte: 1 } }),
          },
        ]}
      />
      <div className="dash">
        <Section title={t("minutesByDay")}>
          <DayChart
            points={data.minutesByDay.map(({ day, minutes: value }) => ({ day, value }))}
            unit={t("unit.minutes")}
            label={t("minutesByDay")}
          />
        </Section>
        <Section title={t("joinedByDay")} note={t("joinedByDayNote")}>
          <DayChart
            points={data.joinedByDay.map(({ day, count: value }) => ({ day, value }))}
            unit={t("unit.people")}
            label={t("joinedByDay")}
          />
        </Section>
        <Section
          title={t("ranks")}
          side={
            <Link to="/ranks" className="link">
              {t("openRanks")}
            </Link>
          }
        >
          <RankLadder ranks={data.ranks} />
        </Section>
        <Section
          title={t("mails")}
          side={
            <Link to="/deliveries" className="link">
              {t("openMails")}
            </Link>
          }
        >
          <MailFates mails={data.mails} />
        </Section>
        <div className="is-wide">
          <Section
            title={t("topVideos", { days: data.topVideosDays })}
            note={t("topVideosNote")}
            side={
              <Link to="/videos" className="link">
                {t("openVideos")}
              </Link>
            }
          >
            <TopVideos videos={data.topVideos} days={data.topVideosDays} />
          </Section>
        </div>
      </div>
    </>
  )
}

/** The people behind a figure, as a segment that could be kept. */
function behind(name: string, definition: object): string {
  return `/segments/new${query({ name, definition: JSON.stringify(definition) })}`
}

function share(part: number, whole: number, t: (key: string, values?: Record<string, string>) => string): string {
  return t("ofMembers", { share: percent(part / Math.max(1, whole)) })
}

function RankLadder({ ranks }: { ranks: Report["ranks"] }) {
  const t = useSay(say)
  const { locale } = useLocale()
  const top = Math.max(1, ...ranks.map(({ count }) => count))
  return (
    <div className="ladder">
      {ranks.toReversed().map(({ id, name, colour, count }) => (
        <Link key={id} to={`/contacts?rank=${id}`} style={{ "--rank": colour } as CSSProperties}>
          <span className="ladder__name">
            <RankDot colour={colour} />
            {either(name, locale)}
          </span>
          <i className="bar" style={{ width: `${(count / top) * 100}%` }} />
          <span className="num">
            {number(count)}
            {t("people")}
          </span>
        </Link>
      ))}
    </div>
  )
}

function MailFates({ mails }: { mails: Report["mails"] }) {
  const t = useSay(say)
  return (
    <Figures
      figures={(["sent", "queued", "suppressed", "failed", "uncertain"] as const).map((fate) => ({
        label: t(`fate.${fate}`),
        value: number(mails[fate] ?? 0),
        unit: t("mailsUnit"),
        to: `/deliveries?state=${fate}`,
      }))}
    />
  )
}

function TopVideos({ videos, days }: { videos: Report["topVideos"]; days: number }) {
  const t = useSay(say)
  if (videos.length === 0) return <p className="quiet">{t("noVideos")}</p>
  return (
    <table className="list">
      <thead>
        <tr>
          <th>{t("video")}</th>
          <th className="is-end">{t("watchers", { days })}</th>
          <th className="is-end">{t("completed")}</th>
          <th className="is-end">{t("watchersEver")}</th>
        </tr>
      </thead>
      <tbody>
        {videos.map((video) => (
          <tr key={video.id}>
            <td>
              <Link className="list__name" to={`/videos/${video.id}?tab=viewers`}>
                {video.title}
              </Link>
            </td>
            <td className="is-end is-tight">{number(video.watchers)}</td>
            <td className="is-end is-tight">
              {number(video.completed)}{" "}
              <span className="quiet">{percent(video.completed / Math.max(1, video.watchers))}</span>
            </td>
            <td className="is-end is-tight">{number(video.watchersEver)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
