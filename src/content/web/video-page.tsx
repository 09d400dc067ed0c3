import { createElement } from "react"
import { clockLength, duration } from "../../platform/dates.ts"
import type { Locale } from "../../platform/words.ts"
import { LinkButton, Notice, Phrases, Poster, Tag, VideoCard, VideoGrid, WatchStrip } from "../../ui/index.ts"
import { type Decision, decide, type Standing } from "../access.ts"
import { daysLeft, say as sayAccess } from "../access-words.ts"
import type { Catalogue, CatalogueVideo } from "../catalogue.ts"
import { type Recommendation, sentence } from "../recommendations.ts"
import { ofMultirange } from "../ranges.ts"
import type { Watched } from "../standings.ts"
import { isOffered, Videos } from "./list-page.tsx"
import { posterOf } from "./media.ts"
import { playerStyle } from "./player-style.ts"
import { say } from "./words.ts"

type Props = {
  video: CatalogueVideo
  decision: Decision
  shelf: Catalogue
  standing: Standing
  watched: ReadonlyMap<string, Watched>
  at: Date
  locale: Locale
}

/** A video that is open: the player, what the reader has watched, the course, what to watch next. */
export function OpenVideo(
  props: Props & {
    url: string
    expiresAt: Date
    captionsUrl: string | null
    play: string | null
    next: Recommendation[]
  },
) {
  const { video, decision, shelf, watched, at, locale } = props
  const t = say(locale)
  const course = video.courseId ? shelf.courseById.get(video.courseId) : undefined
  const steps = course?.videos ?? []
  const decisions = new Map(steps.map((step) => [step.id, decide(step, props.standing, at)]))
  const siblings = steps.filter((step) => isOffered(step, decisions.get(step.id)!, props))
  const until = daysLeft(decision.until, at, locale)
  return (
    <article className="watch">
      <style>{playerStyle}</style>
      <Player {...props} />
      <header>
        {course && (
          <p className="hero__eyebrow">
            <a className="link" href={`/courses#${course.slug}`}>
              {course.title}
            </a>
            {video.coursePosition ? `${t("joint")}${t("card.step", { step: video.coursePosition })}` : ""}
          </p>
        )}
        <h1>
          <Phrases text={video.title} />
        </h1>
        <p className="watch__meta">
          <span className="num">{clockLength(video.duration)}</span>
          {until && (
            <Tag tone="caution">
              <span title={sayAccess(decision, shelf, locale).until}>{until}</span>
            </Tag>
          )}
          {video.tags.map((tag) => (
            <Tag key={tag}>{tag}</Tag>
          ))}
        </p>
        {props.play && <Progress video={video} seen={watched.get(video.id)} locale={locale} />}
      </header>
      {video.description && <p className="watch__text">{video.description}</p>}
      {props.next.length > 0 && (
        <section>
          <h2>{t("video.next")}</h2>
          <VideoGrid>
            {props.next.map(({ video: one, why }) => (
              <VideoCard
                key={one.id}
                href={`/videos/${one.slug}`}
                title={one.title}
                seed={one.id}
                picture={posterOf(one)}
                artwork={one.artwork}
                durationSeconds={one.duration}
                why={sentence(afterThis(why, video, watched.get(video.id)), locale)}
              />
            ))}
          </VideoGrid>
        </section>
      )}
      {siblings.length > 1 && (
        <section>
          <h2>{t("video.course")}</h2>
          <Videos
            videos={siblings}
            decisions={decisions}
            shelf={shelf}
            watched={watched}
            at={at}
            locale={locale}
            current={video.id}
          />
        </section>
      )}
    </article>
  )
}

/** What follows the video shown is suggested as if that one were complete; the reason does not claim it is. */
function afterThis(why: Recommendation["why"], video: CatalogueVideo, seen: Watched | undefined) {
  return why.key === "path" && why.after === video.title && !seen?.completedAt ? { ...why, after: "" } : why
}

function Player({
  video,
  url,
  expiresAt,
  captionsUrl,
  play,
  watched,
  at,
  locale,
}: Props & Parameters<typeof OpenVideo>[0]) {
  const t = say(locale)
  const seen = watched.get(video.id)
  const from = seen && seen.position > 0 && seen.position < video.duration - 3 ? seen.position : 0
  const track = captionsUrl && (
    <track kind="captions" srcLang="ja" label={t("video.captions")} src={captionsUrl} default />
  )
  const media = (
    // biome-ignore lint/a11y/useMediaCaption: where there are captions they are given
    <video
      slot="media"
      src={from > 0 ? `${url}#t=${from}` : url}
      poster={posterOf(video) ?? undefined}
      preload="metadata"
      controls
      playsInline
      aria-label={video.title}
    >
      {track}
    </video>
  )
  const line = createElement("media-control-bar", { class: "player__line" }, createElement("media-time-range", {}))
  const bar = createElement(
    "media-control-bar",
    {},
    createElement("media-play-button", {}),
    createElement("media-seek-backward-button", { seekoffset: "10" }),
    createElement("media-seek-forward-button", { seekoffset: "10" }),
    createElement("media-mute-button", {}),
    createElement("media-volume-range", {}),
    createElement("media-time-display", { showduration: "", notoggle: "" }),
    createElement("span", { className: "player__gap" }),
    createElement("media-playback-rate-button", { rates: "0.75 1 1.25 1.5 1.75 2" }),
    captionsUrl && createElement("media-captions-button", {}),
    createElement("media-fullscreen-button", {}),
  )
  return (
    <div
      className="player"
      data-player={video.slug}
      data-play={play ?? undefined}
      data-expires={expiresAt.getTime() - at.getTime()}
      data-duration={video.duration}
      data-ranges={JSON.stringify(seen?.completedAt ? [[0, video.duration]] : ofMultirange(seen?.coverage ?? ""))}
      data-words={JSON.stringify({
        saved: t("video.saved"),
        unsaved: t("video.unsaved"),
        completed: t("video.completedNow"),
        away: t("video.away"),
        watched: t("video.watched", { percent: "#" }),
        complete: t("video.complete"),
      })}
    >
      {createElement("media-controller", { lang: locale }, media, line, bar)}
      <noscript>
        <Notice tone="caution">{t("video.noscript")}</Notice>
      </noscript>
      <p className="player__note" role="status" data-note="" />
    </div>
  )
}

function Progress({ video, seen, locale }: { video: CatalogueVideo; seen: Watched | undefined; locale: Locale }) {
  const t = say(locale)
  const complete = Boolean(seen?.completedAt)
  const percent = Math.min(100, Math.floor(((seen?.seconds ?? 0) / video.duration) * 100))
  return (
    <div className="watch__progress" data-progress="">
      <WatchStrip
        ranges={complete ? [[0, video.duration]] : ofMultirange(seen?.coverage ?? "")}
        duration={video.duration}
        complete={complete}
      />
      <p className="watch__meta num">
        <span>{t("video.strip")}</span>
        <span data-percent="">{complete ? t("video.complete") : t("video.watched", { percent: String(percent) })}</span>
      </p>
    </div>
  )
}

/** A video that is closed to the reader: why, and what would open it. */
export function ClosedVideo({ video, decision, shelf, locale, visitor }: Props & { visitor: boolean }) {
  const t = say(locale)
  const spoken = sayAccess(decision, shelf, locale)
  const needs = new Set(decision.wouldOpen.flat().map((need) => need.kind))
  return (
    <article className="watch">
      <style>{playerStyle}</style>
      <Poster
        seed={video.id}
        picture={posterOf(video)}
        artwork={video.artwork}
        durationSeconds={video.duration}
        closed
        eager
      />
      <header>
        <h1>
          <Phrases text={video.title} />
        </h1>
        <p className="watch__meta num">{duration(video.duration, locale)}</p>
      </header>
      <Notice tone="caution" title={t("closed.title")}>
        {spoken.ways.length === 0 && <p>{spoken.why}</p>}
        {spoken.ways.length > 1 && <p>{t("closed.any")}</p>}
        {spoken.ways.length > 0 && (
          <ul className="notice__list" aria-label={t("closed.ways")}>
            {spoken.ways.map((way) => (
              <li key={way}>{way}</li>
            ))}
          </ul>
        )}
      </Notice>
      {video.description && <p className="watch__text">{video.description}</p>}
      <p className="actions">
        {visitor && needs.size > 0 && (
          <LinkButton href={`/sign-in?next=/videos/${video.slug}`} primary children={t("closed.signIn")} />
        )}
        {visitor && needs.size > 0 && <LinkButton href="/sign-up" children={t("closed.signUp")} />}
        {!visitor && needs.has("rank") && <LinkButton href="/rank" primary children={t("closed.rank")} />}
        {!visitor && needs.has("plan") && <LinkButton href="/account" children={t("closed.account")} />}
        <LinkButton href="/courses" children={t("closed.list")} />
      </p>
    </article>
  )
}
