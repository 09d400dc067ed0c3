import { now } from "../platform/clock.ts"
import { type Db, sql, type Tx } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import * as jobs from "../platform/jobs.ts"
import { UnusableCondition } from "./checks.ts"
import { answers, people as asked, standing, statement } from "./compiler.ts"
import { type Condition, type Leaf, leavesOf } from "./language.ts"
import { type Reason, reasonOf } from "./reasons.ts"
import type { ConditionState } from "./tables.ts"

export { all, count, people, strayed } from "./asking.ts"
export { check, UnusableCondition } from "./checks.ts"

/** Whose condition it is, and what it says; `definition` has been through `check`. */
type Registration = { ownerKind: string; ownerId: string; definition: Condition }

/** How far a kept condition is: "building" while it is applied to everybody, with the people looked at so far. */
type Standing = {
  id: string
  state: ConditionState
  builtAt: Date | null
  total: number | null
  done: number | null
}

/**
 * Keeps a condition's answers from now on, or replaces the one this owner had; gives its id. A job applies it to everybody,
 * then it is live. Saying the same again changes nothing.
 */
export async function register(tx: Tx, { ownerKind, ownerId, definition }: Registration, at: Date): Promise<string> {
  await sql`select pg_advisory_xact_lock(hashtext('audience.register'))`.execute(tx)
  await refuseCircle(tx, ownerKind, ownerId, definition)
  const { rows } = await sql<{ id: string }>`
    insert into condition (id, owner_kind, owner_id, definition, state, changed_at)
    values (${newId()}, ${ownerKind}, ${ownerId}, ${JSON.stringify(definition)}::jsonb, 'registered', ${at})
    on conflict (owner_kind, owner_id) do update set definition = excluded.definition, version = condition.version + 1,
      state = 'registered', changed_at = excluded.changed_at, built_at = null, build_total = null, build_done = null
      where condition.definition <> excluded.definition or condition.state = 'retired'
    returning id`.execute(tx)
  const conditionId = rows[0]?.id
  if (!conditionId) return (await find(tx, ownerKind, ownerId))!.id
  await jobs.add(tx, "audience.build", { conditionId }, { key: `audience.build:${conditionId}` })
  return conditionId
}

/** Ends a condition: nobody holds it any more, and a job closes the history of those who did. */
export async function retire(tx: Tx, ownerKind: string, ownerId: string): Promise<void> {
  const row = await tx
    .updateTable("condition")
    .set({ state: "retired", changedAt: now() })
    .where("ownerKind", "=", ownerKind)
    .where("ownerId", "=", ownerId)
    .where("state", "<>", "retired")
    .returning("id")
    .executeTakeFirst()
  if (row) await jobs.add(tx, "audience.build", { conditionId: row.id }, { key: `audience.build:${row.id}` })
}

/** The conditions whose answers are kept for everybody. */
export async function live(db: Db): Promise<{ id: string; ownerKind: string; definition: Condition }[]> {
  return db.selectFrom("condition").select(["id", "ownerKind", "definition"]).where("state", "=", "live").execute()
}

/** The condition of an owner and how far it is. */
async function find(db: Db, ownerKind: string, ownerId: string): Promise<Standing | undefined> {
  return db
    .selectFrom("condition")
    .select(["id", "state", "builtAt", "buildTotal as total", "buildDone as done"])
    .where("ownerKind", "=", ownerKind)
    .where("ownerId", "=", ownerId)
    .executeTakeFirst()
}

/** The ids of the conditions that hold of a contact now. */
export async function holding(db: Db, contactId: string): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select h.condition_id as id from holding h join condition c on c.id = h.condition_id and c.state <> 'retired'
    where h.contact_id = ${contactId}::uuid`.execute(db)
  return new Set(rows.map((row) => row.id))
}

/** Why a condition is or is not true of a contact at an instant: each question's value beside what was asked. */
export async function why(db: Db, definition: Condition, contactId: string, at: Date): Promise<Reason> {
  const [found] = await whyAll(db, [definition], contactId, at)
  return found!
}

/** As `why`, for several conditions about one contact, in one statement. */
export async function whyAll(db: Db, definitions: Condition[], contactId: string, at: Date): Promise<Reason[]> {
  if (definitions.length === 0) return []
  const parts = answers(
    definitions.map((definition) => ({ id: "", definition })),
    "people",
  )
  type Row = { standing: boolean; met: boolean[]; found: unknown[] }
  const query = sql<Row>`
    select p.standing, array[${sql.join(parts.met)}] as met, ${parts.values} as found
    from (select c.id as contact_id, ${standing} as standing from contact c where c.id = any(${asked})) p ${parts.joins}`
  const [row] = await statement(db, query).run(db, { at, contacts: [contactId] })
  return definitions.map((definition, index) =>
    reasonOf(
      definition,
      row?.met[index] ?? false,
      row?.standing ?? false,
      (leaf: Leaf) => row?.found[parts.indexOf(leaf)],
    ),
  )
}

async function refuseCircle(tx: Tx, ownerKind: string, ownerId: string, definition: Condition): Promise<void> {
  const wanted = segmentsIn(definition)
  if (wanted.length === 0) return
  const { rows } = await sql<{ id: string; definition: Condition }>`
    select s.id, c.definition from segment s join condition c on c.owner_kind = 'segment' and c.owner_id = s.id
    where s.archived_at is null and c.state <> 'retired'`.execute(tx)
  const segments = new Map(rows.map((row) => [row.id, segmentsIn(row.definition)]))
  const seen = new Set<string>()
  const open = [...wanted]
  for (let id = open.pop(); id; id = open.pop()) {
    if (ownerKind === "segment" && id === ownerId) throw new UnusableCondition([{ path: "", text: "circle" }])
    if (seen.has(id)) continue
    seen.add(id)
    const next = segments.get(id)
    if (!next && wanted.includes(id)) throw new UnusableCondition([{ path: "", text: "noSegment", values: { id } }])
    open.push(...(next ?? []))
  }
}

function segmentsIn(definition: Condition): string[] {
  return leavesOf(definition)
    .filter((leaf) => leaf.fact === "segment.in")
    .map((leaf) => String(leaf.with?.segment).toLowerCase())
}
