import { outbox } from "../messaging/index.ts"
import * as cursors from "../platform/cursors.ts"
import { type Db, sql } from "../platform/db.ts"
import type { RunState } from "./tables.ts"

type RunLine = {
  id: string
  contactId: string
  familyName: string
  givenName: string
  version: number
  state: RunState
  step: string | null
  wakeAt: Date | null
  enteredAt: Date
  entryReason: object
  endedAt: Date | null
  endReason: object | null
}

type Counts = {
  entered: number
  running: number
  finished: number
  exited: number
  stopped: number
  /** People who went in and of whom the goal came true since. */
  reachedGoal: number
  /** How many people stand at each step. */
  atStep: Record<string, number>
  mails: Awaited<ReturnType<typeof outbox.counts>>
}

/** The runs of a scenario, the last to go in first. */
export async function runsOf(
  db: Db,
  scenarioId: string,
  options: { state?: RunState; step?: string; contactId?: string; cursor?: string; limit?: number },
): Promise<{ data: RunLine[]; nextCursor: string | null }> {
  const limit = Math.min(Math.max(options.limit ?? 50, 1), 200)
  const place = cursors.timeOf(options.cursor)
  const { rows } = await sql<RunLine>`
    select r.id, r.contact_id, coalesce(p.family_name, '') as family_name, coalesce(p.given_name, '') as given_name, r.version,
      r.state, r.step, r.wake_at, r.entered_at, r.entry_reason, r.ended_at, r.end_reason
    from scenario_run r left join profile p on p.contact_id = r.contact_id
    where r.scenario_id = ${scenarioId}
      and ${options.state ? sql`r.state = ${options.state}` : sql`true`}
      and ${options.step ? sql`r.step = ${options.step}` : sql`true`}
      and ${options.contactId ? sql`r.contact_id = ${options.contactId}::uuid` : sql`true`}
      and ${place ? sql`(r.entered_at, r.id) < (${place.at}, ${place.id}::uuid)` : sql`true`}
    order by r.entered_at desc, r.id desc limit ${limit + 1}`.execute(db)
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1)! : undefined
  return {
    data: shown,
    nextCursor: last ? cursors.atTime(last.enteredAt, last.id) : null,
  }
}

/** How a scenario goes: people by state and step, mails by fate. */
export async function counts(db: Db, scenarioId: string): Promise<Counts> {
  const { rows } = await sql<{ state: RunState; step: string | null; n: number }>`
    select state, step, count(*) as n from scenario_run where scenario_id = ${scenarioId} group by state, step`.execute(
    db,
  )
  const { rows: goals } = await sql<{ n: number }>`
    select count(distinct r.contact_id) as n from scenario_run r
      join condition c on c.owner_kind = 'scenario.goal' and c.owner_id = r.scenario_id
      join holding_history h on h.contact_id = r.contact_id and h.condition_id = c.id and h.entered_at >= r.entered_at
    where r.scenario_id = ${scenarioId}`.execute(db)
  const of = (state: RunState) => rows.filter((row) => row.state === state).reduce((sum, { n }) => sum + n, 0)
  return {
    entered: rows.reduce((sum, { n }) => sum + n, 0),
    running: of("running"),
    finished: of("finished"),
    exited: of("exited"),
    stopped: of("stopped"),
    reachedGoal: goals[0]!.n,
    atStep: Object.fromEntries(
      rows.filter((row) => row.state === "running" && row.step).map(({ step, n }) => [step!, n]),
    ),
    mails: await outbox.counts(db, { scenarioId }),
  }
}
