import { now } from "../platform/clock.ts"
import { type Db, sql, transact, type Tx } from "../platform/db.ts"
import { idOf } from "../platform/ids.ts"
import * as jobs from "../platform/jobs.ts"
import { dispatchMove } from "./reactions.ts"

const chunk = 1_000
const againAfterMs = 5 * 60_000

/**
 * Makes the history of an anonymous id a contact's own. The rows follow in a job; what arrives from now on goes to the contact at once.
 * One anonymous history joins one person: later calls for somebody else change nothing and give false.
 */
export async function join(tx: Tx, anonymousId: string, contactId: string, at: Date): Promise<boolean> {
  const originId = idOf("anonymous", anonymousId)
  const { rows } = await sql<{ contactId: string }>`
    insert into alias (origin_id, contact_id, aliased_at)
    select ${originId}::uuid, coalesce((select contact_id from alias where origin_id = ${contactId}::uuid), ${contactId}::uuid), ${at}
    on conflict do nothing returning contact_id`.execute(tx)
  if (rows.length === 0) return false
  await jobs.add(tx, "events.move", { originId }, { key: `events.move:${originId}` })
  return true
}

/** Whether the history of an anonymous id is already somebody else's than this contact's. */
export async function isAnothers(db: Db, anonymousId: string, contactId: string): Promise<boolean> {
  const { rows } = await sql<{ another: boolean }>`
    select contact_id <> coalesce((select contact_id from alias where origin_id = ${contactId}::uuid), ${contactId}::uuid) as another
    from alias where origin_id = ${idOf("anonymous", anonymousId)}::uuid`.execute(db)
  return rows[0]?.another ?? false
}

/**
 * Moves what is still kept under an anonymous history to its person, a thousand events to a transaction:
 * killed at any moment and started again it goes on where it was. Looks once more five minutes later,
 * for what a transaction that began before the joining wrote late.
 *
 * Every module's mover runs then, audience's too, which has everything asked of the person again. Reactions to the events
 * have run when they were new and are not run again; what was done stays done.
 */
export async function move(db: Db, payload: { originId: string; again?: boolean }): Promise<void> {
  const { originId } = payload
  const alias = await db.selectFrom("alias").selectAll().where("originId", "=", originId).executeTakeFirst()
  if (!alias) return
  for (;;) {
    const moved = await transact(db, (tx) => moveSome(tx, originId, alias.contactId))
    if (moved < chunk) break
  }
  const at = now()
  await transact(db, async (tx) => {
    const names = await namesMoved(tx, originId, alias.contactId)
    await dispatchMove(tx, { originId, contactId: alias.contactId, names }, at)
    await tx.updateTable("alias").set({ movedAt: at }).where("originId", "=", originId).execute()
    if (payload.again) return
    const runAt = new Date(Date.now() + againAfterMs)
    await jobs.add(tx, "events.move", { originId, again: true }, { key: `events.move:${originId}:again`, at: runAt })
  })
}

async function moveSome(tx: Tx, originId: string, contactId: string): Promise<number> {
  const { rows } = await sql<{ moved: number }>`
    with part as (
      select contact_id, happened_at, id from event where contact_id = ${originId}::uuid
      order by happened_at, id limit ${chunk}),
    gone as (
      delete from event e using part p
      where e.contact_id = p.contact_id and e.happened_at = p.happened_at and e.id = p.id returning e.*),
    come as (
      insert into event (contact_id, happened_at, id, name, origin_id, source, properties, sequence, sent_at, received_at, history)
      select ${contactId}::uuid, happened_at, id, name, origin_id, source, properties, sequence, sent_at, received_at, history from gone
      on conflict do nothing)
    select count(*)::int as moved from gone`.execute(tx)
  return rows[0]!.moved
}

async function namesMoved(tx: Tx, originId: string, contactId: string): Promise<string[]> {
  const rows = await tx
    .selectFrom("event")
    .select("name")
    .distinct()
    .where("contactId", "=", contactId)
    .where("originId", "=", originId)
    .orderBy("name")
    .execute()
  return rows.map((row) => row.name)
}
