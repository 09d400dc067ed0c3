import * as cursors from "../platform/cursors.ts"
import { type Db, sql } from "../platform/db.ts"
import { ofMultirange, type Range } from "./ranges.ts"
import { NoSuchVideo } from "./refusals.ts"

type Viewer = {
  contactId: string
  number: number | null
  familyName: string
  givenName: string
  ranges: Range[]
  seconds: number
  /** 0 to 1. */
  coverage: number
  position: number
  lastAt: Date
  completedAt: Date | null
}

/** Who watched a video and which seconds, the last to watch first. */
export async function of(
  db: Db,
  videoId: string,
  asked: { completed?: boolean; cursor?: string; limit: number },
): Promise<{ data: Viewer[]; nextCursor: string | null }> {
  const place = cursors.timeOf(asked.cursor)
  const rows = await db
    .selectFrom("watch as w")
    .innerJoin("video as v", "v.id", "w.videoId")
    .leftJoin("profile as p", "p.contactId", "w.contactId")
    .select(["w.contactId", "w.ranges", "w.seconds", "w.position", "w.lastAt", "w.completedAt", "v.durationSeconds"])
    .select(["p.number", "p.familyName", "p.givenName"])
    .where("w.videoId", "=", videoId)
    .where("w.seconds", ">", 0)
    .$if(asked.completed === true, (query) => query.where("w.completedAt", "is not", null))
    .$if(asked.completed === false, (query) => query.where("w.completedAt", "is", null))
    .$if(place !== undefined, (query) =>
      query.where(
        sql<boolean>`(date_trunc('milliseconds', w.last_at), w.contact_id) < (${place!.at}, ${place!.id}::uuid)`,
      ),
    )
    .orderBy(sql`date_trunc('milliseconds', w.last_at)`, "desc")
    .orderBy("w.contactId", "desc")
    .limit(asked.limit + 1)
    .execute()
  const data = rows.slice(0, asked.limit).map(
    ({ durationSeconds, ranges, ...row }): Viewer => ({
      ...row,
      familyName: row.familyName ?? "",
      givenName: row.givenName ?? "",
      ranges: ofMultirange(ranges),
      coverage: Math.min(1, row.seconds / (durationSeconds ?? 1)),
    }),
  )
  const last = rows.length > asked.limit ? data.at(-1)! : undefined
  return { data, nextCursor: last ? cursors.atTime(last.lastAt, last.contactId) : null }
}

const mostBuckets = 300

/** How many people played each part of a video: one number per bucket of whole seconds, at most 300 buckets. */
export async function density(
  db: Db,
  videoId: string,
): Promise<{ viewers: number; completed: number; duration: number; bucketSeconds: number; counts: number[] }> {
  const { rows } = await sql<{
    duration: number | null
    viewers: number
    completed: number
    steps: [number, number][] | null
  }>`
    select v.duration_seconds duration, count(w.contact_id) viewers, count(w.completed_at) completed,
      (select json_agg(json_build_array(s.at, s.change) order by s.at) from (
        select e.at, sum(e.change) change from watch x, unnest(x.ranges) r, lateral (values (lower(r), 1), (upper(r), -1)) e(at, change)
        where x.video_id = v.id group by e.at) s) steps
    from video v left join watch w on w.video_id = v.id and w.seconds > 0
    where v.id = ${videoId} group by v.id`.execute(db)
  const row = rows[0]
  if (!row) throw new NoSuchVideo()
  const duration = row.duration ?? 0
  const bucketSeconds = Math.max(1, Math.ceil(duration / mostBuckets))
  return {
    viewers: row.viewers,
    completed: row.completed,
    duration,
    bucketSeconds,
    counts: buckets(row.steps ?? [], duration, bucketSeconds),
  }
}

/** Turns steps up and down into the mean height of each bucket. */
function buckets(
  steps: readonly (readonly [at: number, change: number])[],
  duration: number,
  bucketSeconds: number,
): number[] {
  const heights = Array.from({ length: duration }, () => 0)
  let height = 0
  let step = 0
  for (let second = 0; second < duration; second++) {
    while (step < steps.length && steps[step]![0] <= second) height += steps[step++]![1]
    heights[second] = height
  }
  return Array.from({ length: Math.ceil(duration / bucketSeconds) }, (_, index) => {
    const part = heights.slice(index * bucketSeconds, (index + 1) * bucketSeconds)
    return Math.round((part.reduce((sum, one) => sum + one, 0) / part.length) * 10) / 10
  })
}
