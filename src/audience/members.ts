import * as cursors from "../platform/cursors.ts"
import { type Db, sql } from "../platform/db.ts"
import { inKanaOrder, nameKana, past } from "./asking.ts"
import type { Condition } from "./language.ts"
import type { Reason } from "./reasons.ts"

type Page = { cursor?: string | null; limit: number }

/** Somebody in a segment, since when, and why they entered. */
type Member = { contactId: string; name: string; kana: string; since: Date; reason: Reason | null }

/** The people in a segment now, in kana order. */
export async function of(
  db: Db,
  segmentId: string,
  page: Page,
): Promise<{ data: Member[]; nextCursor: string | null }> {
  const after = cursors.nameOf(page.cursor)
  const { rows } = await sql<Member & { nameKana: string }>`
    select h.contact_id, ${fullName} as name, concat_ws(' ', nullif(pr.family_kana, ''), nullif(pr.given_kana, '')) as kana,
      h.since, hh.entered_reason as reason, ${nameKana} as name_kana
    from condition c join holding h on h.condition_id = c.id
    left join profile pr on pr.contact_id = h.contact_id
    left join holding_history hh on hh.contact_id = h.contact_id and hh.condition_id = c.id and hh.left_at is null
    where c.owner_kind = 'segment' and c.owner_id = ${segmentId}::uuid and c.state <> 'retired'
      ${after ? sql`and ${past(sql`h.contact_id`, after)}` : sql``}
    order by ${inKanaOrder}, h.contact_id limit ${page.limit + 1}`.execute(db)
  const data = rows.slice(0, page.limit)
  const last = rows.length > page.limit ? data.at(-1)! : undefined
  return {
    data: data.map(({ contactId, name, kana, since, reason }) => ({ contactId, name, kana, since, reason })),
    nextCursor: last ? cursors.atName(last.nameKana, last.contactId) : null,
  }
}

/** One stay in a segment. */
type Stay = {
  id: string
  contactId: string
  name: string
  enteredAt: Date
  enteredDecidedAt: Date
  enteredReason: Reason
  leftAt: Date | null
  leftDecidedAt: Date | null
  leftReason: Reason | null
}

/** Entries into a segment and exits from it, the latest entry first. */
export async function history(
  db: Db,
  segmentId: string,
  page: Page,
): Promise<{ data: Stay[]; nextCursor: string | null }> {
  const before = cursors.timeOf(page.cursor)
  const { rows } = await sql<Stay>`
    select h.id, h.contact_id, ${fullName} as name, h.entered_at, h.entered_decided_at, h.entered_reason, h.left_at,
      h.left_decided_at, h.left_reason
    from condition c join holding_history h on h.condition_id = c.id
    left join profile pr on pr.contact_id = h.contact_id
    where c.owner_kind = 'segment' and c.owner_id = ${segmentId}::uuid
      ${before ? sql`and (h.entered_at, h.id) < (${before.at}, ${before.id}::uuid)` : sql``}
    order by h.entered_at desc, h.id desc limit ${page.limit + 1}`.execute(db)
  const data = rows.slice(0, page.limit)
  const last = rows.length > page.limit ? data.at(-1)! : undefined
  return { data, nextCursor: last ? cursors.atTime(last.enteredAt, last.id) : null }
}

/** Every segment beside whether a contact is in it and why; out of it: `reason` is absent, ask `conditions.why`. */
type InOrOut = {
  segmentId: string
  name: string
  definition: Condition
  in: boolean
  since: Date | null
  reason: Reason | null
}

/** All segments that are not archived, as one contact stands to them. */
export async function segmentsOf(db: Db, contactId: string): Promise<InOrOut[]> {
  const { rows } = await sql<InOrOut>`
    select s.id as segment_id, s.name, s.definition, h.contact_id is not null as in, h.since, hh.entered_reason as reason
    from segment s join condition c on c.owner_kind = 'segment' and c.owner_id = s.id
    left join holding h on h.condition_id = c.id and h.contact_id = ${contactId}::uuid
    left join holding_history hh on hh.contact_id = h.contact_id and hh.condition_id = c.id and hh.left_at is null
    where s.archived_at is null order by s.name collate "ja-x-icu", s.id`.execute(db)
  return rows
}

/** The names of contacts that have one. */
export async function namesOf(db: Db, contactIds: string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ contactId: string; name: string }>`
    select pr.contact_id, ${fullName} as name from profile pr where pr.contact_id = any(${contactIds}::uuid[])`.execute(
    db,
  )
  return new Map(rows.map((row) => [row.contactId, row.name]))
}

const fullName = sql`coalesce(concat_ws(' ', nullif(pr.family_name, ''), nullif(pr.given_name, '')), '')`
