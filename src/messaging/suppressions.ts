import type { Event } from "../events/index.ts"
import { now } from "../platform/clock.ts"
import { sql, type Tx } from "../platform/db.ts"
import { announceAll } from "../events/index.ts"

/** Reaction to account.verified and account.address_changed: a mailbox that answered is alive again. */
export async function liftVerified(tx: Tx, events: Event[]): Promise<void> {
  await sql`
    update suppression s set until = ${now()} from sign_in_address a
    where s.contact_id = any(${events.map((event) => event.contactId)}::uuid[]) and s.until is null
      and a.contact_id = s.contact_id and a.address_key = s.address_key and a.verified_at is not null`.execute(tx)
}

/**
 * Reaction to consent.refused: advertising that waits is stopped in the transaction of the refusal, so that
 * a claim either commits before it or finds the mail gone. What is queued meanwhile is caught by the claim itself.
 */
export async function stopRefused(tx: Tx, events: Event[]): Promise<void> {
  const refused = events
    .filter((event) => event.properties.purpose === "advertising-mail")
    .map((event) => event.contactId)
  await stop(tx, refused, "refused", true)
}

/** Reaction to member.withdrew and account.suspended: nothing that waits goes out any more, but for what was asked for. */
export async function stopGone(tx: Tx, events: Event[]): Promise<void> {
  for (const [name, reason] of [
    ["member.withdrew", "withdrawn"],
    ["account.suspended", "suspended"],
  ] as const)
    await stop(
      tx,
      events.filter((event) => event.name === name).map((event) => event.contactId),
      reason,
      false,
    )
}

async function stop(tx: Tx, contactIds: string[], reason: string, advertisingOnly: boolean): Promise<void> {
  if (contactIds.length === 0) return
  const { rows } = await sql<{ contactId: string; id: string; subject: string; scenarioId: string | null }>`
    update delivery set state = 'suppressed', reason = ${reason}, next_try_at = null
    where contact_id = any(${contactIds}::uuid[]) and state = 'queued' and not asked_for
      ${advertisingOnly ? sql`and class = 'advertising'` : sql``}
    returning contact_id, id, subject, scenario_id`.execute(tx)
  const news = rows.map(({ contactId, id, subject, scenarioId }) => ({
    contactId,
    properties: { deliveryId: id, subject, scenarioId, why: reason },
  }))
  await announceAll(tx, "mail.suppressed", news)
}
