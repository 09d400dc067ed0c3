import { announce, audit } from "../events/index.ts"
import type { Db, Tx } from "../platform/db.ts"
import * as accounts from "./accounts.ts"
import { addressKey, cleanAddress, isAddress } from "./addresses.ts"
import * as mailTokens from "./mail-tokens.ts"
import { AddressTaken, LinkNoLongerWorks, NotAnAddress } from "./refusals.ts"

/** A new address that waits to be confirmed at its own mailbox. */
type AddressChange = { contactId: string; address: string; requestedAt: Date }

/**
 * Notes the address a member wants and announces account.address_change_requested: the new mailbox is sent a link
 * (purpose "change-address"), the present one a notice. Nothing else changes, and whether the address is taken is not said.
 */
export async function request(tx: Tx, contactId: string, address: string, at: Date): Promise<void> {
  if (!isAddress(address)) throw new NotAnAddress()
  const wanted = { address: cleanAddress(address), addressKey: addressKey(address), requestedAt: at }
  await tx
    .insertInto("addressChange")
    .values({ contactId, ...wanted })
    .onConflict((row) => row.column("contactId").doUpdateSet(wanted))
    .execute()
  await mailTokens.revoke(tx, contactId, "change-address")
  await announce(tx, "account.address_change_requested", { contactId })
}

/** The address a member has asked for and not yet confirmed. */
export async function pending(db: Db, contactId: string): Promise<AddressChange | undefined> {
  return db
    .selectFrom("addressChange")
    .select(["contactId", "address", "requestedAt"])
    .where("contactId", "=", contactId)
    .executeTakeFirst()
}

/** Forgets the address a member has asked for; its link does not work any more. */
export async function drop(tx: Tx, contactId: string): Promise<void> {
  await mailTokens.revoke(tx, contactId, "change-address")
  await tx.deleteFrom("addressChange").where("contactId", "=", contactId).execute()
}

/** Makes the asked-for address count, by the link sent to it; the old one is free then. Announces account.address_changed. */
export async function confirm(tx: Tx, word: string, at: Date): Promise<string> {
  const { contactId } = await mailTokens.use(tx, word, "change-address")
  const [wanted, account] = [await pending(tx, contactId), await accounts.of(tx, contactId)]
  if (!wanted || !account || account.withdrawnAt) throw new LinkNoLongerWorks()
  if (!(await accounts.claim(tx, contactId, wanted.address, at, at))) throw new AddressTaken()
  await tx
    .deleteFrom("signInAddress")
    .where("contactId", "=", contactId)
    .where("addressKey", "!=", addressKey(wanted.address))
    .execute()
  await tx
    .updateTable("account")
    .set({ address: wanted.address, verifiedAt: account.verifiedAt ?? at })
    .where("contactId", "=", contactId)
    .execute()
  await tx.deleteFrom("addressChange").where("contactId", "=", contactId).execute()
  await mailTokens.revoke(tx, contactId, "reset")
  const by = { kind: "member", contactId } as const
  await audit.record(tx, by, "account.change_address", { kind: "contact", id: contactId })
  await announce(tx, "account.address_changed", { contactId })
  return contactId
}
