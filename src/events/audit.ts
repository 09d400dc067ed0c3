import type { Actor } from "../platform/actors.ts"
import { now } from "../platform/clock.ts"
import type { Tx } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"

/** Writes who did what to what into the audit, in the transaction of the act. `action` reads `noun.verb`, e.g. `segment.change`. */
export async function record(
  tx: Tx,
  by: Actor,
  action: string,
  subject: { kind: string; id: string },
  change: { before?: object; after?: object; reason?: string } = {},
): Promise<void> {
  await tx
    .insertInto("audit")
    .values({
      id: newId(),
      happenedAt: now(),
      actor: JSON.stringify(by),
      action,
      subjectKind: subject.kind,
      subjectId: subject.id,
      before: change.before ? JSON.stringify(change.before) : null,
      after: change.after ? JSON.stringify(change.after) : null,
      reason: change.reason ?? null,
    })
    .execute()
}
