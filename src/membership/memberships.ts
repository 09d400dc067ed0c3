import { changes } from "../audience/index.ts"
import { consents, type drafts, profiles, properties } from "../crm/index.ts"
import { announce, audit, type Event } from "../events/index.ts"
import * as events from "../events/index.ts"
import { accounts, addressKey, type passwords } from "../identity/index.ts"
import type { Actor } from "../platform/actors.ts"
import { now } from "../platform/clock.ts"
import { type Db, sql, type Tx } from "../platform/db.ts"
import type { Locale } from "../platform/words.ts"
import { settle } from "./moving.ts"
import { AddressContended, NotAMember } from "./refusals.ts"

/** What somebody gives on joining. The password comes hashed, so that the transaction does not wait for it. */
type JoinDraft = {
  profile: drafts.ProfileDraft
  address: string
  password: passwords.HashedPassword
  locale: Locale
  /** The sentences they agreed to; advertising mail only when its box was ticked. */
  agreed: { terms: string; advertising?: string }
  /** A contact known already who joins (again): they keep their first `joinedAt`. Never found by the typed address. */
  contactId?: string
}
type Membership = { contactId: string; joinedAt: Date; rejoinedAt: Date | null; withdrawnAt: Date | null }

/**
 * Makes a member: contact, profile, account (unverified), membership, the lowest rank, plan "free", consents; all or nothing.
 * Gives nothing, having told the owner, when the address is somebody's verified one; nothing is written then.
 */
export async function join(tx: Tx, draft: JoinDraft, by: Actor): Promise<string | undefined> {
  const at = now()
  if (await accounts.repeated(tx, draft.address)) return undefined
  const contactId = draft.contactId ?? (await events.contacts.create(tx, at))
  await properties.lock(tx, [contactId])
  const { address, password, locale } = draft
  // Lost against a sign-up that commits at this moment: nothing of ours may stay.
  if ((await accounts.open(tx, { contactId, address, password, locale }, at)) === "repeated")
    throw new AddressContended()
  await profiles.save(tx, contactId, { ...draft.profile, email: address }, by, { source: "sign-up", at, silent: true })
  const place = { place: "sign-up", at }
  await consents.give(tx, contactId, "terms", { wording: draft.agreed.terms, ...place })
  if (draft.agreed.advertising)
    await consents.give(tx, contactId, consents.advertisingMail, { wording: draft.agreed.advertising, ...place })
  await enter(tx, contactId, at)
  return contactId
}

/** Makes a known contact a member, as `join` does once the account is open; for imports and the demo. Nothing happens to a member. */
export async function enter(
  tx: Tx,
  contactId: string,
  at: Date,
  options: { plan?: string; history?: boolean } = {},
): Promise<void> {
  const { rows } = await sql<{ rejoinedAt: Date | null }>`
    insert into membership (contact_id, joined_at) values (${contactId}, ${at})
    on conflict (contact_id) do update set rejoined_at = ${at}, withdrawn_at = null, withdrawal_reason = null
      where membership.withdrawn_at is not null
    returning rejoined_at`.execute(tx)
  if (rows.length === 0) return
  const { history = false } = options
  const again = rows[0]!.rejoinedAt !== null
  const plan = [{ contactId, name: "plan", value: options.plan ?? "free", at }]
  await properties.setAll(tx, plan, { source: "membership", history, silent: true })
  // Never at or before the last row's beginning, even for somebody who left and came back within one instant.
  await sql`insert into rank_history (contact_id, since, rank_id, cause, reason, decided_at, decided_by)
    select ${contactId}, greatest(${at}::timestamptz, last.until, last.since + interval '1 millisecond'),
      id, 'joined', '{}', ${at}, '{"kind": "system", "name": "membership"}'
    from rank, (select max(until) as until, max(since) as since from rank_history where contact_id = ${contactId}) last
    order by position limit 1`.execute(tx)
  await announce(tx, "member.joined", { contactId, properties: again ? { again } : {}, happenedAt: at, history })
  await settle(tx, [contactId], { decidedAt: now(), history: () => history })
  await changes.mark(tx, [{ contactId, changes: ["membership"], happenedAt: at, history }])
}

/**
 * Ends a membership: account and sessions, rank, holds, plan and consents end in this transaction, and with them everything they opened.
 * The profile stays until it is erased. `reason` is kept with the membership only.
 */
export async function withdraw(tx: Tx, contactId: string, reason: string | null, by: Actor): Promise<void> {
  const at = now()
  if (!(await end(tx, contactId, reason, at))) throw new NotAMember()
  await accounts.close(tx, contactId, at)
  await audit.record(tx, by, "member.withdraw", { kind: "contact", id: contactId })
  await announce(tx, "member.withdrew", { contactId, happenedAt: at })
}

/** A contact's membership, ended or not. */
export async function find(db: Db, contactId: string): Promise<Membership | undefined> {
  return db
    .selectFrom("membership")
    .select(["contactId", "joinedAt", "rejoinedAt", "withdrawnAt"])
    .where("contactId", "=", contactId)
    .executeTakeFirst()
}

/**
 * Reaction to account.verified: who proves a mailbox that a withdrawn member had proved before has joined again and keeps the
 * first day. The two histories stay apart; only staff may merge them.
 */
export async function recognise(tx: Tx, list: Event[]): Promise<void> {
  for (const { contactId, happenedAt } of list) {
    const account = await accounts.of(tx, contactId)
    if (!account) continue
    await sql`update membership m set joined_at = former.joined_at, rejoined_at = ${happenedAt}
      from (select min(o.joined_at) as joined_at from contact_email e join membership o on o.contact_id = e.contact_id
        where e.address_key = ${addressKey(account.address)} and e.verified_at is not null and o.withdrawn_at is not null
          and e.contact_id <> ${contactId}) former
      where m.contact_id = ${contactId} and former.joined_at < m.joined_at`.execute(tx)
  }
}

/**
 * Reaction to account.superseded: a sign-up whose address another took over before it was confirmed is no membership.
 * Nobody withdrew, so nothing is announced: a mail about it would reach the other person.
 */
export async function dropSuperseded(tx: Tx, list: Event[]): Promise<void> {
  for (const { contactId, happenedAt } of list) await end(tx, contactId, "superseded", happenedAt)
}

async function end(tx: Tx, contactId: string, reason: string | null, at: Date): Promise<boolean> {
  await properties.lock(tx, [contactId])
  const ended = await tx
    .updateTable("membership")
    .set({ withdrawnAt: at, withdrawalReason: reason?.trim().slice(0, 2_000) || null })
    .where("contactId", "=", contactId)
    .where("withdrawnAt", "is", null)
    .returning("contactId")
    .executeTakeFirst()
  if (!ended) return false
  await sql`update rank_history set until = greatest(since, ${at}::timestamptz)
    where contact_id = ${contactId} and until is null`.execute(tx)
  await sql`update rank_hold set until = ${at} where contact_id = ${contactId} and until is null`.execute(tx)
  await sql`delete from rank_grace where contact_id = ${contactId}`.execute(tx)
  const plan = [{ contactId, name: "plan", value: null, at }]
  await properties.setAll(tx, plan, { source: "membership", silent: true })
  await consents.end(tx, contactId, at)
  await changes.mark(tx, [{ contactId, changes: ["membership"], happenedAt: at }])
  return true
}
