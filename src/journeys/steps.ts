import { announceEach } from "../events/index.ts"
import { type Block, deliveries, quietUntil, senders } from "../messaging/index.ts"
import { dayOf, startOfDay } from "../platform/dates.ts"
import { sql, type Tx } from "../platform/db.ts"
import type { Locale } from "../platform/words.ts"
import { type MailStep, milliseconds, type Step } from "./definitions.ts"
import * as nextVideos from "./next-videos.ts"
import { keyOf, type Version } from "./versions.ts"

/** Somebody on their way: `step` is the wait they have been through, or the step they stand before; null is the beginning. */
export type Run = {
  contactId: string
  id: string
  scenarioId: string
  version: number
  step: string | null
  entryReason: object
}
type Going = Run & { version: number; steps: Step[]; index: number; exitId: string }
type Outcome =
  | { state: "running"; step: string; wakeAt: Date }
  | { state: "finished" }
  | { state: "exited"; reason: object }

/** Steps a person may take on one day, in all scenarios: the brake on loops. */
export const stepsPerDay = 50

/**
 * Moves runs on until each waits or ends, and writes where they are. Steps without a wait between are taken in one go.
 * Whoever calls holds the runs and their people. A run whose exit has come true leaves before its next mail. Those who have
 * just `entered` are told of, and were asked for their exit.
 */
export async function advance(
  tx: Tx,
  runs: Run[],
  versions: Map<string, Version>,
  at: Date,
  entered = false,
): Promise<void> {
  const outcomes = new Map<string, Outcome>()
  let going = runs.map((run): Going => {
    const { definition, exitId } = versions.get(keyOf(run))!
    const index = run.step === null ? 0 : definition.steps.findIndex(({ key }) => key === run.step)
    const through = run.step !== null && definition.steps[index]?.kind === "wait" ? 1 : 0
    return { ...run, steps: definition.steps, index: index + through, exitId }
  })
  while (going.length > 0) {
    const atMail: (Going & { mail: MailStep })[] = []
    for (const run of going) {
      const step = run.steps[run.index]
      if (!step) outcomes.set(run.id, { state: "finished" })
      else if (step.kind === "mail") atMail.push({ ...run, mail: step })
      else
        outcomes.set(run.id, {
          state: "running",
          step: step.key,
          wakeAt: new Date(at.getTime() + milliseconds(step.for)!),
        })
    }
    going = (await mail(tx, atMail, outcomes, at, entered)).map((run) => ({ ...run, index: run.index + 1 }))
  }
  await write(tx, runs, outcomes, at)
  await tell(tx, runs, outcomes, entered)
}

/** Queues the mails that may go now and returns their runs; the others leave or wait, as `outcomes` then says. */
async function mail(
  tx: Tx,
  runs: (Going & { mail: MailStep })[],
  outcomes: Map<string, Outcome>,
  at: Date,
  entered: boolean,
): Promise<Going[]> {
  if (runs.length === 0) return []
  const rules = await senders.rules(tx)
  const quiet = quietUntil(at, rules.limits)
  const gone = entered ? new Set() : await exited(tx, runs)
  const awake = runs.filter((run) => {
    if (gone.has(run.id)) outcomes.set(run.id, { state: "exited", reason: { kind: "exit" } })
    else if (quiet && run.mail.class === "advertising")
      outcomes.set(run.id, { state: "running", step: run.mail.key, wakeAt: quiet })
    else return true
    return false
  })
  const allowed = await spend(tx, awake, at)
  const tomorrow = new Date(startOfDay(dayOf(at)).getTime() + 86_400_000)
  const sending = awake.filter((run) => {
    const left = allowed.get(run.contactId)!
    allowed.set(run.contactId, left - 1)
    if (left > 0) return true
    outcomes.set(run.id, { state: "running", step: run.mail.key, wakeAt: tomorrow })
    return false
  })
  const drafts: deliveries.Draft[] = []
  for (const run of sending) {
    drafts.push({
      contactId: run.contactId,
      runId: run.id,
      step: run.mail.key,
      class: run.mail.class,
      subject: run.mail.subject,
      blocks: await blocksFor(tx, run.mail, run.contactId, at),
      scenarioId: run.scenarioId,
      why: { scenarioId: run.scenarioId, runId: run.id, version: run.version, entry: run.entryReason },
      at,
    })
  }
  await deliveries.queueAll(tx, drafts, { rules, held: true })
  return sending
}

/** A mail's body for one person: the next videos are looked up for them. */
export async function blocksFor(
  tx: Tx,
  { body }: Pick<MailStep, "body">,
  contactId: string,
  at: Date,
): Promise<Block[]> {
  const blocks: Block[] = []
  for (const block of body) {
    if (block.kind !== "next-videos") blocks.push(block)
    else {
      const cards = await nextVideos.cards(tx, contactId, block.count, await localeOf(tx, contactId), at)
      if (cards.length > 0) blocks.push({ kind: "cards", cards })
    }
  }
  return blocks
}

async function localeOf(tx: Tx, contactId: string): Promise<Locale> {
  const row = await tx.selectFrom("account").select("locale").where("contactId", "=", contactId).executeTakeFirst()
  return row?.locale ?? "ja"
}

/** The runs whose exit condition holds of their person. */
async function exited(tx: Tx, runs: Going[]): Promise<Set<string>> {
  const { rows } = await sql<{ contactId: string; exitId: string }>`
    select h.contact_id, c.owner_id as exit_id from holding h join condition c on c.id = h.condition_id
    where h.contact_id = any(${runs.map((run) => run.contactId)}::uuid[]) and c.owner_kind = 'scenario.exit'
      and c.owner_id = any(${[...new Set(runs.map((run) => run.exitId))]}::uuid[]) and c.state <> 'retired'`.execute(tx)
  const left = new Set(rows.map((row) => row.contactId + row.exitId))
  return new Set(runs.filter((run) => left.has(run.contactId + run.exitId)).map((run) => run.id))
}

/** Books a step for each run, and forgets what was booked on other days; gives how many of them each person may take. */
async function spend(tx: Tx, runs: Run[], at: Date): Promise<Map<string, number>> {
  if (runs.length === 0) return new Map()
  const contactIds = runs.map((run) => run.contactId)
  const { rows } = await sql<{ contactId: string; steps: number }>`
    with past as (delete from step_budget where contact_id = any(${contactIds}::uuid[]) and on_day < ${dayOf(at)}::date)
    insert into step_budget (contact_id, on_day, steps)
    select id, ${dayOf(at)}::date, count(*) from unnest(${contactIds}::uuid[]) id group by id order by id
    on conflict (contact_id, on_day) do update set steps = step_budget.steps + excluded.steps
    returning contact_id, steps`.execute(tx)
  const wanted = Map.groupBy(contactIds, (id) => id)
  return new Map(rows.map(({ contactId, steps }) => [contactId, stepsPerDay - (steps - wanted.get(contactId)!.length)]))
}

async function write(tx: Tx, runs: Run[], outcomes: Map<string, Outcome>, at: Date): Promise<void> {
  const rows = runs.map(({ contactId, id }) => {
    const outcome = outcomes.get(id)!
    const running = outcome.state === "running"
    return {
      contact_id: contactId,
      id,
      state: outcome.state,
      step: running ? outcome.step : null,
      wake_at: running ? outcome.wakeAt : null,
      ended_at: running ? null : at,
      end_reason: outcome.state === "exited" ? outcome.reason : null,
    }
  })
  await sql`
    update scenario_run r set state = n.state, step = n.step, wake_at = n.wake_at, ended_at = n.ended_at, end_reason = n.end_reason
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as n(contact_id uuid, id uuid, state text, step text,
      wake_at timestamptz, ended_at timestamptz, end_reason jsonb)
    where r.contact_id = n.contact_id and r.id = n.id and r.state = 'running'`.execute(tx)
}

/** Puts on the timelines who went in, came to the end, or left. */
async function tell(tx: Tx, runs: Run[], outcomes: Map<string, Outcome>, entered: boolean): Promise<void> {
  const about = (name: string, { contactId, scenarioId, id }: Run, reason?: object) => ({
    name,
    contactId,
    properties: { scenarioId, runId: id, ...(reason ? { reason } : {}) },
  })
  const went = entered ? runs.map((run) => about("scenario.entered", run, run.entryReason)) : []
  const ended = runs.flatMap((run) => {
    const outcome = outcomes.get(run.id)!
    if (outcome.state === "running") return []
    return [about(`scenario.${outcome.state}`, run, outcome.state === "exited" ? outcome.reason : undefined)]
  })
  await announceEach(tx, [...went, ...ended])
}
