import { duration } from "../../platform/dates.ts"
import type { Locale, Say } from "../../platform/words.ts"
import { Empty, Pager, Panel, Tag, VideoRow } from "../../ui/index.ts"
import type { HistoryProps, Shown, WatchedVideo } from "../shapes.ts"
import { watchTime } from "../times.ts"
import { say } from "../words.ts"
import { when } from "./moments.ts"
import { RecordTabs } from "./tabs.tsx"
import { WeekPanel } from "./week.tsx"

/** What the member has watched: figures, the week, every video with its strip. */
export function HistoryPage({ props, locale }: { props: HistoryProps; locale: Locale }) {
  const t = say(locale)
  const { counts, shown } = props
  return (
    <>
      <RecordTabs at="watched" locale={locale} />
      <div className="record">
        <Panel title={t("history.list")} aside={counts.all > 0 && <Filter shown={shown} counts={counts} t={t} />}>
          {props.videos.length === 0 ? (
            <Nothing shown={counts.all === 0 ? "all" : shown} t={t} />
          ) : (
            <ul className="rows rows--flush">
              {props.videos.map((video) => (
                <VideoRow
                  key={video.id}
                  seed={video.id}
                  picture={video.picture}
                  artwork={video.artwork}
                  durationSeconds={video.durationSeconds}
                  href={video.href}
                  title={video.title}
                  watched={{ ranges: video.ranges, complete: video.completedAt !== null }}
                  meta={video.completedAt ? when(video.completedAt, props.now, locale) : progress(video, locale, t)}
                  aside={
                    video.completedAt ? (
                      <Tag tone="good">{t("history.done")}</Tag>
                    ) : (
                      t("history.last", { when: when(video.lastAt, props.now, locale) })
                    )
                  }
                />
              ))}
            </ul>
          )}
          <Pager more={props.more} first={props.first} />
        </Panel>
        <div className="stack record__side">
          <dl className="figures num">
            <Figure name={t("history.completed")} text={`${counts.completed}${t("unit.videos")}`} />
            <Figure name={t("history.seconds")} text={watchTime(props.totalSeconds, locale)} />
            <Figure name={t("history.days")} text={`${props.days}${t("unit.days")}`} />
          </dl>
          <WeekPanel week={props.week} locale={locale} />
        </div>
      </div>
    </>
  )
}

function Filter({ shown, counts, t }: { shown: Shown; counts: Record<Shown, number>; t: Say }) {
  return (
    <nav className="filter num" aria-label={t("history.filter")}>
      {(["all", "started", "completed"] as const).map((one) => (
        <a
          key={one}
          href={one === "all" ? "/history" : `/history?show=${one}`}
          aria-current={one === shown ? "page" : undefined}
        >
          {t(`history.filter-${one}`, { count: counts[one] })}
        </a>
      ))}
    </nav>
  )
}

function Nothing({ shown, t }: { shown: Shown; t: Say }) {
  if (shown === "started") return <Empty title={t("history.empty-started")} />
  if (shown === "completed")
    return <Empty title={t("history.empty-completed")}>{t("history.empty-completed-text")}</Empty>
  return (
    <Empty title={t("history.empty")} action={{ href: "/", label: t("history.empty-action") }}>
      {t("history.empty-text")}
    </Empty>
  )
}

/** A figure with its unit; the digits are large. */
function Figure({ name, text }: { name: string; text: string }) {
  const parts = text.split(/(\d[\d,]*)/)
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {parts.map((part, index) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one figure never move
          index % 2 === 1 ? <b key={index}>{part}</b> : part,
        )}
      </dd>
    </div>
  )
}

function progress(video: WatchedVideo, locale: Locale, t: Say): string {
  const percent = Math.min(99, Math.floor((video.seconds / Math.max(1, video.durationSeconds)) * 100))
  return t("history.part", { percent, left: duration(Math.max(0, video.durationSeconds - video.seconds), locale) })
}
