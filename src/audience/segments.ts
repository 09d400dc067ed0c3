import { audit } from "../events/index.ts"
import type { Actor } from "../platform/actors.ts"
import { now } from "../platform/clock.ts"
import { type Db, sql, type Tx } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import { check } from "./checks.ts"
import * as conditions from "./conditions.ts"
import type { Condition } from "./language.ts"
import { NoSuchSegment, SegmentInUse, SegmentNameTaken } from "./refusals.ts"

/** What staff says of a segment; `definition` as it was sent. */
type SegmentDraft = { name: string; description?: string; definition: unknown }

/** A segment, how many people are in it, and how far its condition is. */
type Segment = {
  id: string
  name: string
  description: string
  definition: Condition
  createdAt: Date
  changedAt: Date
  archivedAt: Date | null
  conditionId: string
  state: "building" | "live" | "archived"
  builtAt: Date | null
  /** People looked at while it is being built. */
  progress: { done: number; total: number } | null
  members: number
}

/** Makes a segment; a job finds its members. Throws UnusableCondition or SegmentNameTaken. */
export async function create(tx: Tx, draft: SegmentDraft, by: Actor): Promise<string> {
  const definition = check(draft.definition, "definition")
  const [id, at] = [newId(), now()]
  await refuseTakenName(tx, draft.name, id)
  const row = {
    id,
    name: draft.name,
    description: draft.description ?? "",
    createdAt: at,
    changedAt: at,
    archivedAt: null,
  }
  await tx
    .insertInto("segment")
    .values({ ...row, definition: JSON.stringify(definition) })
    .execute()
  await conditions.register(tx, { ownerKind: "segment", ownerId: id, definition }, at)
  await audit.record(tx, by, "segment.create", { kind: "segment", id }, { after: { ...draft, definition } })
  return id
}

/** Changes what is given; a changed condition is applied to everybody again, and until then the old members stand. */
export async function change(tx: Tx, id: string, draft: Partial<SegmentDraft>, by: Actor): Promise<void> {
  const before = await tx.selectFrom("segment").selectAll().where("id", "=", id).forUpdate().executeTakeFirst()
  if (!before || before.archivedAt) throw new NoSuchSegment()
  const definition = draft.definition === undefined ? before.definition : check(draft.definition, "definition")
  const name = draft.name ?? before.name
  const description = draft.description ?? before.description
  const at = now()
  await refuseTakenName(tx, name, id)
  await tx
    .updateTable("segment")
    .set({ name, description, definition: JSON.stringify(definition), changedAt: at })
    .where("id", "=", id)
    .execute()
  await conditions.register(tx, { ownerKind: "segment", ownerId: id, definition }, at)
  const was = { name: before.name, description: before.description, definition: before.definition }
  await audit.record(
    tx,
    by,
    "segment.change",
    { kind: "segment", id },
    { before: was, after: { name, description, definition } },
  )
}

/** Puts a segment away: nobody is in it any more, its history stays. Refused while another condition or access rule asks for it. */
export async function archive(tx: Tx, id: string, by: Actor): Promise<void> {
  const { rows } = await sql<{ used: boolean }>`
    select exists (select from condition c where c.state <> 'retired' and c.definition::text like ${`%${id.toLowerCase()}%`})
      or exists (select from access_rule r where r.segment_id = ${id}::uuid) as used`.execute(tx)
  if (rows[0]!.used) throw new SegmentInUse()
  const at = now()
  const row = await tx
    .updateTable("segment")
    .set({ archivedAt: at, name: sql`name || ' (' || left(id::text, 8) || ')'` })
    .where("id", "=", id)
    .where("archivedAt", "is", null)
    .returning("name")
    .executeTakeFirst()
  if (!row) throw new NoSuchSegment()
  await conditions.retire(tx, "segment", id)
  await audit.record(tx, by, "segment.archive", { kind: "segment", id })
}

/** One segment. Throws NoSuchSegment. */
export async function get(db: Db, id: string): Promise<Segment> {
  const [found] = await read(db, sql`s.id = ${id}::uuid`)
  if (!found) throw new NoSuchSegment()
  return found
}

/** The segments that are not archived, by name. */
export async function list(db: Db): Promise<Segment[]> {
  return read(db, sql`s.archived_at is null`)
}

async function read(db: Db, which: ReturnType<typeof sql>): Promise<Segment[]> {
  type Row = Omit<Segment, "state" | "progress"> & { state: string; done: number | null; total: number | null }
  const { rows } = await sql<Row>`
    select s.*, c.id as condition_id, c.state, c.built_at, c.build_done as done, c.build_total as total,
      case when c.state = 'retired' then 0 else
        (select count(*)::int from holding h where h.condition_id = c.id) end as members
    from segment s join condition c on c.owner_kind = 'segment' and c.owner_id = s.id
    where ${which} order by s.name collate "ja-x-icu", s.id`.execute(db)
  return rows.map(({ done, total, state, ...row }) => ({
    ...row,
    state: row.archivedAt ? "archived" : state === "live" ? "live" : "building",
    progress: state === "building" && done !== null && total !== null ? { done: Math.min(done, total), total } : null,
  }))
}

async function refuseTakenName(tx: Tx, name: string, id: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('segment.name'))`.execute(tx)
  const taken = await tx
    .selectFrom("segment")
    .select("id")
    .where("name", "=", name)
    .where("id", "<>", id)
    .executeTakeFirst()
  if (taken) throw new SegmentNameTaken()
}
