import type { Actor } from "../platform/actors.ts"
import { now } from "../platform/clock.ts"
import { type Db, sql, type Tx } from "../platform/db.ts"
import { isId, newId } from "../platform/ids.ts"
import type { Locale } from "../platform/words.ts"
import { withoutPersonal } from "./personal.ts"

/**
 * Writes who did what to what into the audit, in the transaction of the act. `action` reads `noun.verb`, e.g. `segment.change`.
 * Of persons it keeps which fields changed, but nothing personal: see `personal.ts`.
 */
export async function record(
  tx: Tx,
  by: Actor,
  action: string,
  subject: { kind: string; id: string },
  change: { before?: object; after?: object; reason?: string } = {},
): Promise<void> {
  const kept = (fields?: object) => (fields ? JSON.stringify(withoutPersonal(subject.kind, fields)) : null)
  await tx
    .insertInto("audit")
    .values({
      id: newId(),
      happenedAt: now(),
      actor: JSON.stringify(by),
      action,
      subjectKind: subject.kind,
      subjectId: subject.id,
      before: kept(change.before),
      after: kept(change.after),
      reason: change.reason ?? null,
    })
    .execute()
}

type Label = Record<Locale, string>

/** One act: who did what to what, before and after, why. */
type Act = {
  id: string
  happenedAt: Date
  actor: Actor
  action: string
  subjectKind: string
  subjectId: string
  before: object | null
  after: object | null
  reason: string | null
}

/** Acts, newest first, of everything or of one kind of subject; read on from the id of the last one seen. */
export async function list(
  db: Db,
  options: {
    after?: string | undefined
    limit: number
    subjectKind?: string | undefined
    subjectId?: string | undefined
  },
): Promise<Act[]> {
  const { after, limit, subjectKind, subjectId } = options
  let query = db.selectFrom("audit").selectAll().orderBy("id", "desc").limit(limit)
  if (after) query = query.where("id", "<", after)
  if (subjectKind) query = query.where("subjectKind", "=", subjectKind)
  if (subjectId) query = query.where("subjectId", "=", subjectId)
  return (await query.execute()) as unknown as Act[]
}

/**
 * What the subjects of acts are called now, by their ids; nothing of what has no name or is gone. Contacts are named only
 * to those who may see contacts.
 */
export async function subjectsOf(
  db: Db,
  acts: Act[],
  { contacts }: { contacts: boolean },
): Promise<Map<string, Label>> {
  const ids = [...new Set(acts.map((act) => act.subjectId).filter(isId))]
  if (ids.length === 0) return new Map()
  const among = sql`= any(${ids}::uuid[])`
  const named = (table: string, column: string) =>
    sql`select id, to_jsonb(${sql.ref(column)}) as name from ${sql.table(table)} where id ${among}`
  const lists = [
    ...["staff", "api_token", "event_key", "segment", "scenario", "rank"].map((table) => named(table, "name")),
    ...["course", "video"].map((table) => named(table, "title")),
    named("file", "original_name"),
    sql`select contact_id, to_jsonb(trim(family_name || ' ' || given_name)) from profile where ${contacts} and contact_id ${among}`,
  ]
  const { rows } = await sql<{ id: string; name: string | Label }>`${sql.join(lists, sql` union all `)}`.execute(db)
  const both = (name: string | Label) => (typeof name === "string" ? { ja: name, en: name } : name)
  return new Map(rows.filter(({ name }) => name).map(({ id, name }) => [id, both(name)]))
}

/** The names of the staff and tokens behind acts, by the act's id. */
export async function namesOf(db: Db, acts: Act[]): Promise<Map<string, string>> {
  const idOf = ({ actor }: Act) =>
    actor.kind === "staff" ? actor.staffId : actor.kind === "token" ? actor.tokenId : undefined
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from staff where id = any(${acts.flatMap((act) => idOf(act) ?? [])}::uuid[])
    union all select id, name from api_token where id = any(${acts.flatMap((act) => idOf(act) ?? [])}::uuid[])`.execute(
    db,
  )
  const names = new Map(rows.map((row) => [row.id, row.name]))
  return new Map(acts.flatMap((act) => (names.has(idOf(act) ?? "") ? [[act.id, names.get(idOf(act)!)!] as const] : [])))
}
