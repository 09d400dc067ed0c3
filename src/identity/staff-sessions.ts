import type { StaffRole } from "../platform/actors.ts"
import { now } from "../platform/clock.ts"
import type { Db, Tx } from "../platform/db.ts"
import { newToken, packToken, unpackToken } from "../platform/tokens.ts"
import type { Locale } from "../platform/words.ts"

/** A session of staff lasts a week from the last visit. */
export const lifeSeconds = 7 * 86_400

/** Who of the staff is signed in. */
type SignedIn = { staffId: string; role: StaffRole; locale: Locale; seenAt: Date }

/** Opens a session and gives the word for its cookie. */
export async function open(tx: Tx, staffId: string, userAgent: string | undefined): Promise<string> {
  const at = now()
  const word = packToken(staffId, newToken())
  await tx
    .insertInto("staffSession")
    .values({
      staffId,
      tokenHash: unpackToken(word)!.hash,
      openedAt: at,
      seenAt: at,
      expiresAt: endOf(at),
      userAgent: userAgent?.slice(0, 300) ?? null,
    })
    .execute()
  return word
}

/** Who signed in with a cookie's word; nothing when the session ended or the person was shut out. */
export async function who(db: Db, word: string | undefined): Promise<SignedIn | undefined> {
  const key = word ? unpackToken(word) : undefined
  if (!key) return undefined
  return db
    .selectFrom("staffSession")
    .innerJoin("staff", "staff.id", "staffSession.staffId")
    .select(["staffId", "role", "locale", "seenAt"])
    .where("staffId", "=", key.id)
    .where("tokenHash", "=", key.hash)
    .where("expiresAt", ">", now())
    .where("disabledAt", "is", null)
    .executeTakeFirst()
}

/** Writes the visit down and moves the end of the session. */
export async function touch(db: Db, word: string): Promise<void> {
  const key = unpackToken(word)
  if (!key) return
  const at = now()
  await db
    .updateTable("staffSession")
    .set({ seenAt: at, expiresAt: endOf(at) })
    .where("staffId", "=", key.id)
    .where("tokenHash", "=", key.hash)
    .execute()
}

/** Ends one session: sign-out. */
export async function end(tx: Tx, word: string): Promise<void> {
  const key = unpackToken(word)
  if (!key) return
  await tx.deleteFrom("staffSession").where("staffId", "=", key.id).where("tokenHash", "=", key.hash).execute()
}

/** Ends all sessions of somebody, or all but the one of `keptWord`. */
export async function endAll(tx: Tx, staffId: string, keptWord?: string): Promise<void> {
  const kept = keptWord ? unpackToken(keptWord) : undefined
  await tx
    .deleteFrom("staffSession")
    .where("staffId", "=", staffId)
    .$if(kept?.id === staffId, (query) => query.where("tokenHash", "!=", kept!.hash))
    .execute()
}

function endOf(at: Date): Date {
  return new Date(at.getTime() + lifeSeconds * 1000)
}
