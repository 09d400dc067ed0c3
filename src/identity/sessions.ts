import type { RawBuilder } from "kysely"
import { now } from "../platform/clock.ts"
import type { Db, Tx } from "../platform/db.ts"
import { sql } from "../platform/db.ts"
import { newToken, packToken, unpackToken } from "../platform/tokens.ts"
import type { Locale } from "../platform/words.ts"

/** A member's session lasts 30 days from the last visit. */
export const lifeSeconds = 30 * 86_400
/** A visit is written down at most this often. */
const noteEverySeconds = 300

/** What the cookie names: whose session, and the hash of its token. */
type SessionKey = { contactId: string; hash: Buffer }
/** Who is signed in. */
type Member = { contactId: string; locale: Locale; seenAt: Date }

/** Opens a session and gives the word for its cookie. */
export async function open(tx: Tx, contactId: string, userAgent: string | undefined): Promise<string> {
  const at = now()
  const word = packToken(contactId, newToken())
  await tx
    .insertInto("session")
    .values({
      contactId,
      tokenHash: unpackToken(word)!.hash,
      openedAt: at,
      seenAt: at,
      expiresAt: after(at, lifeSeconds),
      userAgent: userAgent?.slice(0, 300) ?? null,
    })
    .execute()
  return word
}

/** Reads a cookie's word; nothing when it is not one of ours. */
export function parse(word: string | undefined): SessionKey | undefined {
  const found = word ? unpackToken(word) : undefined
  return found && { contactId: found.id, hash: found.hash }
}

/** The row `(contact_id, locale, seen_at)` of a session that counts at an instant, for joining into a page's own query: one look-up by primary key each. */
export function live(key: SessionKey, at: Date): RawBuilder<{ contact_id: string; locale: Locale; seen_at: Date }> {
  return sql`select s.contact_id, a.locale, s.seen_at from session s join account a on a.contact_id = s.contact_id
    where s.contact_id = ${key.contactId}::uuid and s.token_hash = ${key.hash} and s.expires_at > ${at}
      and a.suspended_at is null and a.withdrawn_at is null`
}

/** Who signed in with a cookie's word; nothing when the session ended or the account is suspended or closed. */
export async function who(db: Db, word: string | undefined): Promise<Member | undefined> {
  const key = parse(word)
  if (!key) return undefined
  const { rows } = await live(key, now()).execute(db)
  return rows[0] as Member | undefined
}

/** Whether the visit should be written down now. */
export function isStale(seenAt: Date, at: Date): boolean {
  return at.getTime() - seenAt.getTime() >= noteEverySeconds * 1000
}

/** Writes the visit down and moves the end of the session. */
export async function touch(db: Db, word: string): Promise<void> {
  const key = parse(word)
  const at = now()
  if (!key) return
  await db
    .updateTable("session")
    .set({ seenAt: at, expiresAt: after(at, lifeSeconds) })
    .where("contactId", "=", key.contactId)
    .where("tokenHash", "=", key.hash)
    .where("seenAt", "<=", new Date(at.getTime() - noteEverySeconds * 1000))
    .execute()
}

/** Ends one session; answers whose it was. */
export async function end(tx: Tx, word: string): Promise<string | undefined> {
  const key = parse(word)
  if (!key) return undefined
  const ended = await tx
    .deleteFrom("session")
    .where("contactId", "=", key.contactId)
    .where("tokenHash", "=", key.hash)
    .returning("contactId")
    .executeTakeFirst()
  return ended?.contactId
}

/** Ends all sessions of a contact, or all but the one of `keptWord`. */
export async function endAll(tx: Tx, contactId: string, keptWord?: string): Promise<void> {
  const kept = parse(keptWord)
  await tx
    .deleteFrom("session")
    .where("contactId", "=", contactId)
    .$if(kept?.contactId === contactId, (query) => query.where("tokenHash", "!=", kept!.hash))
    .execute()
}

function after(at: Date, seconds: number): Date {
  return new Date(at.getTime() + seconds * 1000)
}
