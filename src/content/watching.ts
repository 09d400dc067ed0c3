import { changes } from "../audience/index.ts"
import { announce, announceAll, type Event } from "../events/index.ts"
import { sql, type Tx } from "../platform/db.ts"
import { isId } from "../platform/ids.ts"
import { type Before, lock, type Recomputed, recompute } from "./projection.ts"
import * as ranges from "./ranges.ts"
import { NoSuchVideo } from "./refusals.ts"

/** What a player says it has played since its last report. */
type Report = {
  contactId: string
  videoId: string
  /** The sender's own; a repeated report changes nothing. */
  id: string
  ranges: readonly (readonly unknown[])[]
  position: number
  happenedAt: Date
  receivedAt: Date
  /** Since when this player was open, by our own clock. */
  startedAt: Date
}

/** Playing faster than 2× is not offered; the rest is for rounding and jitter. */
const fastest = 2.2

/**
 * Adds what was played. Impossible ranges are dropped one by one; what cannot have been played in the time during which
 * a player was open is cut off, the plausible part kept. Late and repeated reports end in the same place as orderly ones.
 */
export async function report(
  tx: Tx,
  said: Report,
): Promise<{ gained: number; seconds: number; completedAt: Date | null }> {
  const { contactId, videoId, happenedAt } = said
  const [before] = await lock(tx, [
    { contactId, videoId, happenedAt, openFrom: said.startedAt, openTo: said.receivedAt },
  ])
  if (!before) throw new NoSuchVideo()
  const allowed = Math.floor(before.openSeconds * fastest) - before.claimedSeconds
  const played = ranges.first(ranges.united(said.ranges, before.duration), allowed)
  const claimed = ranges.seconds(played)
  const row = { ...said, ranges: played, position: whole(said.position, before.duration) }
  if (claimed === 0) {
    if (before.fresh)
      await tx.deleteFrom("watch").where("contactId", "=", contactId).where("videoId", "=", videoId).execute()
    return { gained: 0, seconds: before.seconds, completedAt: before.completedAt }
  }
  const inOrder = before.fresh || happenedAt > before.lastAt
  const after = inOrder ? await append(tx, row, claimed, before) : await insertLate(tx, row, claimed)
  if (!after) return { gained: 0, seconds: before.seconds, completedAt: before.completedAt }
  await announce(tx, "video.watched", {
    contactId,
    happenedAt,
    properties: { videoId, ranges: played, gained: after.gained, position: row.position },
  })
  if (after.completedAt && !before.completedAt)
    await announce(tx, "video.completed", {
      contactId,
      happenedAt: after.completedAt,
      properties: { videoId, coverage: Math.min(1, after.seconds / before.duration) },
    })
  await changes.mark(tx, [{ contactId, changes: ["watch", `watch:${videoId}`], happenedAt, history: false }])
  return after
}

type Accepted = Omit<Report, "ranges"> & { ranges: ranges.Range[] }
type After = { gained: number; seconds: number; completedAt: Date | null }

async function append(tx: Tx, row: Accepted, claimed: number, before: { duration: number; completeSeconds: number }) {
  const added = sql`${ranges.toMultirange(row.ranges)}::int4multirange`
  const counted = sql`watched_seconds((w.ranges + ${added}) * int4multirange(int4range(0, ${before.duration}::int)))`
  const { rows } = await sql<After>`
    with report as (
      insert into watch_report (contact_id, video_id, id, origin_id, happened_at, ranges, position, gained_seconds)
      select w.contact_id, w.video_id, ${row.id}, w.contact_id, ${row.happenedAt}, ${added}, ${row.position}, watched_seconds(${added} - w.ranges)
      from watch w where w.contact_id = ${row.contactId} and w.video_id = ${row.videoId}
      on conflict do nothing returning gained_seconds)
    update watch w set ranges = w.ranges + ${added}, seconds = ${counted}, position = ${row.position},
      last_at = ${row.happenedAt}, claimed_seconds = w.claimed_seconds + ${claimed},
      completed_at = coalesce(w.completed_at, case when ${counted} >= ${before.completeSeconds} then ${row.happenedAt}::timestamptz end)
    from report where w.contact_id = ${row.contactId} and w.video_id = ${row.videoId}
    returning report.gained_seconds gained, w.seconds, w.completed_at`.execute(tx)
  return rows[0]
}

async function insertLate(tx: Tx, row: Accepted, claimed: number): Promise<After | undefined> {
  const { rows } = await sql<{ id: string }>`
    with report as (
      insert into watch_report (contact_id, video_id, id, origin_id, happened_at, ranges, position, gained_seconds)
      values (${row.contactId}, ${row.videoId}, ${row.id}, ${row.contactId}, ${row.happenedAt},
        ${ranges.toMultirange(row.ranges)}::int4multirange, ${row.position}, 0)
      on conflict do nothing returning id)
    update watch set claimed_seconds = claimed_seconds + ${claimed} from report
    where contact_id = ${row.contactId} and video_id = ${row.videoId} returning report.id`.execute(tx)
  if (rows.length === 0) return undefined
  const [after] = await recompute(tx, [row])
  const own = await tx
    .selectFrom("watchReport")
    .select("gainedSeconds")
    .where("contactId", "=", row.contactId)
    .where("videoId", "=", row.videoId)
    .where("id", "=", row.id)
    .executeTakeFirstOrThrow()
  return { gained: own.gainedSeconds, seconds: after!.seconds, completedAt: after!.completedAt }
}

/** Reaction: adds the watched ranges of imported events (history mode). Other people's words for ranges are taken as far as they make sense. */
export async function project(tx: Tx, events: Event[]): Promise<void> {
  const said = events.filter((event) => event.history && event.source !== "musubi" && isId(event.properties.videoId))
  if (said.length === 0) return
  const pairs = new Map(
    said.map((event) => [`${event.contactId} ${String(event.properties.videoId)}`.toLowerCase(), pairOf(event)]),
  )
  const before = await lock(tx, [...pairs.values()])
  const states = new Map(before.map((state) => [`${state.contactId} ${state.videoId}`, state]))
  const rows = said.flatMap((event) => {
    const { contactId, videoId } = pairOf(event)
    const state = states.get(`${contactId} ${videoId}`)
    const given = event.properties.ranges
    const played = state && Array.isArray(given) ? ranges.united(given, state.duration) : []
    if (!state || played.length === 0) return []
    const position = whole(event.properties.position, state.duration) || played.at(-1)![1]
    return [
      {
        contactId,
        videoId,
        id: event.id,
        originId: event.originId,
        happenedAt: event.happenedAt,
        ranges: ranges.toMultirange(played),
        position,
      },
    ]
  })
  if (rows.length > 0)
    await sql`insert into watch_report (contact_id, video_id, id, origin_id, happened_at, ranges, position, gained_seconds)
      select *, 0 from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r("contactId" uuid, "videoId" uuid, id uuid,
        "originId" uuid, "happenedAt" timestamptz, ranges int4multirange, position integer)
      on conflict do nothing`.execute(tx)
  const touched = new Map(rows.map((row) => [`${row.contactId} ${row.videoId}`, row]))
  const empty = before.filter((state) => state.fresh && !touched.has(`${state.contactId} ${state.videoId}`))
  for (const { contactId, videoId } of empty)
    await tx.deleteFrom("watch").where("contactId", "=", contactId).where("videoId", "=", videoId).execute()
  const after = await recompute(tx, [...touched.values()])
  await announceCompleted(tx, before, after)
  if (rows.length > 0) await mark(tx, rows)
}

/** Mover: gives the watching of an anonymous history to its person; each row keeps its origin. */
export async function move(
  tx: Tx,
  { originId, contactId }: { originId: string; contactId: string },
  at: Date,
): Promise<void> {
  const { rows: pairs } = await sql<{ contactId: string; videoId: string; happenedAt: Date }>`
    select ${contactId}::uuid contact_id, video_id, max(happened_at) happened_at from watch_report
    where contact_id = ${originId} group by video_id`.execute(tx)
  if (pairs.length === 0) return
  const before = await lock(
    tx,
    pairs.map((pair) => ({ ...pair, openFrom: at, openTo: at })),
  )
  await sql`
    with gone as (delete from watch_report where contact_id = ${originId} returning *),
    projected as (delete from watch where contact_id = ${originId})
    insert into watch_report (contact_id, video_id, id, origin_id, happened_at, ranges, position, gained_seconds)
    select ${contactId}, video_id, id, origin_id, happened_at, ranges, position, gained_seconds from gone
    on conflict do nothing`.execute(tx)
  const after = await recompute(tx, pairs)
  await announceCompleted(tx, before, after)
}

async function announceCompleted(tx: Tx, before: Before[], after: Recomputed[]): Promise<void> {
  const already = new Set(before.filter((row) => row.completedAt).map((row) => `${row.contactId} ${row.videoId}`))
  const newly = after.filter((row) => row.completedAt && !already.has(`${row.contactId} ${row.videoId}`))
  await announceAll(
    tx,
    "video.completed",
    newly.map((row) => ({
      contactId: row.contactId,
      happenedAt: row.completedAt!,
      history: true,
      properties: { videoId: row.videoId, coverage: Math.min(1, row.seconds / row.duration) },
    })),
  )
}

async function mark(tx: Tx, rows: { contactId: string; videoId: string; happenedAt: Date }[]): Promise<void> {
  await changes.mark(
    tx,
    rows.map(({ contactId, videoId, happenedAt }) => ({
      contactId,
      changes: ["watch", `watch:${videoId}`],
      happenedAt,
      history: true,
    })),
  )
}

function pairOf(event: Event) {
  const videoId = (event.properties.videoId as string).toLowerCase()
  return {
    contactId: event.contactId,
    videoId,
    happenedAt: event.happenedAt,
    openFrom: event.happenedAt,
    openTo: event.happenedAt,
  }
}

function whole(position: unknown, duration: number): number {
  return typeof position === "number" && Number.isFinite(position)
    ? Math.min(duration, Math.max(0, Math.floor(position)))
    : 0
}
