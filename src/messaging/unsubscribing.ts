import { consents } from "../crm/index.ts"
import { audit } from "../events/index.ts"
import { system } from "../platform/actors.ts"
import type { Db, Tx } from "../platform/db.ts"
import { unpackToken } from "../platform/tokens.ts"
import { UnknownLink } from "./refusals.ts"

/** Whose mail an unsubscribe word comes from; nothing when it is not one. It does not expire and works as often as it is used. */
export async function peek(db: Db, word: string): Promise<{ contactId: string; deliveryId: string } | undefined> {
  const key = unpackToken(word)
  if (!key) return undefined
  return db
    .selectFrom("delivery")
    .select(["contactId", "id as deliveryId"])
    .where("contactId", "=", key.id)
    .where("unsubscribeHash", "=", key.hash)
    .executeTakeFirst()
}

/** Refuses advertising mail for the person the word was mailed to. Once this commits, no advertising mail of theirs is claimed. */
export async function unsubscribe(tx: Tx, word: string, at: Date): Promise<void> {
  const found = await peek(tx, word)
  if (!found) throw new UnknownLink()
  const { contactId, deliveryId } = found
  const changed = await consents.refuse(tx, contactId, "advertising-mail", {
    wording: "配信を停止する",
    place: "unsubscribe",
    at,
  })
  if (!changed) return
  await audit.record(
    tx,
    system("unsubscribe link"),
    "consent.refuse",
    { kind: "contact", id: contactId },
    { after: { deliveryId } },
  )
}
