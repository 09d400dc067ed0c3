import { duration } from "../../platform/dates.ts"
import type { Locale } from "../../platform/words.ts"
import { Empty, VideoCard, VideoGrid } from "../../ui/index.ts"
import { type Decision, decide, type Standing } from "../access.ts"
import { daysLeft, say as sayAccess } from "../access-words.ts"
import type { Catalogue, CatalogueVideo } from "../catalogue.ts"
import { ofMultirange } from "../ranges.ts"
import type { Watched } from "../standings.ts"
import { posterOf } from "./media.ts"
import { playerStyle } from "./player-style.ts"
import { say } from "./words.ts"

type Props = { shelf: Catalogue; standing: Standing; watched: ReadonlyMap<string, Watched>; at: Date; locale: Locale }

/** Every course and video that is offered; closed ones say what would open them. */
export function CourseList(props: Props) {
  const { shelf, locale } = props
  const t = say(locale)
  const shown = new Map(shelf.videos.map((video) => [video.id, decide(video, props.standing, props.at)]))
  const offered = (video: CatalogueVideo) => isOffered(video, shown.get(video.id)!, props)
  const courses = shelf.courses
    .map((course) => ({ course, videos: course.videos.filter(offered) }))
    .filter(({ videos }) => videos.length > 0)
  const others = shelf.videos.filter(
    (video) => !(video.courseId && shelf.courseById.has(video.courseId)) && offered(video),
  )
  return (
    <div className="catalogue">
      <style>{playerStyle}</style>
      <h1>{t("list.title")}</h1>
      {courses.length + others.length === 0 && <Empty title={t("list.empty")}>{t("list.empty.text")}</Empty>}
      {courses.map(({ course, videos }) => (
        <section key={course.id} className="panel" id={course.slug}>
          <div className="panel__head">
            <h2>{course.title}</h2>
            <span className="panel__aside num">
              {props.standing.active
                ? t("list.progress", {
                    done: videos.filter((video) => props.watched.get(video.id)?.completedAt).length,
                    count: videos.length,
                  })
                : t("list.steps", {
                    count: videos.length,
                    length: duration(
                      videos.reduce((sum, video) => sum + video.duration, 0),
                      locale,
                    ),
                  })}
            </span>
          </div>
          {course.description && <p className="catalogue__text">{course.description}</p>}
          <Videos videos={videos} decisions={shown} {...props} />
        </section>
      ))}
      {others.length > 0 && (
        <section className="panel">
          <div className="panel__head">
            <h2>{courses.length > 0 ? t("list.others") : t("list.title")}</h2>
          </div>
          <Videos videos={others} decisions={shown} {...props} />
        </section>
      )}
    </div>
  )
}

/** Videos as cards: the reader's strip, what is left, how long they stay open, or what would open them. */
export function Videos({
  videos,
  decisions,
  shelf,
  watched,
  at,
  locale,
  current,
}: Omit<Props, "standing"> & { videos: CatalogueVideo[]; decisions: ReadonlyMap<string, Decision>; current?: string }) {
  const t = say(locale)
  return (
    <VideoGrid>
      {videos.map((video) => {
        const decision = decisions.get(video.id)!
        // The page of a video says itself, second by second, what was seen of it.
        const seen = video.id === current ? undefined : watched.get(video.id)
        const spoken = sayAccess(decision, shelf, locale)
        const meta = [
          video.courseId && video.coursePosition ? t("card.step", { step: video.coursePosition }) : "",
          seen?.completedAt
            ? t("card.complete")
            : seen
              ? t("card.left", { left: duration(Math.max(0, video.duration - seen.seconds), locale) })
              : "",
          decision.open ? daysLeft(decision.until, at, locale) : "",
        ]
        return (
          <VideoCard
            key={video.id}
            href={`/videos/${video.slug}`}
            title={video.title}
            seed={video.id}
            picture={posterOf(video)}
            artwork={video.artwork}
            durationSeconds={video.duration}
            closed={!decision.open}
            playable={video.id === current}
            meta={meta.filter(Boolean).join(t("joint"))}
            why={decision.open ? undefined : (spoken.ways[0] ?? spoken.why)}
            {...(seen
              ? {
                  watched: {
                    ranges: seen.completedAt ? [[0, video.duration]] : ofMultirange(seen.coverage),
                    complete: seen.completedAt !== null,
                  },
                }
              : {})}
          />
        )
      })}
    </VideoGrid>
  )
}

/** Shown in lists: what is open, what something would open, and what the reader has watched; not what time has closed. */
export function isOffered(
  video: CatalogueVideo,
  decision: Decision,
  { at, watched }: Pick<Props, "at" | "watched">,
): boolean {
  if (video.publishedAt > at || (video.unpublishedAt && video.unpublishedAt <= at)) return false
  return decision.open || decision.wouldOpen.length > 0 || watched.has(video.id)
}
