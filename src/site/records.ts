import { ranges } from "../content/index.ts"
import * as cursors from "../platform/cursors.ts"
import { type Db, sql } from "../platform/db.ts"
import { hrefOf, pictureOf } from "./homes.ts"
import type { Shown, WatchedVideo } from "./shapes.ts"

type Summary = {
  counts: Record<Shown, number>
  totalSeconds: number
  days: number
  week: { day: string; seconds: number }[]
}

/** What a member has watched in figures; `weekFrom` is the beginning of the JST day six days before today. */
export async function summary(db: Db, contactId: string, weekFrom: Date, weekDays: string[]): Promise<Summary> {
  const { rows } = await sql<{
    started: number
    completed: number
    seconds: number
    days: number
    week: [number, number][] | null
  }>`
    select count(*) filter (where w.completed_at is null) started, count(w.completed_at) completed,
      coalesce(sum(w.seconds), 0) seconds,
      (select count(distinct floor((extract(epoch from r.happened_at) + 32400) / 86400)) from watch_report r
        where r.contact_id = ${contactId}) days,
      (select json_agg(json_build_array(d.day, d.gained)) from (
        select floor(extract(epoch from r.happened_at - ${weekFrom}::timestamptz) / 86400)::integer as day, sum(r.gained_seconds) gained
        from watch_report r where r.contact_id = ${contactId} and r.happened_at >= ${weekFrom} group by 1) d) week
    from watch w where w.contact_id = ${contactId} and w.seconds > 0`.execute(db)
  const row = rows[0]!
  const gained = new Map(row.week ?? [])
  const [started, completed] = [Number(row.started), Number(row.completed)]
  return {
    counts: { all: started + completed, started, completed },
    totalSeconds: Number(row.seconds),
    days: Number(row.days),
    week: weekDays.map((day, index) => ({ day, seconds: gained.get(index) ?? 0 })),
  }
}

/** Videos a member has watched, the last first, with the seconds really played. Cursor: the last row of the page before. */
export async function watched(
  db: Db,
  contactId: string,
  asked: { shown: Shown; cursor?: string; limit: number },
): Promise<{ data: WatchedVideo[]; nextCursor: string | null }> {
  const place = placeOf(asked.cursor)
  const rows = await db
    .selectFrom("watch as w")
    .innerJoin("video as v", "v.id", "w.videoId")
    .select(["w.videoId as id", "w.ranges", "w.seconds", "w.position", "w.lastAt", "w.completedAt"])
    .select(["v.slug", "v.title", "v.durationSeconds", "v.artwork", "v.posterFileId"])
    .where("w.contactId", "=", contactId)
    .where("w.seconds", ">", 0)
    .$if(asked.shown === "completed", (query) => query.where("w.completedAt", "is not", null))
    .$if(asked.shown === "started", (query) => query.where("w.completedAt", "is", null))
    .$if(place !== undefined, (query) =>
      query.where(
        sql<boolean>`(date_trunc('milliseconds', w.last_at), w.video_id) < (${place!.at}, ${place!.id}::uuid)`,
      ),
    )
    .orderBy(sql`date_trunc('milliseconds', w.last_at)`, "desc")
    .orderBy("w.videoId", "desc")
    .limit(asked.limit + 1)
    .execute()
  const page = rows.slice(0, asked.limit)
  const last = rows.length > asked.limit ? page.at(-1) : undefined
  return {
    data: page.map((row) => ({
      id: row.id,
      href: hrefOf(row),
      title: row.title,
      durationSeconds: row.durationSeconds ?? row.seconds,
      picture: pictureOf(row.posterFileId ? { id: row.id, fileId: row.posterFileId } : null),
      artwork: row.artwork,
      ranges: ranges.ofMultirange(row.ranges),
      seconds: row.seconds,
      positionSeconds: row.position,
      lastAt: row.lastAt,
      completedAt: row.completedAt,
    })),
    nextCursor: last ? cursors.atTime(last.lastAt, last.id) : null,
  }
}

/** A page that is asked for with rubbish begins from the start. */
function placeOf(cursor: string | undefined) {
  try {
    return cursors.timeOf(cursor)
  } catch {
    return undefined
  }
}
