import type { Change } from "../audience/index.ts"
import { audit } from "../events/index.ts"
import { properties } from "../crm/index.ts"
import type { Actor } from "../platform/actors.ts"
import { now } from "../platform/clock.ts"
import { type Db, sql, transact, type Tx } from "../platform/db.ts"
import { Invalid } from "../platform/http.ts"
import { load, moveOf, settle, write } from "./moving.ts"
import { NoSuchRank, NotAMember } from "./refusals.ts"
import type { RankCause } from "./tables.ts"
import { say } from "./words.ts"

export { change, create, get, list, remove } from "./ladder.ts"
export { type Lacking, missing, type Missing, sentence } from "./missing.ts"
export { tryOut } from "./trials.ts"

/** A rank as it is shown beside something else. */
type RankMark = { id: string; name: { ja: string; en: string }; colour: string }
/** A member's rank today and how it came: `history` newest first. */
type Standing = {
  current: { rank: RankMark; since: Date; cause: RankCause } | null
  hold: { rankId: string; rank: RankMark; reason: string; since: Date } | null
  grace: { rankId: string; rank: RankMark; fallsAt: Date } | null
  history: { rank: RankMark; since: Date; until: Date | null; cause: RankCause; reason: unknown; decidedAt: Date }[]
}

/** Follows changed answers of rank conditions; registered for the owner kinds rank.rise and rank.stay. */
export async function applyChanges(tx: Tx, list: Change[]): Promise<void> {
  const byContact = Map.groupBy(list, (change) => change.contactId)
  await settle(tx, [...byContact.keys()], {
    decidedAt: list[0]?.decidedAt ?? now(),
    happenedAt: (contactId) => {
      const times = byContact.get(contactId)!.map((change) => change.happenedAt.getTime())
      return new Date(Math.min(Math.max(...times), now().getTime()))
    },
    history: (contactId) => byContact.get(contactId)!.every((change) => change.history),
    reason: (contactId, kind, rankId) =>
      byContact.get(contactId)!.find((change) => change.ownerId === rankId && change.ownerKind === `rank.${kind}`)
        ?.reason,
  })
}

/** Lets members fall whose grace has ended: one batch. Says whether there was anybody. */
export async function turn(db: Db): Promise<boolean> {
  return transact(db, async (tx) => {
    const at = now()
    const { rows } = await sql<{ id: string }>`
      select c.id from contact c join (
        select contact_id from rank_grace where falls_at <= ${at} order by falls_at limit 100) due on due.contact_id = c.id
      for no key update of c skip locked`.execute(tx)
    await settle(
      tx,
      rows.map((row) => row.id),
      { decidedAt: at },
    )
    return rows.length > 0
  })
}

/** Puts a member on a rank against the rules, until it is released. */
export async function hold(tx: Tx, contactId: string, rankId: string, reason: string, by: Actor): Promise<void> {
  if (!reason.trim() || reason.length > 1_000) throw new Invalid((locale) => ({ reason: say(locale)("fault.reason") }))
  const rank = await tx.selectFrom("rank").select("id").where("id", "=", rankId).executeTakeFirst()
  if (!rank) throw new NoSuchRank()
  await properties.lock(tx, [contactId])
  const [member] = await load(tx, [contactId])
  if (!member) throw new NotAMember()
  const at = now()
  await end(tx, contactId, at)
  const heldBy = JSON.stringify(by)
  await tx
    .insertInto("rankHold")
    .values({ contactId, since: at, until: null, rankId, reason: reason.trim(), heldBy })
    .execute()
  const occasion = { decidedAt: at, by }
  if (member.rankId !== rankId) await write(tx, [moveOf(member, rankId, "held", { held: true }, occasion)], occasion)
  await sql`delete from rank_grace where contact_id = ${contactId}`.execute(tx)
  const change = { before: { rankId: member.rankId }, after: { rankId }, reason: reason.trim() }
  await audit.record(tx, by, "rank.hold", { kind: "contact", id: contactId }, change)
}

/** Ends a hold: the rules decide again, at once and without grace. Nothing happens when there is none. */
export async function release(tx: Tx, contactId: string, by: Actor): Promise<void> {
  await properties.lock(tx, [contactId])
  const at = now()
  if (!(await end(tx, contactId, at))) return
  // A grace that is over makes the decision immediate.
  await sql`insert into rank_grace (contact_id, rank_id, began_at, falls_at)
    select contact_id, rank_id, ${at}, ${at} from rank_history where contact_id = ${contactId} and until is null
    on conflict (contact_id) do update set rank_id = excluded.rank_id, falls_at = excluded.falls_at`.execute(tx)
  await settle(tx, [contactId], { decidedAt: at, by })
  await audit.record(tx, by, "rank.release", { kind: "contact", id: contactId })
}

/** A member's rank, hold, waiting fall, and every change with its reason. */
export async function of(db: Db, contactId: string): Promise<Standing> {
  const mark = sql`jsonb_build_object('id', r.id, 'name', r.name, 'colour', r.colour) as rank`
  const [history, holds, graces] = await Promise.all([
    sql<Standing["history"][number]>`select ${mark}, h.since, h.until, h.cause, h.reason, h.decided_at
      from rank_history h join rank r on r.id = h.rank_id where h.contact_id = ${contactId} order by h.since desc`.execute(
      db,
    ),
    sql<NonNullable<Standing["hold"]>>`select h.rank_id, ${mark}, h.reason, h.since
      from rank_hold h join rank r on r.id = h.rank_id where h.contact_id = ${contactId} and h.until is null`.execute(
      db,
    ),
    sql<NonNullable<Standing["grace"]>>`select g.rank_id, ${mark}, g.falls_at
      from rank_grace g join rank r on r.id = g.rank_id where g.contact_id = ${contactId}`.execute(db),
  ])
  const open = history.rows.find((row) => !row.until)
  return {
    current: open ? { rank: open.rank, since: open.since, cause: open.cause } : null,
    hold: holds.rows[0] ?? null,
    grace: graces.rows[0] ?? null,
    history: history.rows,
  }
}

async function end(tx: Tx, contactId: string, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("rankHold")
    .set({ until: at })
    .where("contactId", "=", contactId)
    .where("until", "is", null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
