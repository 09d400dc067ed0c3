import { announceAll } from "../events/index.ts"
import { sql, type Tx } from "../platform/db.ts"

/** Why a scenario's mails are not sent after its end. */
export const archived = "scenario-archived"

/** Keeps a scenario's queued mails back. What SMTP has been given is out of reach; should it come back unsent, it waits with the others. */
export async function hold(tx: Tx, scenarioId: string): Promise<void> {
  await sql`update delivery set next_try_at = null
    where scenario_id = ${scenarioId} and state in ('queued', 'sending')`.execute(tx)
}

/** Lets a scenario's mails go out that were kept back. */
export async function release(tx: Tx, scenarioId: string, at: Date): Promise<void> {
  await sql`update delivery set next_try_at = ${at}
    where scenario_id = ${scenarioId} and state in ('queued', 'sending') and next_try_at is null`.execute(tx)
  await sql`select pg_notify('delivery', '')`.execute(tx)
}

/** Ends a scenario's queued mails: they are suppressed and say so, at once or when SMTP gives them back unsent. */
export async function drop(tx: Tx, scenarioId: string): Promise<void> {
  await sql`update delivery set next_try_at = null, reason = ${archived}
    where scenario_id = ${scenarioId} and state = 'sending'`.execute(tx)
  const { rows } = await sql<{ contactId: string; id: string; subject: string }>`
    update delivery set state = 'suppressed', reason = ${archived}, next_try_at = null
    where scenario_id = ${scenarioId} and state = 'queued' returning contact_id, id, subject`.execute(tx)
  const news = rows.map(({ contactId, id, subject }) => ({
    contactId,
    properties: { deliveryId: id, subject, scenarioId, why: archived },
  }))
  await announceAll(tx, "mail.suppressed", news)
}
