import { announce, type Event } from "../events/index.ts"
import { addressKey, cleanAddress, isAddress } from "../identity/index.ts"
import { now } from "../platform/clock.ts"
import { type Db, sql, type Tx } from "../platform/db.ts"
import { Invalid } from "../platform/http.ts"
import { lock } from "./properties.ts"
import { refresh } from "./search.ts"
import { say } from "./words.ts"

export type Email = { address: string; isPrimary: boolean; verifiedAt: Date | null; bouncedAt: Date | null }

/** Adds an address to a contact; the first one is primary. Returns whether it was new. Two people may share an address. */
export async function add(tx: Tx, contactId: string, address: string, at: Date = now()): Promise<boolean> {
  if (!isAddress(address)) throw new Invalid((locale) => ({ email: say(locale)("fault.email") }))
  await lock(tx, [contactId])
  const { numAffectedRows } = await sql`
    insert into contact_email (contact_id, address_key, address, is_primary, added_at)
    select ${contactId}::uuid, ${addressKey(address)}, ${cleanAddress(address)},
      not exists (select from contact_email where contact_id = ${contactId} and is_primary), ${at}
    on conflict do nothing`.execute(tx)
  if (!numAffectedRows) return false
  await refresh(tx, contactId)
  return true
}

/** Marks an address of a contact as verified, adding it when it is new. */
export async function verify(tx: Tx, contactId: string, address: string, at: Date = now()): Promise<void> {
  await add(tx, contactId, address, at)
  await sql`update contact_email set verified_at = coalesce(verified_at, ${at}), bounced_at = null
    where contact_id = ${contactId} and address_key = ${addressKey(address)}`.execute(tx)
}

/** Makes an address the one that mail goes to, adding it when it is new. */
export async function makePrimary(tx: Tx, contactId: string, address: string, at: Date = now()): Promise<void> {
  await add(tx, contactId, address, at)
  await sql`update contact_email set is_primary = false
    where contact_id = ${contactId} and is_primary and address_key <> ${addressKey(address)}`.execute(tx)
  await sql`update contact_email set is_primary = true
    where contact_id = ${contactId} and address_key = ${addressKey(address)} and not is_primary`.execute(tx)
}

/** The addresses of a contact, the primary one first. */
export async function ofContact(db: Db, contactId: string): Promise<Email[]> {
  return db
    .selectFrom("contactEmail")
    .select(["address", "isPrimary", "verifiedAt", "bouncedAt"])
    .where("contactId", "=", contactId)
    .orderBy("isPrimary", "desc")
    .orderBy("addedAt")
    .execute()
}

/** Reaction: a contact's address book follows the account (opened, verified, address changed). */
export async function followAccounts(tx: Tx, events: Event[]): Promise<void> {
  for (const contactId of new Set(events.map((event) => event.contactId))) {
    const account = await tx
      .selectFrom("account")
      .select(["address", "verifiedAt"])
      .where("contactId", "=", contactId)
      .executeTakeFirst()
    if (!account) continue
    const { rows } = await sql<{ primary: string | null }>`
      select address_key as primary from contact_email where contact_id = ${contactId} and is_primary`.execute(tx)
    await makePrimary(tx, contactId, account.address)
    if (account.verifiedAt) await verify(tx, contactId, account.address, account.verifiedAt)
    if (rows[0] && rows[0].primary !== addressKey(account.address))
      await announce(tx, "contact.changed", { contactId, properties: { fields: ["email"] } })
  }
}
