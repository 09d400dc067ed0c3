import { type Db, sql } from "../platform/db.ts"
import { isId } from "../platform/ids.ts"
import { decode, encode } from "./cursors.ts"
import { memberNumber } from "./names.ts"
import { pattern } from "./search.ts"

/** A line of the list of contacts. */
export type Listed = {
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
  rank: { id: string; name: { ja: string; en: string }; colour: string } | null
  joinedAt: Date | null
  withdrawnAt: Date | null
  createdAt: Date
}
export type Page<Item> = { data: Item[]; nextCursor: string | null }
export type ListOptions = {
  /** Names in any writing, kana, mail address, phone, company, member number; from three characters on anywhere inside. */
  search?: string
  segmentId?: string
  rankId?: string
  cursor?: string
  /** At most 200; 50 unless told. */
  limit?: number
}

/** Known contacts in kana order, read by cursor; anonymous visitors are not among them. */
export async function list(db: Db, options: ListOptions = {}): Promise<Page<Listed>> {
  const limit = Math.min(Math.max(options.limit ?? 50, 1), 200)
  const [kana, id] = options.cursor ? decode(options.cursor, [() => true, isId]) : []
  const after = id ? sql`(p.name_kana collate "ja-x-icu", p.contact_id) > (${kana}, ${id}::uuid)` : sql`true`
  const page = sql`select p.* from profile p where ${chosen(options)} and ${after}
    order by p.name_kana collate "ja-x-icu", p.contact_id limit ${limit + 1}`
  const rows = await lines(db, page)
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1)! : undefined
  return {
    data: shown.map(listed),
    nextCursor: last ? encode([last.nameKana, last.id]) : null,
  }
}

/** The line of one contact; nothing when there is none. */
export async function find(db: Db, contactId: string): Promise<Listed | undefined> {
  const [row] = await lines(db, sql`select p.* from profile p where p.contact_id = ${contactId}`)
  return row && listed(row)
}

/** How many known contacts fit; the same people that `list` shows. */
export async function count(db: Db, options: Omit<ListOptions, "cursor" | "limit"> = {}): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) from profile p where ${chosen(options)}`.execute(db)
  return rows[0]!.count
}

async function lines(db: Db, page: ReturnType<typeof sql>): Promise<Found[]> {
  const { rows } = await sql<Found>`
    with page as (${page})
    select p.contact_id as id, p.number, p.family_name, p.given_name, p.family_kana, p.given_kana, p.name_kana, p.phone,
      p.prefecture, p.company, m.address as email, o.value #>> '{}' as plan,
      case when r.id is not null then jsonb_build_object('id', r.id, 'name', r.name, 'colour', r.colour) end as rank,
      s.joined_at, s.withdrawn_at, c.created_at
    from page p join contact c on c.id = p.contact_id
    left join contact_email m on m.contact_id = p.contact_id and m.is_primary
    left join contact_property o on o.contact_id = p.contact_id and o.name = 'plan' and o.until is null
    left join rank_history h on h.contact_id = p.contact_id and h.until is null
    left join rank r on r.id = h.rank_id
    left join membership s on s.contact_id = p.contact_id
    order by p.name_kana collate "ja-x-icu", p.contact_id`.execute(db)
  return rows
}

function listed({ nameKana, number, ...rest }: Found): Listed {
  return { ...rest, number: memberNumber(number) }
}

type Found = Omit<Listed, "number"> & { number: number; nameKana: string }

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
