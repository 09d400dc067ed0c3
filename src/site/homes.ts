import { type catalogue, ranges, recommendations, type standings } from "../content/index.ts"
import type { Locale } from "../platform/words.ts"
import type { HomeProps, ShownVideo } from "./shapes.ts"

type Catalogue = Awaited<ReturnType<typeof catalogue.current>>
type AtHome = NonNullable<Awaited<ReturnType<typeof standings.ofSession>>>
export type CatalogueVideo = Catalogue["videos"][number]

const shown = { started: 4, next: 9, closing: 5, closingDays: 7 }
/** What the home shows of the catalogue to a person: continued, next, closing soon. Nothing complete, nothing closed. */
export function compose(all: Catalogue, person: AtHome, at: Date, locale: Locale): Omit<HomeProps, "rank"> {
  const { standing, watched } = person
  const started: HomeProps["started"] = []
  const next: HomeProps["next"] = []
  const wanted = shown.started + shown.next
  for (const { video, why } of recommendations.next(all, standing, watched, at, wanted, shown.started)) {
    const row = watched.get(video.id)
    if (why.key === "continue" && row) {
      const course = video.courseId ? all.courseById.get(video.courseId)?.title : undefined
      started.push({
        ...card(video),
        ranges: ranges.ofMultirange(row.coverage),
        positionSeconds: why.position,
        lastAt: row.lastAt,
        course,
      })
    } else if (next.length < shown.next) next.push({ ...card(video), why: recommendations.sentence(why, locale) })
  }
  let completedCount = 0
  for (const row of watched.values()) if (row.completedAt) completedCount++
  return {
    now: at,
    suspended: !standing.active,
    started,
    next,
    closing: recommendations
      .closingSoon(all, standing, watched, at, shown.closingDays)
      .slice(0, shown.closing)
      .map(({ video, until }) => ({ id: video.id, href: hrefOf(video), title: video.title, closesAt: until })),
    week: person.week,
    completedCount,
  }
}

/** Videos that are open to everybody, the newest first, for visitors. */
export function openToAll(all: Catalogue, isOpen: (video: CatalogueVideo) => boolean, limit: number): ShownVideo[] {
  const open: ShownVideo[] = []
  for (const video of all.videos) {
    if (open.length >= limit) break
    if (video.rules.some((rule) => rule.everyone) && isOpen(video)) open.push(card(video))
  }
  return open
}

/** A video of the catalogue as a card shows it. */
export function card(video: CatalogueVideo): ShownVideo {
  return {
    id: video.id,
    href: hrefOf(video),
    title: video.title,
    durationSeconds: video.duration,
    picture: pictureOf(video.poster && { id: video.id, fileId: video.poster.id }),
    artwork: video.artwork,
    ranges: [],
  }
}

/** The page of a video. */
export function hrefOf(video: { slug: string }): string {
  return `/videos/${video.slug}`
}

/** The picture of a video that has one; its address changes with the file, so that it can be kept for ever. */
export function pictureOf(poster: { id: string; fileId: string } | null): string | null {
  return poster && `/media/videos/${poster.id}/poster?v=${poster.fileId.slice(-8)}`
}
