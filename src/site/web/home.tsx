import { duration } from "../../platform/dates.ts"
import type { Locale, Say } from "../../platform/words.ts"
import {
  Empty,
  languageOf,
  LinkButton,
  Notice,
  Panel,
  Phrases,
  Poster,
  VideoCard,
  VideoGrid,
  VideoRow,
  WatchStrip,
} from "../../ui/index.ts"
import type { HomeProps, ShownVideo } from "../shapes.ts"
import { say } from "../words.ts"
import { daysBetween, when } from "./moments.ts"
import { RankPanel } from "./rank-parts.tsx"
import { WeekPanel } from "./week.tsx"

/** The member's home: what shall I do next? */
export function Home({ props, locale }: { props: HomeProps; locale: Locale }) {
  const t = say(locale)
  const { started, next, now } = props
  const [hero, ...rest] = started
  const alone = hero ? undefined : next[0]
  const listed = alone ? next.slice(1) : next
  return (
    <div className="home">
      <h1 className="unseen">{t("home.title")}</h1>
      <div className="home__main">
        {props.suspended && (
          <Notice tone="caution" title={t("home.suspended")}>
            {t("home.suspended-text")}
          </Notice>
        )}
        {hero && <Resume video={hero} now={now} locale={locale} t={t} />}
        {alone && <First video={alone} fresh={props.completedCount === 0} locale={locale} t={t} />}
        {!hero && !alone && !props.suspended && <AllSeen count={props.completedCount} t={t} />}
        {rest.length > 0 && (
          <section>
            <h2 className="home__title">{t("home.also")}</h2>
            <ul className="rows">
              {rest.slice(0, 3).map((video) => (
                <VideoRow
                  key={video.id}
                  {...posterOf(video)}
                  href={video.href}
                  title={video.title}
                  watched={{ ranges: video.ranges, complete: false }}
                  meta={t("home.resume-left", { left: left(video, locale) })}
                  aside={when(video.lastAt, now, locale)}
                />
              ))}
            </ul>
          </section>
        )}
        {listed.length > 0 && (
          <section>
            <h2 className="home__title">
              {t("home.next")}
              <a className="link" href="/courses">
                {t("home.next-all")}
              </a>
            </h2>
            <VideoGrid>
              {listed.map((video) => (
                <VideoCard
                  key={video.id}
                  seed={video.id}
                  picture={video.picture}
                  artwork={video.artwork}
                  durationSeconds={video.durationSeconds}
                  href={video.href}
                  title={video.title}
                  meta={video.meta}
                  why={video.why}
                />
              ))}
            </VideoGrid>
          </section>
        )}
      </div>
      <aside className="home__side">
        {props.rank && <RankPanel rank={props.rank} locale={locale} link="/rank" />}
        <WeekPanel week={props.week} locale={locale} />
        {props.closing.length > 0 && (
          <Panel title={t("home.closing")}>
            <ul className="soon">
              {props.closing.map((video) => (
                <li key={video.id}>
                  <a href={video.href}>
                    <span lang={languageOf(video.title)}>{video.title}</span>
                    <em className="num">{daysLeft(video.closesAt, now, t)}</em>
                  </a>
                </li>
              ))}
            </ul>
          </Panel>
        )}
      </aside>
    </div>
  )
}

function Resume({ video, now, locale, t }: { video: HomeProps["started"][number]; now: Date; locale: Locale; t: Say }) {
  return (
    <section className="hero">
      <a href={video.href} tabIndex={-1} aria-hidden>
        <Poster {...posterOf(video)} playable eager />
      </a>
      <div>
        <p className="hero__eyebrow num">{t("home.resume-when", { when: when(video.lastAt, now, locale) })}</p>
        <h2 className="hero__title">
          <a href={video.href} lang={languageOf(video.title)}>
            <Phrases text={video.title} />
          </a>
        </h2>
        {video.course && <p className="hero__lead">{video.course}</p>}
        <WatchStrip ranges={video.ranges} duration={video.durationSeconds} locale={locale} />
        <p className="hero__meta num">
          <span>{t("home.resume-from", { at: duration(video.positionSeconds, locale) })}</span>
          <span>{t("home.resume-left", { left: left(video, locale) })}</span>
        </p>
        <LinkButton href={video.href} primary wide children={t("home.resume-play")} />
      </div>
    </section>
  )
}

function First({ video, fresh, t }: { video: HomeProps["next"][number]; fresh: boolean; locale: Locale; t: Say }) {
  return (
    <section className="hero">
      <a href={video.href} tabIndex={-1} aria-hidden>
        <Poster {...posterOf(video)} playable eager />
      </a>
      <div>
        <p className="hero__eyebrow">{t(fresh ? "home.first" : "home.following")}</p>
        <h2 className="hero__title">
          <a href={video.href} lang={languageOf(video.title)}>
            <Phrases text={video.title} />
          </a>
        </h2>
        <p className="hero__lead">{fresh ? t("home.first-lead") : video.why}</p>
        <LinkButton href={video.href} primary wide children={t(fresh ? "home.first-play" : "home.following-play")} />
      </div>
    </section>
  )
}

function AllSeen({ count, t }: { count: number; t: Say }) {
  return count > 0 ? (
    <Empty title={t("home.finished")} action={{ href: "/history", label: t("home.finished-action") }}>
      {t("home.finished-text", { count })}
    </Empty>
  ) : (
    <Empty title={t("home.nothing")} action={{ href: "/courses", label: t("home.nothing-action") }}>
      {t("home.nothing-text")}
    </Empty>
  )
}

function posterOf({ id, picture, artwork, durationSeconds }: ShownVideo) {
  return { seed: id, picture, artwork, durationSeconds }
}

function left(video: HomeProps["started"][number], locale: Locale): string {
  return duration(Math.max(0, video.durationSeconds - video.positionSeconds), locale)
}

function daysLeft(closesAt: Date, now: Date, t: Say): string {
  const days = daysBetween(now, closesAt)
  return days < 1 ? t("home.closing-today") : t("home.closing-days", { days })
}
