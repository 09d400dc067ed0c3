import { announce, audit } from "../events/index.ts"
import { now } from "../platform/clock.ts"
import type { Db, Tx } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import * as jobs from "../platform/jobs.ts"
import * as accounts from "./accounts.ts"
import * as addressChanges from "./address-changes.ts"
import { addressKey } from "./addresses.ts"
import * as mailTokens from "./mail-tokens.ts"
import * as passwords from "./passwords.ts"
import { LinkNoLongerWorks, WrongCredentials, WrongPassword } from "./refusals.ts"
import * as sessions from "./sessions.ts"

/** An account whose password was given rightly. */
type Checked = accounts.Account & { passwordHash: string }

/** The account that an address and a password open, verified or not. Every refusal takes as long and reads the same. */
export async function check(db: Db, address: string, password: string): Promise<Checked> {
  const found = await db
    .selectFrom("signInAddress")
    .innerJoin("account", "account.contactId", "signInAddress.contactId")
    .selectAll("account")
    .where("addressKey", "=", addressKey(address))
    .executeTakeFirst()
  const right = await passwords.verify(found?.passwordHash, password)
  if (!right || !found?.passwordHash || found.suspendedAt || found.withdrawnAt) throw new WrongCredentials()
  return { ...found, passwordHash: found.passwordHash }
}

/**
 * Signs in: opens a session, announces account.signed_in, gives the cookie's word. The account is looked at again under
 * lock, so that a suspension or a new password since `check` counts.
 */
export async function signIn(tx: Tx, checked: Checked, userAgent: string | undefined): Promise<string> {
  const { contactId } = checked
  const still = await tx
    .selectFrom("account")
    .select("contactId")
    .where("contactId", "=", contactId)
    .where("passwordHash", "=", checked.passwordHash)
    .where("suspendedAt", "is", null)
    .where("withdrawnAt", "is", null)
    .forShare()
    .executeTakeFirst()
  if (!still) throw new WrongCredentials()
  const word = await sessions.open(tx, contactId, userAgent)
  await announce(tx, "account.signed_in", { contactId })
  return word
}

/** Ends the session of a cookie's word; announces account.signed_out when there was one. */
export async function signOut(tx: Tx, word: string): Promise<void> {
  const contactId = await sessions.end(tx, word)
  if (contactId) await announce(tx, "account.signed_out", { contactId })
}

/** Whether a password is the signed-in member's own; throws WrongPassword otherwise. Asked again before credentials change. */
export async function prove(db: Db, contactId: string, password: string): Promise<void> {
  const found = await db
    .selectFrom("account")
    .select("passwordHash")
    .where("contactId", "=", contactId)
    .executeTakeFirst()
  if (!(await passwords.verify(found?.passwordHash, password))) throw new WrongPassword()
}

/**
 * Changes a member's password and ends all sessions but the one of `keptWord`; announces account.password_changed.
 * A new address that waits to be confirmed is dropped: who had the old password may have asked for it.
 */
export async function change(
  tx: Tx,
  contactId: string,
  password: passwords.HashedPassword,
  keptWord: string | undefined,
): Promise<void> {
  await tx.updateTable("account").set({ passwordHash: password.hash }).where("contactId", "=", contactId).execute()
  await sessions.endAll(tx, contactId, keptWord)
  await mailTokens.revoke(tx, contactId, "reset")
  await addressChanges.drop(tx, contactId)
  const by = { kind: "member", contactId } as const
  await audit.record(tx, by, "account.change_password", { kind: "contact", id: contactId })
  await announce(tx, "account.password_changed", { contactId })
}

/** Asks for a reset mail. Known or not, the request does the same work; the mail is the job's. */
export async function requestReset(tx: Tx, address: string): Promise<void> {
  const account = await accounts.find(tx, addressKey(address))
  const contactId = account && !account.withdrawnAt && !account.suspendedAt ? account.contactId : undefined
  await jobs.add(tx, "identity.reset", { contactId: contactId ?? newId(), asked: contactId !== undefined })
}

/**
 * Sets a new password by the link of a mail (purpose "reset") and ends every session. As the link proves the mailbox,
 * an address not confirmed yet counts as confirmed.
 */
export async function reset(tx: Tx, word: string, password: passwords.HashedPassword): Promise<string> {
  const { contactId } = await mailTokens.use(tx, word, "reset")
  const account = await accounts.of(tx, contactId)
  if (!account || account.withdrawnAt) throw new LinkNoLongerWorks()
  await change(tx, contactId, password, undefined)
  if (!account.verifiedAt) await accounts.confirm(tx, contactId, now())
  return contactId
}
