import { announce, audit } from "../events/index.ts"
import type { Actor } from "../platform/actors.ts"
import type { Db, Tx } from "../platform/db.ts"
import type { Locale } from "../platform/words.ts"
import { addressKey, cleanAddress, isAddress } from "./addresses.ts"
import * as mailTokens from "./mail-tokens.ts"
import * as passwords from "./passwords.ts"
import { AlreadyHasAccount, LinkNoLongerWorks, NoSuchRecord, NotAnAddress } from "./refusals.ts"
import * as sessions from "./sessions.ts"

/** Credentials of a contact. `address` is where its mails go. */
export type Account = {
  contactId: string
  address: string
  openedAt: Date
  verifiedAt: Date | null
  suspendedAt: Date | null
  withdrawnAt: Date | null
  locale: Locale
}
/** What a sign-up gives. A password may come hashed (`passwords.prepare`), so that the transaction does not wait for it. */
type AccountDraft = {
  contactId: string
  address: string
  password: string | passwords.HashedPassword
  locale: Locale
}

/**
 * Whether somebody has verified this address already; then that person is told (account.sign_up_repeated) and the sign-up
 * must write nothing and answer as always. Ask before anything else is written.
 */
export async function repeated(tx: Tx, address: string): Promise<boolean> {
  const claim = await tx
    .selectFrom("signInAddress")
    .select(["contactId", "verifiedAt"])
    .where("addressKey", "=", addressKey(address))
    .forUpdate()
    .executeTakeFirst()
  if (!claim?.verifiedAt) return false
  await announce(tx, "account.sign_up_repeated", { contactId: claim.contactId })
  return true
}

/**
 * Opens an account with an unverified address and announces account.opened. An unverified claim of somebody else is taken
 * over. Answers "repeated", having told the owner, when the address is verified by another: nothing was written then.
 */
export async function open(tx: Tx, draft: AccountDraft, at: Date): Promise<"opened" | "repeated"> {
  if (!isAddress(draft.address)) throw new NotAnAddress()
  const { hash: passwordHash } =
    typeof draft.password === "string"
      ? await passwords.prepare(draft.password, [draft.address], "password")
      : draft.password
  if (!(await claim(tx, draft.contactId, draft.address, null, at))) {
    await repeated(tx, draft.address)
    return "repeated"
  }
  const opened = await tx
    .insertInto("account")
    .values({
      contactId: draft.contactId,
      address: cleanAddress(draft.address),
      passwordHash,
      openedAt: at,
      locale: draft.locale,
    })
    .onConflict((row) =>
      row
        .column("contactId")
        .doUpdateSet((e) => ({
          address: e.ref("excluded.address"),
          passwordHash: e.ref("excluded.passwordHash"),
          openedAt: at,
          verifiedAt: null,
          withdrawnAt: null,
          locale: e.ref("excluded.locale"),
        }))
        .where("account.withdrawnAt", "is not", null)
        .where("account.suspendedAt", "is", null),
    )
    .returning("contactId")
    .executeTakeFirst()
  if (!opened) throw new AlreadyHasAccount()
  await announce(tx, "account.opened", { contactId: draft.contactId })
  return "opened"
}

/** Confirms an address by the link of its mail (purpose "verify"); announces account.verified. */
export async function verify(tx: Tx, word: string, at: Date): Promise<string> {
  const { contactId } = await mailTokens.use(tx, word, "verify")
  if (!(await confirm(tx, contactId, at))) throw new LinkNoLongerWorks()
  return contactId
}

/** Counts an account's address as its own mailbox, seen by a link that reached it; nothing when it was already. */
export async function confirm(tx: Tx, contactId: string, at: Date): Promise<boolean> {
  const claimed = await tx
    .updateTable("signInAddress")
    .set({ verifiedAt: at })
    .where("contactId", "=", contactId)
    .where("verifiedAt", "is", null)
    .executeTakeFirst()
  if (claimed.numUpdatedRows === 0n) return false
  await tx.updateTable("account").set({ verifiedAt: at }).where("contactId", "=", contactId).execute()
  await mailTokens.revoke(tx, contactId, "verify")
  await announce(tx, "account.verified", { contactId })
  return true
}

/** The account that claims an address (by `addressKey`), verified or not. */
export async function find(db: Db, key: string): Promise<Account | undefined> {
  return db
    .selectFrom("signInAddress")
    .innerJoin("account", "account.contactId", "signInAddress.contactId")
    .select(columns)
    .where("addressKey", "=", key)
    .executeTakeFirst()
}

/** The account of a contact. */
export async function of(db: Db, contactId: string): Promise<Account | undefined> {
  return db.selectFrom("account").select(columns).where("account.contactId", "=", contactId).executeTakeFirst()
}

/** As `of`, but throws NoSuchRecord when the contact has no account. */
export async function get(db: Db, contactId: string): Promise<Account> {
  const found = await of(db, contactId)
  if (!found) throw new NoSuchRecord()
  return found
}

/** Locks a member out at once: every session ends, sign-in fails, until `resume`. */
export async function suspend(tx: Tx, contactId: string, reason: string, by: Actor, at: Date): Promise<void> {
  const changed = await tx
    .updateTable("account")
    .set({ suspendedAt: at })
    .where("contactId", "=", contactId)
    .where("suspendedAt", "is", null)
    .returning("contactId")
    .executeTakeFirst()
  if (!changed) return void (await get(tx, contactId))
  await sessions.endAll(tx, contactId)
  await audit.record(tx, by, "account.suspend", { kind: "contact", id: contactId }, { reason })
  await announce(tx, "account.suspended", { contactId })
}

/** Lets a suspended member sign in again. */
export async function resume(tx: Tx, contactId: string, by: Actor): Promise<void> {
  const changed = await tx
    .updateTable("account")
    .set({ suspendedAt: null })
    .where("contactId", "=", contactId)
    .where("suspendedAt", "is not", null)
    .returning("contactId")
    .executeTakeFirst()
  if (!changed) return void (await get(tx, contactId))
  await audit.record(tx, by, "account.resume", { kind: "contact", id: contactId })
  await announce(tx, "account.resumed", { contactId })
}

/** Closes an account on withdrawal: sessions and links end, the address is free for a new sign-up, the password is forgotten. */
export async function close(tx: Tx, contactId: string, at: Date): Promise<void> {
  await tx
    .updateTable("account")
    .set({ withdrawnAt: at, passwordHash: null })
    .where("contactId", "=", contactId)
    .where("withdrawnAt", "is", null)
    .execute()
  await sessions.endAll(tx, contactId)
  await mailTokens.revoke(tx, contactId)
  await tx.deleteFrom("addressChange").where("contactId", "=", contactId).execute()
  await tx.deleteFrom("signInAddress").where("contactId", "=", contactId).execute()
}

/** Chooses the language of a member's pages and mails. */
export async function speak(tx: Tx, contactId: string, locale: Locale): Promise<void> {
  await tx.updateTable("account").set({ locale }).where("contactId", "=", contactId).execute()
}

/**
 * Moves an address to a contact unless another has verified it. Who had claimed it unverified loses the account:
 * it could never be signed in to, and its confirmation link must not work for this mailbox any more.
 */
export async function claim(
  tx: Tx,
  contactId: string,
  address: string,
  verifiedAt: Date | null,
  at: Date,
): Promise<boolean> {
  const key = addressKey(address)
  const former = await tx
    .selectFrom("signInAddress")
    .select(["contactId", "verifiedAt"])
    .where("addressKey", "=", key)
    .forUpdate()
    .executeTakeFirst()
  if (former?.verifiedAt && former.contactId !== contactId) return false
  if (former && former.contactId !== contactId) {
    await close(tx, former.contactId, at)
    await announce(tx, "account.superseded", { contactId: former.contactId })
  }
  const claimed = await tx
    .insertInto("signInAddress")
    .values({ addressKey: key, contactId, claimedAt: at, verifiedAt })
    .onConflict((row) =>
      row
        .column("addressKey")
        .doUpdateSet((e) => ({ verifiedAt: e.fn.coalesce("signInAddress.verifiedAt", "excluded.verifiedAt") }))
        .where("signInAddress.contactId", "=", contactId),
    )
    .returning("contactId")
    .executeTakeFirst()
  // Lost against a sign-up that committed in between: as that one is younger, it stands.
  if (!claimed) return false
  return true
}

const columns = [
  "account.contactId",
  "account.address",
  "account.openedAt",
  "account.verifiedAt",
  "account.suspendedAt",
  "account.withdrawnAt",
  "account.locale",
] as const
