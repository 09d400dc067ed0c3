import { sql, type Tx } from "../platform/db.ts"

export type Recomputed = Pair & { seconds: number; completedAt: Date | null; duration: number }
type Pair = { contactId: string; videoId: string }
type Opening = Pair & { happenedAt: Date; openFrom: Date; openTo: Date }

/** What stands before a report is added; the row stays locked until the transaction ends. */
export type Before = Pair & {
  duration: number
  /** So many seconds make it complete. */
  completeSeconds: number
  seconds: number
  lastAt: Date
  completedAt: Date | null
  /** For how many seconds of wall time a player was open, this opening included. */
  openSeconds: number
  claimedSeconds: number
  /** The row was made just now. */
  fresh: boolean
}

/** Locks the rows of these people and videos (made where missing, always in the same order) and adds the time a player was open. Videos without a length are left out. */
export async function lock(tx: Tx, openings: Opening[]): Promise<Before[]> {
  const { rows } = await sql<Before>`
    with asked as (
      select o."contactId" contact_id, o."videoId" video_id, o."happenedAt" happened_at,
        tstzmultirange(tstzrange(least(o."openFrom", o."openTo"), o."openTo")) player_open
      from jsonb_to_recordset(${JSON.stringify(openings)}::jsonb)
        as o("contactId" uuid, "videoId" uuid, "happenedAt" timestamptz, "openFrom" timestamptz, "openTo" timestamptz)),
    locked as (
      insert into watch as w (contact_id, video_id, ranges, seconds, first_at, last_at, player_open)
      select a.contact_id, a.video_id, '{}', 0, a.happened_at, a.happened_at, a.player_open
      from asked a join video v on v.id = a.video_id and v.duration_seconds is not null
      order by a.contact_id, a.video_id
      on conflict (contact_id, video_id) do update set player_open = w.player_open + excluded.player_open
      returning w.*, xmax = 0 as fresh)
    select l.contact_id, l.video_id, l.seconds, l.last_at, l.completed_at, l.claimed_seconds, l.fresh,
      v.duration_seconds duration, ${completeSeconds} complete_seconds,
      (select coalesce(sum(extract(epoch from upper(p) - lower(p))), 0)::float8 from unnest(l.player_open) p) open_seconds
    from locked l join video v on v.id = l.video_id`.execute(tx)
  return rows
}

// numeric, because 0.9 of 110 must be 99
const completeSeconds = sql`ceil(v.duration_seconds
  * coalesce((select (value #>> '{}')::numeric from setting where name = 'content.completeAt'), 0.9))::integer`

/** Works out anew what these people watched of these videos from every report in order of happening. What was complete stays complete. */
export async function recompute(tx: Tx, pairs: Pair[]): Promise<Recomputed[]> {
  if (pairs.length === 0) return []
  const { rows } = await sql<Recomputed>`
    with pair as (
      select distinct contact_id, video_id
      from unnest(${pairs.map((p) => p.contactId)}::uuid[], ${pairs.map((p) => p.videoId)}::uuid[]) p(contact_id, video_id)),
    running as (
      select r.contact_id, r.video_id, r.id, r.happened_at, r.position, r.gained_seconds,
        range_agg(r.ranges) over (partition by r.contact_id, r.video_id order by r.happened_at, r.id rows unbounded preceding) upto
      from watch_report r join pair using (contact_id, video_id)),
    counted as (
      select r.*, ${completeSeconds} complete_seconds, watched_seconds(upto) total,
        watched_seconds(upto * int4multirange(int4range(0, v.duration_seconds))) within_video
      from running r join video v on v.id = r.video_id),
    gains as (
      select *, total - lag(total, 1, 0) over (partition by contact_id, video_id order by happened_at, id) gained from counted),
    corrected as (
      update watch_report r set gained_seconds = g.gained from gains g
      where r.contact_id = g.contact_id and r.video_id = g.video_id and r.id = g.id and r.gained_seconds <> g.gained),
    bounds as (
      select contact_id, video_id, min(happened_at) first_at,
        min(happened_at) filter (where within_video >= complete_seconds) completed_at
      from gains group by contact_id, video_id),
    newest as (select distinct on (contact_id, video_id) * from gains order by contact_id, video_id, happened_at desc, id desc),
    projected as (
      insert into watch as w (contact_id, video_id, ranges, seconds, position, first_at, last_at, completed_at)
      select n.contact_id, n.video_id, n.upto, n.within_video, n.position, b.first_at, n.happened_at, b.completed_at
      from newest n join bounds b using (contact_id, video_id)
      on conflict (contact_id, video_id) do update set ranges = excluded.ranges, seconds = excluded.seconds,
        position = excluded.position, first_at = excluded.first_at, last_at = excluded.last_at,
        completed_at = least(w.completed_at, excluded.completed_at)
      returning w.*)
    select p.contact_id, p.video_id, p.seconds, p.completed_at, v.duration_seconds duration
    from projected p join video v on v.id = p.video_id`.execute(tx)
  return rows
}
