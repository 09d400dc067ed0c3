import type { Change } from "../audience/index.ts"
import { announceAll, type Event } from "../events/index.ts"
import { now } from "../platform/clock.ts"
import { type Db, sql, transact, type Tx } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import { advance, type Run } from "./steps.ts"
import * as versions from "./versions.ts"

const batch = 100

/**
 * Wakes runs that are due, a batch at a time, and moves them on; says whether there may be more. Passes over people who are
 * being evaluated and scenarios that are being changed: whoever waited for them while holding runs could wait for ever.
 */
export async function turn(db: Db, at: Date = now()): Promise<boolean> {
  return transact(db, async (tx) => {
    const { rows } = await sql<Run>`
      select r.contact_id, r.id, r.scenario_id, r.version, r.step, r.entry_reason
      from scenario_run r join scenario s on s.id = r.scenario_id and s.state = 'live' join contact c on c.id = r.contact_id
      where r.state = 'running' and r.wake_at <= ${at} order by r.wake_at limit ${batch}
      for no key update of r, c skip locked for key share of s skip locked`.execute(tx)
    if (rows.length === 0) return false
    await advance(
      tx,
      rows,
      await versions.of(
        tx,
        rows.map((run) => run.scenarioId),
      ),
      at,
    )
    return rows.length === batch
  })
}

/**
 * What follows when the entry of a scenario comes true (owner kind `scenario.entry`): people go in, in the transaction that
 * noticed it, and take every step up to the first wait. Records of the past start nothing, nor do people of whom it was
 * true before the scenario asked, unless it wants them. Nobody is in a scenario twice, and nobody goes in who has
 * withdrawn, is suspended or erased by now, whatever the answer was when the question was asked.
 */
export async function enter(tx: Tx, changes: Change[]): Promise<void> {
  const wanted = changes.filter((change) => change.entered && !change.history)
  if (wanted.length === 0) return
  const scenarioIds = [...new Set(wanted.map((change) => change.ownerId))]
  // A scenario that is being paused or ended is waited for: nobody may slip in beside it. Sent together, answered in turn.
  const [, all] = await Promise.all([
    sql`select from scenario where id = any(${scenarioIds}::uuid[]) order by id for key share`.execute(tx),
    versions.of(tx, scenarioIds),
  ])
  const current = new Map([...all.values()].filter((one) => one.isCurrent).map((one) => [one.scenarioId, one]))
  const entering = wanted.filter((change) => {
    const scenario = current.get(change.ownerId)
    return scenario?.state === "live" && (change.cause !== "build" || scenario.definition.enterExisting)
  })
  if (entering.length === 0) return
  const present = await welcome(
    tx,
    entering.map((change) => change.contactId),
  )
  const decidedAt = entering[0]!.decidedAt
  const rows = entering.flatMap((change) => {
    if (!present.has(change.contactId)) return []
    const { version, exitId } = current.get(change.ownerId)!
    return {
      contact_id: change.contactId,
      id: newId(),
      scenario_id: change.ownerId,
      version,
      exit_id: exitId,
      entry_reason: change.reason,
    }
  })
  if (rows.length === 0) return
  const { rows: runs } = await sql<Run>`
    insert into scenario_run (contact_id, id, scenario_id, version, state, entered_at, entry_reason)
    select n.contact_id, n.id, n.scenario_id, n.version, 'running', ${decidedAt}::timestamptz, n.entry_reason
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n(contact_id uuid, id uuid, scenario_id uuid, version integer,
      exit_id uuid, entry_reason jsonb) join scenario s on s.id = n.scenario_id
    where not exists (select from scenario_run r where r.contact_id = n.contact_id and r.scenario_id = n.scenario_id
        and (s.reentry = 'never' or r.state = 'running'))
      and not exists (select from holding h join condition c on c.id = h.condition_id
        where h.contact_id = n.contact_id and c.owner_kind = 'scenario.exit' and c.owner_id = n.exit_id and c.state <> 'retired')
    on conflict (contact_id, scenario_id) where state = 'running' do nothing
    returning contact_id, id, scenario_id, version, step, entry_reason`.execute(tx)
  await advance(tx, runs, all, decidedAt, true)
}

/**
 * Those of these people who may go in. Their accounts are held until the transaction ends: who withdraws or is suspended at
 * this very moment either is seen here, or waits and then finds the run.
 */
async function welcome(tx: Tx, contactIds: string[]): Promise<Set<string>> {
  const [, { rows }] = await Promise.all([
    sql`select from account where contact_id = any(${contactIds}::uuid[]) order by contact_id for share`.execute(tx),
    sql<{ id: string }>`
      select c.id from contact c
        left join account a on a.contact_id = c.id
        left join membership m on m.contact_id = c.id
      where c.id = any(${contactIds}::uuid[]) and c.erased_at is null
        and a.withdrawn_at is null and a.suspended_at is null and m.withdrawn_at is null`.execute(tx),
  ])
  return new Set(rows.map((row) => row.id))
}

/** What follows when the exit of a version comes true (owner kind `scenario.exit`): whoever is on it leaves, at once. */
export async function exit(tx: Tx, changes: Change[]): Promise<void> {
  const coming = changes.filter((change) => change.entered)
  if (coming.length === 0) return
  const rows = coming.map(({ contactId, ownerId, reason, decidedAt }) => ({
    contact_id: contactId,
    exit_id: ownerId,
    ended_at: decidedAt,
    reason: { kind: "exit", ...reason },
  }))
  await leave(
    tx,
    sql`from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n(contact_id uuid, exit_id uuid, ended_at timestamptz, reason jsonb)
      join scenario_version v on v.exit_id = n.exit_id
      where r.contact_id = n.contact_id and r.scenario_id = v.scenario_id and r.version = v.version and r.state = 'running'`,
    "exited",
  )
}

/** Reaction to member.withdrew: leaves every scenario in the transaction of the withdrawal. */
export async function exitWithdrawn(tx: Tx, events: Event[]): Promise<void> {
  const contactIds = events.map((event) => event.contactId)
  await leave(
    tx,
    sql`from (select ${now()}::timestamptz as ended_at, '{"kind": "withdrawn"}'::jsonb as reason) n
      where r.contact_id = any(${contactIds}::uuid[]) and r.state = 'running'`,
    "exited",
  )
}

/** Ends everybody's run of a scenario; for archiving. */
export async function stopAll(tx: Tx, scenarioId: string, at: Date): Promise<void> {
  await leave(
    tx,
    sql`from (select ${at}::timestamptz as ended_at, '{"kind": "archived"}'::jsonb as reason) n
      where r.scenario_id = ${scenarioId} and r.state = 'running'`,
    "stopped",
  )
}

async function leave(tx: Tx, which: ReturnType<typeof sql>, state: "exited" | "stopped"): Promise<void> {
  const { rows } = await sql<{ contactId: string; id: string; scenarioId: string; endReason: object }>`
    update scenario_run r set state = ${state}, step = null, wake_at = null, ended_at = n.ended_at, end_reason = n.reason
    ${which} returning r.contact_id, r.id, r.scenario_id, r.end_reason`.execute(tx)
  const news = rows.map(({ contactId, id, scenarioId, endReason }) => ({
    contactId,
    properties: { scenarioId, runId: id, reason: endReason },
  }))
  await announceAll(tx, "scenario.exited", news)
}
