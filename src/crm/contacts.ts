import type { RawBuilder } from "kysely"
import * as cursors from "../platform/cursors.ts"
import { type Db, sql } from "../platform/db.ts"
import { memberNumber } from "./names.ts"
import { pattern, shortKana } from "./search.ts"
import { valueName } from "./value-names.ts"

/** A line of the list of contacts. */
type Listed = {
  id: string
  /** M-000123 */
  number: string
  familyName: string
  givenName: string
  familyKana: string
  givenKana: string
  email: string | null
  phone: string | null
  prefecture: string | null
  company: string | null
  plan: string | null
  /** What people call the plan. */
  planName: { ja: string; en: string } | null
  rank: { id: string; name: { ja: string; en: string }; colour: string } | null
  joinedAt: Date | null
  withdrawnAt: Date | null
  /** The last thing the person did here: a visit, watching, a click in a mail, signing in. */
  lastSeenAt: Date | null
  createdAt: Date
}
export type Page<Item> = { data: Item[]; nextCursor: string | null }
type ListOptions = {
  /** Names in any writing, kana, mail address, phone, company, member number; from three characters on anywhere inside. */
  search?: string
  segmentId?: string
  rankId?: string
  cursor?: string
  /** At most 200; 50 unless told. */
  limit?: number
}

/** From here on a search is read along the kana index instead of being gathered and sorted. */
const many = 6_000

/** Known contacts in kana order, read by cursor; anonymous visitors are not among them. */
export async function list(db: Db, options: ListOptions = {}): Promise<Page<Listed>> {
  const limit = Math.min(Math.max(options.limit ?? 50, 1), 200)
  const place = cursors.nameOf(options.cursor)
  const after = place
    ? sql`(p.name_kana collate "ja-x-icu", p.contact_id) > (${place.kana}, ${place.id}::uuid)`
    : sql`true`
  const few = await gathered(db, options, after, limit + 1)
  const rows = await lines(
    db,
    few ? sql`select * from profile where contact_id = any(${few}::uuid[])` : along(options, after, limit + 1),
  )
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1)! : undefined
  return { data: shown.map(listed), nextCursor: last ? cursors.atName(last.nameKana, last.id) : null }
}

/** The line of one contact; nothing when there is none. */
export async function find(db: Db, contactId: string): Promise<Listed | undefined> {
  const [row] = await lines(db, sql`select p.* from profile p where p.contact_id = ${contactId}`)
  return row && listed(row)
}

/** Why somebody says they withdrew; nothing of a member, or when they did not say. */
export async function withdrawalReason(db: Db, contactId: string): Promise<string | null> {
  const { rows } = await sql<{ reason: string | null }>`
    select withdrawal_reason as reason from membership where contact_id = ${contactId} and withdrawn_at is not null`.execute(
    db,
  )
  return rows[0]?.reason ?? null
}

/** How many known contacts fit; the same people that `list` shows. */
export async function count(db: Db, options: Omit<ListOptions, "cursor" | "limit"> = {}): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) from profile p where ${chosen(options)}`.execute(db)
  return rows[0]!.count
}

/** The next contacts of a search, gathered and then sorted; nothing when there is no search or too much is found. */
async function gathered(
  db: Db,
  options: ListOptions,
  after: RawBuilder<unknown>,
  limit: number,
): Promise<string[] | undefined> {
  if (!options.search?.trim() && !options.segmentId && !options.rankId) return undefined
  const { rows } = await sql<{ found: number; ids: string[] }>`
    with p as materialized (select p.contact_id, p.name_kana from profile p where ${chosen(options)} limit ${many + 1})
    select (select count(*) from p) as found,
      array(select contact_id from p where ${after} order by name_kana collate "ja-x-icu", contact_id limit ${limit}) as ids`.execute(
    db,
  )
  return rows[0]!.found > many ? undefined : rows[0]!.ids
}

/** The next contacts along the kana index; of one or two kana, those whose reading begins so. */
function along(options: ListOptions, after: RawBuilder<unknown>, limit: number): RawBuilder<unknown> {
  const reading = options.search && shortKana(options.search)
  // Nothing sorts after U+FFFF, so that this is the range of readings that begin so.
  const test = reading
    ? sql`p.name_kana collate "ja-x-icu" >= ${reading} and p.name_kana collate "ja-x-icu" < ${`${reading}\uffff`} and ${chosen({ ...options, search: undefined })}`
    : chosen(options)
  return sql`select p.* from profile p where ${test} and ${after}
    order by p.name_kana collate "ja-x-icu", p.contact_id limit ${limit}`
}

const doings = ["page.viewed", "video.watched", "account.signed_in", "mail.clicked"]

async function lines(db: Db, page: RawBuilder<unknown>): Promise<Found[]> {
  const { rows } = await sql<Found>`
    with page as (${page})
    select p.contact_id as id, p.number, p.family_name, p.given_name, p.family_kana, p.given_kana, p.name_kana, p.phone,
      p.prefecture, p.company, m.address as email, o.value #>> '{}' as plan,
      case when r.id is not null then jsonb_build_object('id', r.id, 'name', r.name, 'colour', r.colour) end as rank,
      s.joined_at, s.withdrawn_at, c.created_at,
      (select max(e.happened_at) from unnest(${doings}::text[]) did cross join lateral (
        select happened_at from event where contact_id = p.contact_id and name = did order by happened_at desc limit 1) e) as last_seen_at
    from page p join contact c on c.id = p.contact_id
    left join contact_email m on m.contact_id = p.contact_id and m.is_primary
    left join contact_property o on o.contact_id = p.contact_id and o.name = 'plan' and o.until is null
    left join rank_history h on h.contact_id = p.contact_id and h.until is null
    left join rank r on r.id = h.rank_id
    left join membership s on s.contact_id = p.contact_id
    order by p.name_kana collate "ja-x-icu", p.contact_id`.execute(db)
  return rows
}

function listed(row: Found): Listed {
  const { nameKana: _, number, ...rest } = row
  return { ...rest, planName: valueName("plan", rest.plan), number: memberNumber(number) }
}

type Found = Omit<Listed, "number" | "planName"> & { number: number; nameKana: string }

function chosen({ search, segmentId, rankId }: ListOptions) {
  const tests = []
  if (search?.trim()) {
    const like = pattern(search)
    tests.push(like ? sql`p.search_key like ${like}` : sql`false`)
  }
  if (segmentId)
    tests.push(sql`p.contact_id in (select h.contact_id from holding h join condition k on k.id = h.condition_id
      where k.owner_kind = 'segment' and k.owner_id = ${segmentId}::uuid)`)
  if (rankId)
    tests.push(
      sql`p.contact_id in (select h.contact_id from rank_history h where h.rank_id = ${rankId}::uuid and h.until is null)`,
    )
  return tests.length > 0 ? sql.join(tests, sql` and `) : sql`true`
}
