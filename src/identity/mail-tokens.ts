import { now } from "../platform/clock.ts"
import type { Db, Tx } from "../platform/db.ts"
import { newToken, packToken, unpackToken } from "../platform/tokens.ts"
import { LinkNoLongerWorks } from "./refusals.ts"

/** What a link in a mail stands for. */
type MailToken = { contactId: string; object: Record<string, unknown>; expiresAt: Date }

/** Makes the word of a link for one mail: bound to purpose, contact and object, good once, for so many hours. Only its hash is stored. */
export async function issue(
  tx: Tx,
  contactId: string,
  purpose: string,
  object: Record<string, unknown>,
  hours: number,
): Promise<string> {
  const at = now()
  const word = packToken(contactId, newToken())
  await tx
    .insertInto("mailToken")
    .values({
      contactId,
      tokenHash: unpackToken(word)!.hash,
      purpose,
      object: JSON.stringify(object),
      createdAt: at,
      expiresAt: new Date(at.getTime() + hours * 3_600_000),
    })
    .execute()
  return word
}

/** What a link stands for, without using it; nothing when it no longer works. */
export async function peek(db: Db, word: string, purpose: string): Promise<MailToken | undefined> {
  const key = unpackToken(word)
  if (!key) return undefined
  return db
    .selectFrom("mailToken")
    .select(["contactId", "object", "expiresAt"])
    .where("contactId", "=", key.id)
    .where("tokenHash", "=", key.hash)
    .where("purpose", "=", purpose)
    .where("usedAt", "is", null)
    .where("expiresAt", ">", now())
    .executeTakeFirst()
}

/** Uses a link. Of two at once one wins; the other, and every later one, is refused with LinkNoLongerWorks. */
export async function use(tx: Tx, word: string, purpose: string): Promise<MailToken> {
  const key = unpackToken(word)
  if (!key) throw new LinkNoLongerWorks()
  const at = now()
  return tx
    .updateTable("mailToken")
    .set({ usedAt: at })
    .where("contactId", "=", key.id)
    .where("tokenHash", "=", key.hash)
    .where("purpose", "=", purpose)
    .where("usedAt", "is", null)
    .where("expiresAt", ">", at)
    .returning(["contactId", "object", "expiresAt"])
    .executeTakeFirstOrThrow(() => new LinkNoLongerWorks())
}

/** Makes a contact's unused links of a purpose worthless; without a purpose all of them. */
export async function revoke(tx: Tx, contactId: string, purpose?: string): Promise<void> {
  await tx
    .deleteFrom("mailToken")
    .where("contactId", "=", contactId)
    .where("usedAt", "is", null)
    .$if(purpose !== undefined, (query) => query.where("purpose", "=", purpose!))
    .execute()
}
