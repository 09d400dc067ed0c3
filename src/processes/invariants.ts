import type pg from "pg"

type Invariant = { holds: string; broken: string }

/** What must always hold, each as a query that returns the rows for which it does not. `$1`, where it is asked for, is the instant of the check. */
export const invariants: Invariant[] = [
  {
    holds: "every event belongs to a contact that exists",
    broken: "select e.contact_id from event e left join contact c on c.id = e.contact_id where c.id is null",
  },
  {
    holds: "no event lies after the moment it was received",
    broken: "select id from event where happened_at > received_at + interval '1 second'",
  },
  {
    holds: "an alias never points to an alias",
    broken: "select a.origin_id from alias a join alias b on b.origin_id = a.contact_id",
  },
  {
    holds: "a member who has not withdrawn holds exactly one rank, when there are ranks",
    broken: `select m.contact_id from membership m left join rank_history h on h.contact_id = m.contact_id and h.until is null
             where m.withdrawn_at is null and h.contact_id is null and exists (select from rank)`,
  },
  {
    holds: "rank history has no overlaps",
    broken: `select contact_id from (select contact_id, until, lead(since) over (partition by contact_id order by since) next from rank_history) h
             where next is not null and (until is null or until > next)`,
  },
  {
    holds: "dated properties have no overlaps",
    broken: `select contact_id from (select contact_id, name, until, lead(since) over (partition by contact_id, name order by since) next from contact_property) h
             where next is not null and (until is null or until > next)`,
  },
  {
    holds: "watched seconds are the measure of the union of ranges, as far as the video goes",
    broken: `select contact_id from watch w join video v on v.id = w.video_id and v.duration_seconds is not null
             where seconds <> watched_seconds(w.ranges * int4multirange(int4range(0, v.duration_seconds)))`,
  },
  {
    holds: "the union of a person's reports is what is known to be watched",
    broken: `select w.contact_id from watch w join lateral
               (select range_agg(r) united from watch_report p, unnest(p.ranges) r where p.contact_id = w.contact_id and p.video_id = w.video_id) u on true
             where u.united is not null and u.united <> w.ranges`,
  },
  {
    holds: "gained seconds add up to the union of ranges",
    broken: `select w.contact_id from watch w join lateral
               (select sum(gained_seconds) gained from watch_report p where p.contact_id = w.contact_id and p.video_id = w.video_id) g on true
             where g.gained is not null and g.gained <> watched_seconds(w.ranges)`,
  },
  {
    holds: "a condition held has one open line of history, and the other way round",
    broken: `select coalesce(h.contact_id, o.contact_id) from holding h
             full join (select contact_id, condition_id from holding_history where left_at is null) o using (contact_id, condition_id)
             where (h.contact_id is null or o.contact_id is null)`,
  },
  {
    holds: "no advertising mail was claimed after the contact's refusal",
    broken: `select d.id from delivery d join consent c on c.contact_id = d.contact_id and c.purpose = 'advertising-mail' and not c.granted
             where d.class = 'advertising' and d.claimed_at > c.since and (c.until is null or d.claimed_at < c.until)`,
  },
  {
    holds: "no advertising mail was claimed after the member withdrew",
    broken: `select d.id from delivery d join membership m using (contact_id)
             where d.class = 'advertising' and d.claimed_at > m.withdrawn_at`,
  },
  {
    holds: "no mail has been in the hands of a worker for over two minutes",
    broken: "select id from delivery where state = 'sending' and claimed_at < $1::timestamptz - interval '2 minutes'",
  },
  {
    holds: "a sent mail has its time, another has none",
    broken: "select id from delivery where (state = 'sent') <> (sent_at is not null)",
  },
  {
    holds: "a run of a scenario that has ended has its time and waits for nothing",
    broken: "select id from scenario_run where state <> 'running' and (wake_at is not null or ended_at is null)",
  },
  {
    holds: "no contact waits longer than ten minutes to be looked at",
    broken: `select contact_id from dirty where happened_at < $1::timestamptz - interval '10 minutes' and not history
             and exists (select from worker_heartbeat where seen_at > $1::timestamptz - interval '1 minute')`,
  },
  {
    holds: "a withdrawn or suspended account has no sessions",
    broken: `select s.contact_id from session s join account a using (contact_id)
             where (a.withdrawn_at is not null or a.suspended_at is not null)`,
  },
  {
    holds: "an owner is there, once there is staff",
    broken: `select 1 where exists (select from staff) and not exists (select from staff where role = 'owner' and disabled_at is null)`,
  },
]

/** The first column of the first rows for which an invariant does not hold. */
export async function examples(pool: pg.Pool, { broken }: Invariant, at: Date): Promise<unknown[]> {
  const { rows } = await pool.query(`select * from (${broken}) broken limit 4`, broken.includes("$1") ? [at] : [])
  return rows.map((row) => Object.values(row)[0])
}
