import { dayOf, startOfDay } from "../platform/dates.ts"
import { type Db, sql } from "../platform/db.ts"
import { timeZone } from "../platform/words.ts"

type Overview = {
  generatedAt: string
  contacts: number
  members: number
  active7: number
  active30: number
  minutesByDay: { day: string; minutes: number }[]
  /** The members of today by the day they joined: who left again is not among them, as in a condition on days since joining. */
  joinedByDay: { day: string; count: number }[]
  ranks: { id: string; name: { ja: string; en: string }; colour: string; count: number }[]
  mails: Record<"queued" | "sending" | "sent" | "suppressed" | "failed" | "uncertain", number>
  /** What most people watched in the shown days: who watched in them, who of these has completed it, and who ever watched it. */
  topVideos: { id: string; slug: string; title: string; watchers: number; completed: number; watchersEver: number }[]
  topVideosDays: number
  waiting: { contacts: number; mails: number }
}

const shownDays = 30
const dayMs = 86_400_000

/** The state of the business at an instant: members, their ranks, what was watched in the last 30 JST days, mails by fate, work that waits. */
export async function overview(db: Db, at: Date): Promise<Overview> {
  const today = startOfDay(dayOf(at))
  // The beginning of so many JST days, today included: the same people as a condition on days since finds.
  const firstOf = (days: number) => new Date(today.getTime() - (days - 1) * dayMs)
  const from = firstOf(shownDays)
  const [people, minutes, joined, ranks, mails, videos, waiting] = await Promise.all([
    sql<{ contacts: number; members: number; active7: number; active30: number }>`
      select (select count(*) from contact where not anonymous and erased_at is null) contacts,
        (select count(*) from membership where withdrawn_at is null) members, a.*
      from (select count(distinct contact_id) filter (where last_at >= ${firstOf(7)}) active7, count(distinct contact_id) active30
        from watch w where last_at >= ${firstOf(30)} and last_at <= ${at}
          and exists (select from contact c where c.id = w.contact_id and not c.anonymous and c.erased_at is null)
          and not exists (select from account d where d.contact_id = w.contact_id and d.withdrawn_at <= ${at})) a`.execute(
      db,
    ),
    sql<{ day: string; seconds: number }>`
      select to_char(happened_at at time zone ${timeZone}, 'YYYY-MM-DD') as day, sum(gained_seconds)::int8 seconds
      from watch_report where happened_at >= ${from} and happened_at <= ${at} group by 1`.execute(db),
    sql<{ day: string; count: number }>`
      select to_char(joined_at at time zone ${timeZone}, 'YYYY-MM-DD') as day, count(*) count
      from membership m where joined_at >= ${from} and joined_at <= ${at} and withdrawn_at is null
        and exists (select from contact c where c.id = m.contact_id and not c.anonymous and c.erased_at is null) group by 1`.execute(
      db,
    ),
    sql<Overview["ranks"][number]>`
      select r.id, r.name, r.colour, count(h.contact_id) count from rank r
      left join rank_history h on h.rank_id = r.id and h.until is null group by r.id order by r.position`.execute(db),
    sql<{
      state: keyof Overview["mails"]
      count: number
    }>`select state, count(*) count from delivery group by 1`.execute(db),
    sql<Overview["topVideos"][number]>`
      select v.id, v.slug, v.title, t.watchers, t.completed,
        (select count(*) from watch e where e.video_id = v.id and e.seconds > 0) watchers_ever
      from (select video_id, count(*) watchers, count(completed_at) completed from watch
        where last_at >= ${from} and seconds > 0 group by video_id) t join video v on v.id = t.video_id
      order by t.watchers desc, v.title limit 8`.execute(db),
    sql<Overview["waiting"]>`
      select (select count(distinct contact_id) from dirty) contacts, (select count(*) from delivery where state = 'queued') mails`.execute(
      db,
    ),
  ])
  const days = Array.from({ length: shownDays }, (_, index) => dayOf(new Date(from.getTime() + index * dayMs)))
  const secondsOn = new Map(minutes.rows.map((row) => [row.day, row.seconds]))
  const joinedOn = new Map(joined.rows.map((row) => [row.day, row.count]))
  return {
    generatedAt: at.toISOString(),
    ...people.rows[0]!,
    minutesByDay: days.map((day) => ({ day, minutes: Math.round((secondsOn.get(day) ?? 0) / 60) })),
    joinedByDay: days.map((day) => ({ day, count: joinedOn.get(day) ?? 0 })),
    ranks: ranks.rows,
    mails: {
      queued: 0,
      sending: 0,
      sent: 0,
      suppressed: 0,
      failed: 0,
      uncertain: 0,
      ...Object.fromEntries(mails.rows.map((row) => [row.state, row.count])),
    },
    topVideos: videos.rows,
    topVideosDays: shownDays,
    waiting: waiting.rows[0]!,
  }
}
