import { CompiledQuery } from "kysely"
import type { Db } from "../platform/db.ts"
import { dayOf, startOfDay } from "../platform/dates.ts"
import type { Locale } from "../platform/words.ts"
import { nobody, type Standing } from "./access.ts"

/** What a contact has watched of one video. `coverage` is a multirange of seconds, read by `ranges.ofMultirange`; empty when it is complete. */
export type Watched = {
  videoId: string
  seconds: number
  position: number
  lastAt: Date
  completedAt: Date | null
  coverage: string
}

/** Everything a member's page asks about the person, from one statement. */
export type AtHome = {
  contactId: string
  locale: Locale
  familyName: string
  givenName: string
  expiresAt: Date
  standing: Standing
  watched: Map<string, Watched>
  /** Newly watched seconds of the last seven JST days, the oldest first. */
  week: { day: string; seconds: number }[]
  catalogueVersion: number
}

type Row = {
  activeAccount: boolean
  joinedAt: Date | null
  withdrawnAt: Date | null
  rankId: string | null
  rankSince: Date | null
  rankPosition: number | null
  plan: string | null
  segments: string | null
  catalogueVersion: number
}

// Written out once, so that the text never varies and the driver keeps it prepared.
const asked = `a.suspended_at is null and a.withdrawn_at is null active_account, m.joined_at, m.withdrawn_at,
  h.rank_id, h.since rank_since, k.position rank_position,
  (select p.value #>> '{}' from contact_property p where p.contact_id = a.contact_id and p.name = 'plan' and p.until is null) plan,
  (select string_agg(c.owner_id::text, ',') from holding g join condition c on c.id = g.condition_id
    where g.contact_id = a.contact_id and c.owner_kind = 'segment' and c.state <> 'retired') segments,
  (select version from catalogue_version) catalogue_version`
const joined = `left join membership m on m.contact_id = a.contact_id
  left join rank_history h on h.contact_id = a.contact_id and h.until is null
  left join rank k on k.id = h.rank_id`

const standingText = `select ${asked} from account a ${joined} where a.contact_id = $1`

const sessionText = `select ${asked} from session s join account a on a.contact_id = s.contact_id ${joined}
  where s.contact_id = $1 and s.token_hash = $2 and s.expires_at > $3`

const homeText = `select ${asked}, s.expires_at, a.locale, coalesce(f.family_name, '') family_name, coalesce(f.given_name, '') given_name,
  (select string_agg(concat('["', w.video_id, '",', w.seconds, ',', w.position, ',', date_part('epoch', w.last_at), ',',
      case when w.completed_at is null then '"' || w.ranges::text || '"' else date_part('epoch', w.completed_at)::text end, ']'), ',')
    from watch w where w.contact_id = a.contact_id and w.seconds > 0) watched,
  (select string_agg(d.day || ' ' || d.gained, ';') from (
    select floor(date_part('epoch', r.happened_at - $4::timestamptz) / 86400) as day, sum(r.gained_seconds) gained
    from watch_report r where r.contact_id = a.contact_id and r.happened_at >= $4::timestamptz and r.happened_at <= $3
    group by 1) d) week
  from session s join account a on a.contact_id = s.contact_id ${joined}
  left join profile f on f.contact_id = a.contact_id
  where s.contact_id = $1 and s.token_hash = $2 and s.expires_at > $3`

const pastText = `select (a.suspended_at is null or a.suspended_at > $2) and (a.withdrawn_at is null or a.withdrawn_at > $2) active_account,
  m.joined_at, m.withdrawn_at, h.rank_id, h.since rank_since, k.position rank_position,
  (select p.value #>> '{}' from contact_property p where p.contact_id = a.contact_id and p.name = 'plan'
    and p.since <= $2 and (p.until is null or p.until > $2) order by p.since desc limit 1) plan,
  (select string_agg(distinct c.owner_id::text, ',') from holding_history g join condition c on c.id = g.condition_id
    where g.contact_id = a.contact_id and c.owner_kind = 'segment' and c.state <> 'retired'
      and g.entered_at <= $2 and (g.left_at is null or g.left_at > $2)) segments,
  (select version from catalogue_version) catalogue_version
  from account a left join membership m on m.contact_id = a.contact_id
  left join rank_history h on h.contact_id = a.contact_id and h.since <= $2 and (h.until is null or h.until > $2)
  left join rank k on k.id = h.rank_id
  where a.contact_id = $1`

/** Where a contact stands now, and the catalogue's version, in one statement. Nobody when there is no account. */
export async function of(
  db: Db,
  contactId: string,
  at: Date,
): Promise<{ standing: Standing; catalogueVersion: number | undefined }> {
  const { rows } = await db.executeQuery<Row>(CompiledQuery.raw(standingText, [contactId]))
  return standingAndVersion(rows[0], at)
}

/** Where a contact stood at an instant of the past, from dated records; for staff who look at a page as a member saw it. */
export async function ofPast(
  db: Db,
  contactId: string,
  at: Date,
): Promise<{ standing: Standing; catalogueVersion: number | undefined }> {
  const { rows } = await db.executeQuery<Row>(CompiledQuery.raw(pastText, [contactId, at]))
  return standingAndVersion(rows[0], at)
}

/** Where the person of a living session stands now; nothing when the session has ended or the account is suspended or withdrawn. */
export async function ofLiving(
  db: Db,
  session: { contactId: string; hash: Buffer },
  at: Date,
): Promise<{ standing: Standing; catalogueVersion: number } | undefined> {
  const { rows } = await db.executeQuery<Row>(CompiledQuery.raw(sessionText, [session.contactId, session.hash, at]))
  const row = rows[0]
  return row?.activeAccount ? { standing: standingOf(row, at), catalogueVersion: row.catalogueVersion } : undefined
}

/** Everything the members' home needs of the person of a living session, in one statement; nothing as in `ofLiving`. */
export async function ofSession(
  db: Db,
  session: { contactId: string; hash: Buffer },
  at: Date,
): Promise<AtHome | undefined> {
  const weekStart = new Date(startOfToday(at).getTime() - 6 * dayMs)
  const { rows } = await db.executeQuery<
    Row & {
      expiresAt: Date
      locale: Locale
      familyName: string
      givenName: string
      watched: string | null
      week: string | null
    }
  >(CompiledQuery.raw(homeText, [session.contactId, session.hash, at, weekStart]))
  const row = rows[0]
  if (!row?.activeAccount) return undefined
  return {
    contactId: session.contactId,
    locale: row.locale,
    familyName: row.familyName,
    givenName: row.givenName,
    expiresAt: row.expiresAt,
    standing: standingOf(row, at),
    watched: watchedOf(row.watched),
    week: weekOf(row.week, weekStart),
    catalogueVersion: row.catalogueVersion,
  }
}

// One text for all rows: built and read in a fraction of the time that rows take, on the page that is asked for most.
function watchedOf(text: string | null): Map<string, Watched> {
  const watched = new Map<string, Watched>()
  const rows = JSON.parse(`[${text ?? ""}]`) as [string, number, number, number, number | string][]
  for (const [videoId, seconds, position, lastAt, end] of rows) {
    const complete = typeof end === "number"
    watched.set(videoId, {
      videoId,
      seconds,
      position,
      lastAt: new Date(lastAt * 1000),
      completedAt: complete ? new Date(end * 1000) : null,
      coverage: complete ? "" : end,
    })
  }
  return watched
}

function weekOf(text: string | null, start: Date): { day: string; seconds: number }[] {
  const week = weekDays(start).map((day) => ({ day, seconds: 0 }))
  for (const row of text ? text.split(";") : []) {
    const [day, gained] = row.split(" ")
    week[Number(day)]!.seconds = Number(gained)
  }
  return week
}

function standingAndVersion(row: Row | undefined, at: Date) {
  return { standing: row ? standingOf(row, at) : nobody, catalogueVersion: row?.catalogueVersion }
}

function standingOf(row: Row, at: Date): Standing {
  const member = row.joinedAt !== null && row.joinedAt <= at && (row.withdrawnAt === null || row.withdrawnAt > at)
  return {
    active: row.activeAccount && member,
    rankId: row.rankId,
    rankPosition: row.rankPosition,
    rankSince: row.rankSince,
    plan: row.plan,
    joinedAt: row.joinedAt,
    segmentIds: new Set(row.segments ? row.segments.split(",") : []),
  }
}

const dayMs = 86_400_000
let today: { from: number; start: Date } | undefined
let days: { start: number; names: string[] } | undefined

// Calendar arithmetic is slow beside a page's budget and Japan has no summer time: the day's beginning is kept.
function startOfToday(at: Date): Date {
  if (!today || at.getTime() < today.from || at.getTime() >= today.from + dayMs) {
    const start = startOfDay(dayOf(at))
    today = { from: start.getTime(), start }
  }
  return today.start
}

function weekDays(start: Date): string[] {
  if (days?.start !== start.getTime())
    days = {
      start: start.getTime(),
      names: Array.from({ length: 7 }, (_, index) => dayOf(new Date(start.getTime() + index * dayMs))),
    }
  return days.names
}
