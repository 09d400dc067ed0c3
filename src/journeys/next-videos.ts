import { catalogue, recommendations, standings } from "../content/index.ts"
import type { Card } from "../messaging/index.ts"
import { clockLength } from "../platform/dates.ts"
import { type Db, sql } from "../platform/db.ts"
import type { Locale } from "../platform/words.ts"

let kept: catalogue.Catalogue | undefined

/** The videos a member's page would suggest at this instant, as cards of a mail; the same list from the same function. */
export async function cards(db: Db, contactId: string, count: number, locale: Locale, at: Date): Promise<Card[]> {
  const { standing, catalogueVersion } = await standings.of(db, contactId, at)
  const videos = await catalogueOf(db, catalogueVersion)
  return recommendations.next(videos, standing, await watched(db, contactId), at, count).map(({ video, why }) => ({
    title: video.title,
    url: `/videos/${video.slug}`,
    detail: clockLength(video.duration),
    why: recommendations.sentence(why, locale),
  }))
}

/** A transaction is a new object each time, so that what content keeps per pool would be read again for every mail. */
async function catalogueOf(db: Db, version: number | undefined): Promise<catalogue.Catalogue> {
  if (!kept || version === undefined || kept.version !== version) kept = await catalogue.current(db, version)
  return kept
}

async function watched(db: Db, contactId: string): Promise<recommendations.WatchedLately> {
  const { rows } = await sql<{
    videoId: string
    seconds: number
    position: number
    lastAt: Date
    completedAt: Date | null
  }>`
    select video_id, seconds, position, last_at, completed_at from watch
    where contact_id = ${contactId} and seconds > 0`.execute(db)
  return new Map(rows.map((row) => [row.videoId, row]))
}
