import { announceEach } from "../events/index.ts"
import { sql, type Tx } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import * as changes from "./changes.ts"
import type { Reason } from "./reasons.ts"
import type { Kept } from "./registry.ts"

/** A condition became true or false of somebody. */
export type Change = {
  contactId: string
  conditionId: string
  ownerKind: string
  ownerId: string
  /** Whether it is true now. */
  entered: boolean
  /** When it became so by what happened, and when that was noticed. */
  happenedAt: Date
  decidedAt: Date
  reason: Reason
  /** Only records of the past caused it: facts follow, nothing is started and nobody is mailed. */
  history: boolean
  /** Something changed of the person, time passed, or the condition itself is new or was edited. */
  cause: "change" | "time" | "build"
}

/** What an owner of conditions does when answers change: in the evaluating transaction, set-based, no call to the outside. */
type ChangeHandler = (tx: Tx, changes: Change[]) => Promise<void>

let handlers: Record<string, ChangeHandler> = {}

/** Sets, per owner kind, who hears of changed answers; called once by the composition root. */
export function onChange(list: Record<string, ChangeHandler>): void {
  handlers = list
}

/** A difference between what is kept and what was found. */
export type Difference = {
  contactId: string
  condition: Kept
  entered: boolean
  happenedAt: Date
  reason: Reason
  history: boolean
  cause: Change["cause"]
}

/**
 * Writes differences: holding and history, then what follows from them. Whoever calls holds the lock on the contacts.
 * Differences that are already so are passed over. Gives what really changed.
 */
export async function settle(tx: Tx, differences: Difference[], decidedAt: Date): Promise<Change[]> {
  if (differences.length === 0) return []
  const entered = differences.filter((difference) => difference.entered)
  const left = differences.filter((difference) => !difference.entered)
  const done = new Set([...(await enter(tx, entered, decidedAt)), ...(await leave(tx, left, decidedAt))])
  const settled = differences
    .filter(({ contactId, condition }) => done.has(contactId + condition.id))
    .map(
      ({ condition, ...rest }): Change => ({
        ...rest,
        conditionId: condition.id,
        ownerKind: condition.ownerKind,
        ownerId: condition.ownerId,
        decidedAt,
      }),
    )
  await follow(tx, settled)
  return settled
}

async function follow(tx: Tx, settled: Change[]): Promise<void> {
  const byKind = Map.groupBy(settled, (change) => change.ownerKind)
  const ofSegments = byKind.get("segment")
  if (ofSegments) await tell(tx, ofSegments)
  for (const [kind, list] of byKind) await handlers[kind]?.(tx, list)
}

/** Entering and leaving a segment stands on the timeline, unless the segment itself was made or edited: then nothing happened to the person. */
async function tell(tx: Tx, settled: Change[]): Promise<void> {
  await announceEach(
    tx,
    settled
      .filter(({ cause }) => cause !== "build")
      .map(({ contactId, ownerId, entered, happenedAt, history, reason }) => ({
        name: entered ? "segment.entered" : "segment.left",
        contactId,
        happenedAt,
        history,
        properties: { segmentId: ownerId, reason },
      })),
  )
  await changes.mark(
    tx,
    settled.map(({ contactId, ownerId, happenedAt, history }) => ({
      contactId,
      changes: [`segment:${ownerId}`],
      happenedAt,
      history,
    })),
  )
}

async function enter(tx: Tx, list: Difference[], decidedAt: Date): Promise<string[]> {
  if (list.length === 0) return []
  const { rows } = await sql<{ contactId: string; conditionId: string }>`
    with e as materialized (select * from jsonb_to_recordset(${rowsOf(list, true)}::jsonb) as
        e(contact_id uuid, condition_id uuid, id uuid, happened_at timestamptz, reason jsonb, version int)),
    h as (
      insert into holding (contact_id, condition_id, since) select contact_id, condition_id, happened_at from e
      where not exists (select from holding o where o.contact_id = e.contact_id and o.condition_id = e.condition_id)
      returning contact_id, condition_id)
    insert into holding_history (contact_id, condition_id, id, entered_at, entered_decided_at, entered_reason, version)
    select contact_id, condition_id, e.id, e.happened_at, ${decidedAt}, e.reason, e.version
    from e join h using (contact_id, condition_id)
    returning contact_id, condition_id`.execute(tx)
  return rows.map((row) => row.contactId + row.conditionId)
}

async function leave(tx: Tx, list: Difference[], decidedAt: Date): Promise<string[]> {
  if (list.length === 0) return []
  const { rows } = await sql<{ contactId: string; conditionId: string }>`
    with e as materialized (select * from jsonb_to_recordset(${rowsOf(list, false)}::jsonb) as
        e(contact_id uuid, condition_id uuid, happened_at timestamptz, reason jsonb)),
    gone as (
      delete from holding h using e where h.contact_id = e.contact_id and h.condition_id = e.condition_id
      returning h.contact_id, h.condition_id),
    closed as (
      update holding_history hh set left_at = greatest(hh.entered_at, e.happened_at),
        left_decided_at = ${decidedAt}, left_reason = e.reason
      from e join gone using (contact_id, condition_id)
      where hh.contact_id = e.contact_id and hh.condition_id = e.condition_id and hh.left_at is null)
    select contact_id, condition_id from gone`.execute(tx)
  return rows.map((row) => row.contactId + row.conditionId)
}

function rowsOf(list: Difference[], entering: boolean): string {
  return JSON.stringify(
    list.map(({ contactId, condition, happenedAt, reason }) => ({
      contact_id: contactId,
      condition_id: condition.id,
      happened_at: happenedAt,
      reason,
      ...(entering ? { id: newId(), version: condition.version } : {}),
    })),
  )
}
