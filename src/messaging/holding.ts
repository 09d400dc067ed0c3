import { announceAll } from "../events/index.ts"
import { sql, type Tx } from "../platform/db.ts"

/** Keeps a scenario's queued mails back; what SMTP has already been given is out of reach. */
export async function hold(tx: Tx, scenarioId: string): Promise<void> {
  await sql`update delivery set next_try_at = null where scenario_id = ${scenarioId} and state = 'queued'`.execute(tx)
}

/** Lets a scenario's mails go out that were kept back. */
export async function release(tx: Tx, scenarioId: string, at: Date): Promise<void> {
  await sql`update delivery set next_try_at = ${at} where scenario_id = ${scenarioId} and state = 'queued' and next_try_at is null`.execute(
    tx,
  )
  await sql`select pg_notify('delivery', '')`.execute(tx)
}

/** Ends a scenario's queued mails: they are suppressed and say so. */
export async function drop(tx: Tx, scenarioId: string): Promise<void> {
  const { rows } = await sql<{ contactId: string; id: string; subject: string }>`
    update delivery set state = 'suppressed', reason = 'scenario-archived', next_try_at = null
    where scenario_id = ${scenarioId} and state = 'queued' returning contact_id, id, subject`.execute(tx)
  const news = rows.map(({ contactId, id, subject }) => ({
    contactId,
    properties: { deliveryId: id, subject, scenarioId, why: "scenario-archived" },
  }))
  await announceAll(tx, "mail.suppressed", news)
}
