import { announceEach } from "../events/index.ts"
import { addressKey } from "../identity/index.ts"
import { sql, type Tx } from "../platform/db.ts"
import { archived } from "./holding.ts"
import type { Claimed } from "./sending.ts"

/** What became of a try. `queued` means that it will be tried again. */
export type Fate = {
  mail: Claimed
  workerId: string
  state: "sent" | "queued" | "failed" | "uncertain" | "suppressed"
  reason: string | null
  /** The server says there is no such address. */
  bounced?: boolean
}

/** What the timeline says of a final fate. */
const tellings: Record<Fate["state"], string | undefined> = {
  sent: "mail.sent",
  failed: "mail.failed",
  uncertain: "mail.failed",
  suppressed: "mail.suppressed",
  queued: undefined,
}

const minuteMs = 60_000
const pauses = [0.25, 0.5, 1, 2, 5, 10, 15, 15, 15, 15, 15, 30]
const giveUpAfterMs = 3 * 86_400_000

/**
 * Writes fates, unless somebody else has claimed the mail since. That a mail was sent is true even if it was
 * given up for lost meanwhile; every other fate counts only while the claim stands. A mail that came back unsent
 * waits when its scenario was paused meanwhile, and goes no more when it was archived.
 */
export async function record(tx: Tx, fates: Fate[], at: Date): Promise<void> {
  const rows = fates.map((fate) => settled(fate, at))
  const { rows: kept } = await sql<{ id: string; state: Fate["state"]; reason: string | null }>`
    with fate as (select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as f(contact_id uuid, id uuid,
      claimed_by text, attempts integer, state text, reason text, next_try_at timestamptz, sent_at timestamptz)),
    written as (
      update delivery d set sent_at = fate.sent_at, next_try_at = case when d.next_try_at is not null then fate.next_try_at end,
        state = case when fate.state = 'queued' and d.reason = ${archived} then 'suppressed' else fate.state end,
        reason = case when fate.state = 'queued' and d.reason = ${archived} then d.reason else fate.reason end
      from fate where d.contact_id = fate.contact_id and d.id = fate.id
        and d.claimed_by = fate.claimed_by and d.attempts = fate.attempts
        and (d.state = 'sending' or (fate.state = 'sent' and d.state in ('uncertain', 'queued')))
      returning d.contact_id, d.id, d.state, d.reason),
    hidden as (
      update delivery_body b set html = replace(b.html, b.secret, '…'), text = replace(b.text, b.secret, '…'), secret = null
      from written w where b.contact_id = w.contact_id and b.delivery_id = w.id and b.secret is not null and w.state in ('sent', 'suppressed'))
    select id, state, reason from written`.execute(tx)
  const written = new Map(kept.map((row) => [row.id, row]))
  await announceEach(
    tx,
    rows.flatMap(({ id, title, contact_id: contactId, scenario_id: scenarioId }) => {
      const { state, reason: why } = written.get(id) ?? {}
      const name = state && tellings[state]
      return name ? [{ name, contactId, properties: { deliveryId: id, subject: title, scenarioId, why } }] : []
    }),
  )
  await suppressBounced(
    tx,
    fates.filter((fate) => fate.bounced && written.has(fate.mail.id)),
    at,
  )
}

function settled({ mail, workerId, state, reason }: Fate, at: Date) {
  const expired = state === "queued" && at.getTime() - mail.queuedAt.getTime() > giveUpAfterMs
  const final = expired ? "failed" : state
  return {
    contact_id: mail.contactId,
    id: mail.id,
    claimed_by: workerId,
    attempts: mail.attempts,
    state: final,
    reason,
    next_try_at: final === "queued" ? nextTry(mail.attempts, at) : null,
    sent_at: final === "sent" ? at : null,
    title: mail.title,
    scenario_id: mail.scenarioId,
  }
}

/** Pauses grow from 15 s to half an hour, spread a little so that a backlog does not return all at once. */
function nextTry(attempts: number, at: Date): Date {
  const minutes = pauses[Math.min(attempts, pauses.length) - 1] ?? 1
  return new Date(at.getTime() + minutes * minuteMs * (0.9 + Math.random() * 0.2))
}

async function suppressBounced(tx: Tx, fates: Fate[], at: Date): Promise<void> {
  if (fates.length === 0) return
  await tx
    .insertInto("suppression")
    .values(
      fates.map(({ mail, reason }) => ({
        contactId: mail.contactId,
        addressKey: addressKey(mail.recipient),
        reason: `bounced ${reason}`,
        since: at,
        until: null,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
