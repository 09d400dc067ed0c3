import { now } from "../platform/clock.ts"
import { addMonths } from "../platform/dates.ts"
import { type Db, sql, transact } from "../platform/db.ts"
import type { Job, Scheduled } from "../platform/jobs.ts"
import { ensurePartitions } from "./announcements.ts"
import { move } from "./joining.ts"
import { oldest } from "./times.ts"

const chunk = 5_000

/** The background work of this module by name. */
export const jobs: Record<string, Job> = {
  "events.move": move,
  "events.forget-receipts": forgetReceipts,
  "events.make-partitions": makePartitions,
}

/** When it runs by itself, in UTC. */
export const schedule: Scheduled[] = [
  { job: "events.forget-receipts", cron: "20 18 * * *" },
  { job: "events.make-partitions", cron: "40 18 * * *" },
]

/** Forgets receipts older than 35 days, some thousand to a transaction; an event that old is not taken any more. */
async function forgetReceipts(db: Db): Promise<void> {
  const before = new Date(now().getTime() - oldest)
  for (;;) {
    const { rows } = await sql<{ gone: number }>`
      with old as (
        delete from event_receipt where ctid = any(array(
          select ctid from event_receipt where received_at < ${before} limit ${chunk})) returning 1)
      select count(*)::int as gone from old`.execute(db)
    if (rows[0]!.gone < chunk) return
  }
}

/** Makes this month's and the next month's partition ahead, so that no request waits for it at midnight. */
async function makePartitions(db: Db): Promise<void> {
  const at = now()
  await transact(db, (tx) => ensurePartitions(tx, [at, addMonths(at, 1)]))
}
