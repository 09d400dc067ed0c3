import { announce } from "../events/index.ts"
import { now } from "../platform/clock.ts"
import { type Db, sql, type Tx } from "../platform/db.ts"
import { lock } from "./properties.ts"
import { Withdrawn } from "./refusals.ts"

/** What was agreed to or refused: the sentence shown, where it was shown, and when (now, if not said). */
type ConsentWord = { wording: string; place: string; at?: Date; history?: boolean }
type Consent = {
  purpose: string
  granted: boolean
  wording: string
  place: string
  since: Date
  until: Date | null
}

/** The purpose of agreeing to advertising mail. */
export const advertisingMail = "advertising-mail"

/**
 * Records that a contact agrees to a purpose; agreeing again to the same wording changes nothing. Refused for whoever has
 * withdrawn: their consents ended then, and none may be left open for the day they join again.
 */
export async function give(tx: Tx, contactId: string, purpose: string, word: ConsentWord): Promise<boolean> {
  return state(tx, contactId, purpose, true, word)
}

/** Records that a contact refuses a purpose. Of two words of one instant the refusal counts. */
export async function refuse(tx: Tx, contactId: string, purpose: string, word: ConsentWord): Promise<boolean> {
  return state(tx, contactId, purpose, false, word)
}

/** Ends whatever a contact agreed to, as when they withdraw; what they refused stays refused. */
export async function end(tx: Tx, contactId: string, at: Date): Promise<void> {
  await lock(tx, [contactId])
  await sql`update consent set until = greatest(since, ${at}::timestamptz)
    where contact_id = ${contactId} and until is null and granted`.execute(tx)
}

/** Who of these contacts agrees to a purpose today. */
export async function granted(db: Db, contactIds: string[], purpose: string): Promise<Set<string>> {
  const { rows } = await sql<{ contactId: string }>`
    select contact_id from consent
    where contact_id = any(${contactIds}::uuid[]) and purpose = ${purpose} and until is null and granted`.execute(db)
  return new Set(rows.map((row) => row.contactId))
}

/** Everything a contact agreed to or refused, newest first. */
export async function ofContact(db: Db, contactId: string): Promise<Consent[]> {
  return db
    .selectFrom("consent")
    .select(["purpose", "granted", "wording", "place", "since", "until"])
    .where("contactId", "=", contactId)
    .orderBy("since", "desc")
    .execute()
}

/** Asked once the contact is held, so that a withdrawal under way is waited for. */
async function hasWithdrawn(tx: Tx, contactId: string): Promise<boolean> {
  const account = tx.selectFrom("account").select("contactId").where("contactId", "=", contactId)
  return (await account.where("withdrawnAt", "is not", null).executeTakeFirst()) !== undefined
}

async function state(tx: Tx, contactId: string, purpose: string, agreed: boolean, word: ConsentWord): Promise<boolean> {
  await lock(tx, [contactId])
  if (agreed && !word.history && (await hasWithdrawn(tx, contactId))) throw new Withdrawn()
  const at = word.at ?? now()
  const rows = tx.selectFrom("consent").where("contactId", "=", contactId).where("purpose", "=", purpose)
  const current = await rows
    .selectAll()
    .where("since", "<=", at)
    .where((eb) => eb.or([eb("until", "is", null), eb("until", ">", at)]))
    .orderBy("since", "desc")
    .limit(1)
    .executeTakeFirst()
  if (current?.granted === agreed && (!agreed || current.wording === word.wording)) return false
  if (current?.since.getTime() === at.getTime() && !current.granted) return false
  const next = await rows.select("since").where("since", ">", at).orderBy("since").limit(1).executeTakeFirst()
  await tx
    .updateTable("consent")
    .set({ until: at })
    .where("contactId", "=", contactId)
    .where("purpose", "=", purpose)
    .where("since", "<", at)
    .where((eb) => eb.or([eb("until", "is", null), eb("until", ">", at)]))
    .execute()
  const until = next?.since ?? current?.until ?? null
  await tx
    .insertInto("consent")
    .values({ contactId, purpose, since: at, until, granted: agreed, wording: word.wording, place: word.place })
    .onConflict((row) =>
      row
        .columns(["contactId", "purpose", "since"])
        .doUpdateSet({ until, granted: agreed, wording: word.wording, place: word.place }),
    )
    .execute()
  const changed = !next && (current?.granted ?? false) !== agreed
  if (changed || (!current && !next))
    await announce(tx, agreed ? "consent.given" : "consent.refused", {
      contactId,
      properties: { purpose },
      happenedAt: at,
      history: word.history,
    })
  return true
}
