import { duration } from "../platform/dates.ts"
import { type Locale, words } from "../platform/words.ts"
import { decide, type Standing } from "./access.ts"
import type { Catalogue, CatalogueVideo } from "./catalogue.ts"
import type { Watched } from "./standings.ts"

/** Why a video is suggested; `sentence` says it. */
type Why =
  | { key: "continue"; position: number; left: number }
  | { key: "path"; course: string; after: string }
  | { key: "rank"; rank: Record<Locale, string> }
  | { key: "tag"; tag: string }
  | { key: "popular"; rank: Record<Locale, string>; completed: number }
  | { key: "new" }

export type Recommendation = { video: CatalogueVideo; why: Why; until: Date | null }

/** What somebody has watched of a video, as far as it matters here. */
export type Seen = Pick<Watched, "seconds" | "position" | "lastAt" | "completedAt">
export type WatchedLately = ReadonlyMap<string, Seen>

const latelyMs = 60 * 86_400_000
const looksBack = 10

/**
 * What to watch next: continue where stopped, next step of a path begun, what the rank opened lately, same tags as
 * watched lately, most completed by people of the same rank, then the newest. Never anything complete or closed;
 * as many as asked for, if there are as many. Unfinished videos beyond `mostContinued` are left out altogether.
 */
export function next(
  catalogue: Catalogue,
  standing: Standing,
  watched: WatchedLately,
  at: Date,
  limit: number,
  mostContinued = limit,
): Recommendation[] {
  const chosen = new Map<string, Recommendation>()
  const leftOut = new Set<string>()
  const choose = (video: CatalogueVideo, why: Why): boolean => {
    if (chosen.has(video.id) || leftOut.has(video.id) || watched.get(video.id)?.completedAt) return false
    if (why.key === "continue" && chosen.size >= mostContinued) {
      leftOut.add(video.id)
      return false
    }
    const { open, until } = decide(video, standing, at)
    if (open) chosen.set(video.id, { video, why, until })
    return open
  }
  const chooseEarlier = (video: CatalogueVideo): boolean => {
    const course = video.courseId ? catalogue.courseById.get(video.courseId) : undefined
    for (const step of course?.videos ?? []) {
      if (step === video) return false
      if (choose(step, { key: "path", course: course!.title, after: "" })) return true
    }
    return false
  }
  for (const [video, why] of candidates(catalogue, standing, watched, at)) {
    if (chosen.size >= limit) break
    // Whatever speaks for a later step of a course, an earlier one that is still unseen comes first.
    if (why.key === "continue" || !chooseEarlier(video)) choose(video, why)
  }
  for (const video of catalogue.videos) {
    if (chosen.size >= limit) break
    choose(video, { key: "new" })
  }
  return [...chosen.values()]
}

/** Open videos that time alone closes within so many days, the soonest first; nothing that is complete. */
export function closingSoon(
  catalogue: Catalogue,
  standing: Standing,
  watched: WatchedLately,
  at: Date,
  days: number,
): { video: CatalogueVideo; until: Date; daysLeft: number }[] {
  const soon: { video: CatalogueVideo; until: Date; daysLeft: number }[] = []
  for (const video of catalogue.videos) {
    if (!video.mayClose || watched.get(video.id)?.completedAt) continue
    const { until } = decide(video, standing, at)
    if (!until) continue
    const daysLeft = Math.ceil((until.getTime() - at.getTime()) / 86_400_000)
    if (daysLeft <= days) soon.push({ video, until, daysLeft })
  }
  return soon.sort((a, b) => a.until.getTime() - b.until.getTime())
}

/** The reason of a suggestion in the reader's language, e.g. 「「確定申告の基本」を完了したため」. */
export function sentence(why: Why, locale: Locale): string {
  const t = say(locale)
  switch (why.key) {
    case "continue":
      return why.position < 1
        ? t("begun", { left: duration(why.left, locale) })
        : t("continue", { position: duration(why.position, locale), left: duration(why.left, locale) })
    case "path":
      return why.after ? t("pathAfter", { after: why.after }) : t("path", { course: why.course })
    case "rank":
      return t("rank", { rank: why.rank[locale] })
    case "tag":
      return t("tag", { tag: why.tag })
    case "popular":
      return t("popular", { rank: why.rank[locale], completed: why.completed })
    case "new":
      return t("new")
  }
}

function* candidates(
  catalogue: Catalogue,
  standing: Standing,
  watched: WatchedLately,
  at: Date,
): Generator<[CatalogueVideo, Why]> {
  const recent: { video: CatalogueVideo; row: Seen; at: number }[] = []
  for (const [videoId, row] of watched) {
    const video = catalogue.byId.get(videoId)
    if (video) recent.push({ video, row, at: row.lastAt.getTime() })
  }
  recent.sort((a, b) => b.at - a.at)
  for (const { video, row } of recent)
    if (!row.completedAt && row.seconds > 0) {
      const position = row.position < video.duration ? row.position : 0
      yield [video, { key: "continue", position, left: video.duration - position }]
    }
  yield* nextSteps(catalogue, recent, watched)
  yield* openedByRank(catalogue, standing, at)
  for (const tag of tagsOf(recent.slice(0, looksBack).map(({ video }) => video)))
    for (const video of catalogue.byTag.get(tag) ?? []) yield [video, { key: "tag", tag }]
  const rank = standing.rankId ? catalogue.ranks.get(standing.rankId) : undefined
  if (rank)
    for (const { video, completed } of catalogue.popular.get(rank.id) ?? [])
      yield [video, { key: "popular", rank: rank.name, completed }]
  for (const video of catalogue.videos) yield [video, { key: "new" }]
}

function* nextSteps(
  catalogue: Catalogue,
  recent: { video: CatalogueVideo }[],
  watched: WatchedLately,
): Generator<[CatalogueVideo, Why]> {
  const begun = new Set(recent.map(({ video }) => video.courseId))
  for (const courseId of begun) {
    const course = courseId ? catalogue.courseById.get(courseId) : undefined
    if (!course) continue
    const complete = (video: CatalogueVideo) => watched.get(video.id)?.completedAt != null
    const last = course.videos.findLastIndex(complete)
    const step =
      course.videos.find((video, index) => index > last && !complete(video)) ??
      course.videos.find((video) => !complete(video))
    if (step) yield [step, { key: "path", course: course.title, after: course.videos[last]?.title ?? "" }]
  }
}

function* openedByRank(catalogue: Catalogue, standing: Standing, at: Date): Generator<[CatalogueVideo, Why]> {
  const rank = standing.rankId ? catalogue.ranks.get(standing.rankId) : undefined
  if (!rank || !standing.rankPosition || !standing.rankSince || at.getTime() - standing.rankSince.getTime() > latelyMs)
    return
  const below = { ...standing, rankPosition: standing.rankPosition - 1 }
  for (const video of catalogue.videos)
    if (
      video.rules.some((rule) => rule.minimumRank?.position === standing.rankPosition) &&
      !decide(video, below, at).open
    )
      yield [video, { key: "rank", rank: rank.name }]
}

/** Tags of what was watched lately, those that recur first, then the more recent. */
function tagsOf(videos: CatalogueVideo[]): string[] {
  const counts = new Map<string, number>()
  for (const video of videos) for (const tag of video.tags) counts.set(tag, (counts.get(tag) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1]).map(([tag]) => tag)
}

const say = words(
  {
    begun: "見はじめたばかりです。残り{left}です",
    continue: "{position}から、残り{left}です",
    path: "講座「{course}」の次の一本です",
    pathAfter: "「{after}」を完了したため",
    rank: "{rank}会員になったため、ご覧いただけます",
    tag: "「{tag}」を続けてご覧のため",
    popular: "{rank}会員の{completed}人が完了しています",
    new: "新しく公開された動画です",
  },
  {
    begun: "Just begun, {left} left",
    continue: "From {position}, {left} left",
    path: "The next step of “{course}”",
    pathAfter: "Because you completed “{after}”",
    rank: "Open to you as a {rank} member",
    tag: "Because you have been watching “{tag}”",
    popular: "Completed by {completed} {rank} members",
    new: "Newly published",
  },
)
