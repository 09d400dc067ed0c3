import type { RawBuilder } from "kysely"
import * as cursors from "../platform/cursors.ts"
import { type Db, sql } from "../platform/db.ts"
import { answers, standing, statement } from "./compiler.ts"
import type { Condition, Leaf } from "./language.ts"
import { type Reason, reasonOf } from "./reasons.ts"

/** How many people a condition is true of at an instant, which may lie in the past: nothing needs to be kept for it. */
export async function count(db: Db, definition: Condition, at: Date): Promise<number> {
  const [row] = await statement(
    db,
    sql<{ count: number }>`
    select count(*)::int as count from (${everybody(definition).query}) a where met`,
  ).run(db, { at })
  return row!.count
}

/** The ids of everybody a condition is true of at an instant, by name in kana order. */
export async function all(db: Db, definition: Condition, at: Date): Promise<string[]> {
  const rows = await statement(
    db,
    sql<{ contactId: string }>`
    select a.contact_id from (${everybody(definition).query}) a left join profile pr on pr.contact_id = a.contact_id
    where met order by ${inKanaOrder}, a.contact_id`,
  ).run(db, { at })
  return rows.map((row) => row.contactId)
}

/** A person of whom a condition is true, and why. */
type Person = { contactId: string; reason: Reason }

/** The people a condition is true of at an instant, by name in kana order; `cursor` is the last page's `nextCursor`. */
export async function people(
  db: Db,
  definition: Condition,
  at: Date,
  page: { cursor?: string | null; limit: number },
): Promise<{ data: Person[]; nextCursor: string | null }> {
  const { query, indexOf } = everybody(definition)
  const after = cursors.nameOf(page.cursor)
  type Row = { contactId: string; standing: boolean; found: unknown[]; nameKana: string }
  const rows = await statement(
    db,
    sql<Row>`
    select a.contact_id, a.standing, a.found, ${nameKana} as name_kana
    from (${query}) a left join profile pr on pr.contact_id = a.contact_id
    where met ${after ? sql`and ${past(sql`a.contact_id`, after)}` : sql``}
    order by ${inKanaOrder}, a.contact_id limit ${page.limit + 1}`,
  ).run(db, { at })
  const data = rows.slice(0, page.limit).map(({ contactId, standing, found }) => ({
    contactId,
    reason: reasonOf(definition, true, standing, (leaf: Leaf) => found[indexOf(leaf)]),
  }))
  const last = rows.length > page.limit ? rows[page.limit - 1]! : undefined
  return { data, nextCursor: last ? cursors.atName(last.nameKana, last.contactId) : null }
}

/** People of whom a kept answer is not what a fresh evaluation finds, though nothing of theirs waits to be evaluated; should be nobody. */
export async function strayed(
  db: Db,
  kept: { id: string; definition: Condition },
  at: Date,
  limit: number,
): Promise<string[]> {
  const rows = await statement(
    db,
    sql<{ contactId: string }>`
    select a.contact_id from (${everybody(kept.definition).query}) a
    left join holding h on h.contact_id = a.contact_id and h.condition_id = ${kept.id}::uuid
    where a.met <> (h.contact_id is not null)
      and not exists (select from dirty d where d.contact_id = a.contact_id)
      and not exists (select from wake w where w.contact_id = a.contact_id and w.wake_at <= ${at})
    limit ${limit}`,
  ).run(db, { at })
  return rows.map((row) => row.contactId)
}

/** The reading of a person; people without a profile come last, as the profile's own default says. */
export const nameKana: RawBuilder<string> = sql`coalesce(pr.name_kana, U&'\\FFFF')`
export const inKanaOrder: RawBuilder<string> = sql`${nameKana} collate "ja-x-icu"`

/** Rows after a place in kana order, then by contact. */
export function past(contactId: RawBuilder<unknown>, { kana, id }: { kana: string; id: string }): RawBuilder<boolean> {
  return sql`(${inKanaOrder}, ${contactId}) > (${kana}::text collate "ja-x-icu", ${id}::uuid)`
}

function everybody(definition: Condition) {
  const { joins, met, values, indexOf } = answers([{ id: "", definition }], "everybody")
  const query = sql`select p.contact_id, p.standing, ${met[0]} as met, ${values} as found
    from (select c.id as contact_id, ${standing} as standing from contact c where not c.anonymous) p ${joins}`
  return { query, indexOf }
}
