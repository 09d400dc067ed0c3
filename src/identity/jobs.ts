import { announce } from "../events/index.ts"
import { now } from "../platform/clock.ts"
import { type Db, transact } from "../platform/db.ts"
import type { Job, Scheduled } from "../platform/jobs.ts"
import * as accounts from "./accounts.ts"

/** Announces account.reset_requested for who asked with a known address; for an unknown one there is nothing to do. */
async function announceReset(db: Db, payload: { contactId: string; asked: boolean }): Promise<void> {
  if (!payload.asked) return
  await transact(db, async (tx) => {
    const account = await accounts.of(tx, payload.contactId)
    if (account && !account.withdrawnAt && !account.suspendedAt)
      await announce(tx, "account.reset_requested", { contactId: payload.contactId })
  })
}

/** Forgets sessions, links, and requests for a new address whose time is over. */
async function sweep(db: Db): Promise<void> {
  const at = now()
  const daysAgo = (days: number) => new Date(at.getTime() - days * 86_400_000)
  await db.deleteFrom("session").where("expiresAt", "<", at).execute()
  await db.deleteFrom("staffSession").where("expiresAt", "<", at).execute()
  await db.deleteFrom("mailToken").where("expiresAt", "<", daysAgo(7)).execute()
  await db.deleteFrom("addressChange").where("requestedAt", "<", daysAgo(7)).execute()
}

/** The background work of identity, by job name. */
export const jobs: Record<string, Job> = { "identity.reset": announceReset, "identity.sweep": sweep }

/** When identity tidies up: every night at 3:40 in Japan. */
export const schedule: Scheduled[] = [{ job: "identity.sweep", cron: "40 18 * * *" }]
