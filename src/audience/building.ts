import { now } from "../platform/clock.ts"
import { type Db, sql, transact, type Tx } from "../platform/db.ts"
import { answers, standing, statement } from "./compiler.ts"
import { wakeBy } from "./evaluation.ts"
import type { Leaf } from "./language.ts"
import { reasonOf } from "./reasons.ts"
import type { Kept } from "./registry.ts"
import { settle } from "./settling.ts"

const chunk = 5_000
const fetched = 20_000

/**
 * Applies a new or edited condition to everybody in one pass, or takes a retired one from everybody. Killed at any moment
 * and started again it comes to the same end. What happens to people meanwhile is not lost: see README, "Building".
 */
export async function build(db: Db, { conditionId }: { conditionId: string }): Promise<void> {
  const condition = await find(db, conditionId)
  if (!condition || condition.state === "live") return
  await othersEnded(db)
  if (condition.state === "retired") return clear(db, condition)
  if (condition.state === "registered" && !(await begin(db, condition))) return
  if (await pass(db, condition)) await finish(db, condition)
}

async function find(db: Db, id: string): Promise<Kept | undefined> {
  const row = await db.selectFrom("condition").selectAll().where("id", "=", id).executeTakeFirst()
  return row && { ...row, definition: row.definition }
}

/** Waits until every transaction has ended that may have read the conditions before this moment: it may neither mark nor evaluate this one. */
async function othersEnded(db: Db): Promise<void> {
  const { rows } = await sql<{ next: string }>`select pg_snapshot_xmax(pg_current_snapshot())::text as next`.execute(db)
  for (let pauseMs = 2; ; pauseMs = Math.min(250, pauseMs * 2)) {
    const still = await sql<{ running: boolean }>`
      select pg_snapshot_xmin(pg_current_snapshot()) < ${rows[0]!.next}::xid8 as running`.execute(db)
    if (!still.rows[0]!.running) return
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

/** From here on evaluation answers the condition too, and says so, before the pass takes its snapshot. */
async function begin(db: Db, { id, version }: Kept): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("condition")
    .set((eb) => ({
      state: "building",
      buildDone: 0,
      buildTotal: eb
        .selectFrom("contact")
        .select((c) => c.fn.countAll<number>().as("people"))
        .where("anonymous", "=", false),
    }))
    .where("id", "=", id)
    .where("version", "=", version)
    .where("state", "=", "registered")
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

async function finish(db: Db, { id, version }: Kept): Promise<void> {
  await transact(db, async (tx) => {
    await tx
      .updateTable("condition")
      .set({ state: "live", builtAt: now() })
      .where("id", "=", id)
      .where("version", "=", version)
      .where("state", "=", "building")
      .execute()
  })
  await db.deleteFrom("buildOvertaken").where("conditionId", "=", id).execute()
}

type Answered = {
  contactId: string
  place: number
  met: boolean
  held: boolean
  standing: boolean
  wakeAt: Date | null
  leafValues: unknown[] | null
}

/** Reads everybody in one statement of one snapshot, and writes the differences in transactions of their own. False: the condition is another by now. */
async function pass(db: Db, condition: Kept): Promise<boolean> {
  const { joins, met, wakeAt, values, indexOf } = answers([condition], "everybody")
  const differs = sql<Answered>`
    select a.contact_id, place, met, held, standing, case when w.contact_id is null then a.wake_at end as wake_at, case when met <> held then found end as leaf_values from (
    select p.contact_id, row_number() over () as place, ${met[0]} as met, p.held, p.standing, ${wakeAt} as wake_at, ${values} as found
    from (select c.id as contact_id, ${standing} as standing,
        exists (select from holding h where h.contact_id = c.id and h.condition_id = ${condition.id}::uuid) as held
      from contact c where not c.anonymous) p ${joins}) a
    left join wake w on w.contact_id = a.contact_id and w.wake_at <= a.wake_at
    where met <> held or (a.wake_at is not null and w.contact_id is null)`
  const asked = now()
  const reading = statement(db, sql`declare everybody no scroll cursor for ${differs}`)
  return db
    .transaction()
    .setIsolationLevel("repeatable read")
    .execute(async (snapshot) => {
      await sql`select set_config('cursor_tuple_fraction', '1', true), set_config('work_mem', '64MB', true)`.execute(
        snapshot,
      )
      await reading.run(snapshot, { at: asked })
      for (;;) {
        const { rows } = await sql<Answered>`fetch ${sql.raw(String(fetched))} from everybody`.execute(snapshot)
        for (let from = 0; from < rows.length; from += chunk)
          if (!(await write(db, condition, rows.slice(from, from + chunk), indexOf, asked))) return false
        if (rows.length < fetched) return true
      }
    })
}

async function write(
  db: Db,
  condition: Kept,
  rows: Answered[],
  indexOf: (leaf: Leaf) => number,
  asked: Date,
): Promise<boolean> {
  return transact(db, async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable("condition")
      .set({ buildDone: rows.at(-1)!.place })
      .where("id", "=", condition.id)
      .where("version", "=", condition.version)
      .where("state", "=", "building")
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return false
    const sleepers = rows.filter((row) => row.wakeAt)
    const other = rows.filter((row) => row.met !== row.held)
    const free = await lockOthers(
      tx,
      condition,
      other.map((row) => row.contactId),
    )
    const list = other.filter((row) => free.has(row.contactId))
    await settle(
      tx,
      list.map((row) => ({
        contactId: row.contactId,
        condition,
        entered: row.met,
        happenedAt: asked,
        reason: reasonOf(condition.definition, row.met, row.standing, (leaf) => row.leafValues?.[indexOf(leaf)]),
        history: false,
        cause: "build",
      })),
      now(),
    )
    if (sleepers.length > 0)
      await wakeBy(
        tx,
        sleepers.map((row) => ({ contactId: row.contactId, wakeAt: row.wakeAt! })),
      )
    return true
  })
}

/** Locks these people in order and gives those whom evaluation has not answered since the pass began. */
async function lockOthers(tx: Tx, { id, version }: Kept, contactIds: string[]): Promise<Set<string>> {
  if (contactIds.length === 0) return new Set()
  await sql`select from contact where id = any(${contactIds}::uuid[]) order by id for no key update`.execute(tx)
  const { rows } = await sql<{ contactId: string }>`
    select contact_id from unnest(${contactIds}::uuid[]) contact_id
    where not exists (select from build_overtaken o where o.contact_id = contact_id.contact_id
      and o.condition_id = ${id}::uuid and o.version = ${version}::int)`.execute(tx)
  return new Set(rows.map((row) => row.contactId))
}

/** Takes a retired condition from everybody who still holds it, some thousand at a time. */
async function clear(db: Db, condition: Kept): Promise<void> {
  for (;;) {
    const held = await db
      .selectFrom("holding")
      .select("contactId")
      .where("conditionId", "=", condition.id)
      .orderBy("contactId")
      .limit(chunk)
      .execute()
    if (held.length === 0) return
    const went = await transact(db, async (tx) => {
      const still = await tx
        .selectFrom("condition")
        .select("state")
        .where("id", "=", condition.id)
        .forShare()
        .executeTakeFirst()
      if (still?.state !== "retired") return false
      await sql`select from contact where id = any(${held.map((row) => row.contactId)}::uuid[]) order by id for no key update`.execute(
        tx,
      )
      const at = now()
      await settle(
        tx,
        held.map(({ contactId }) => ({
          contactId,
          condition,
          entered: false,
          happenedAt: at,
          reason: { met: false, leaves: [] },
          history: false,
          cause: "build",
        })),
        at,
      )
      return true
    })
    if (!went) return
  }
}
