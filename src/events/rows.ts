import { CompiledQuery } from "kysely"
import type { Tx } from "../platform/db.ts"
import type { Event } from "./reactions.ts"

/** An event about to be stored. `asked` is a contact id that somebody named and that may not exist. */
export type Row = Event & { sentAt?: Date | null; asked?: string | null; known?: boolean; json?: string }

/**
 * Inserts events; those of an anonymous history that has joined a person go to the person, and the rows are set accordingly.
 * With `people`, contacts that do not exist yet are made.
 */
export async function insertEvents(tx: Tx, rows: Row[], options: { people?: boolean } = {}): Promise<void> {
  if (rows.length === 0) return
  const elsewhere = await run<Elsewhere>(tx, options.people ? insertWithPeople : insert, rows)
  redirect(rows, elsewhere)
}

/**
 * As `insertEvents` with `people`, but a row whose id the same person has at the same instant already is left out.
 * Gives the rows that were stored. Costs a little more.
 */
export async function insertOnce<R extends Row>(tx: Tx, given: R[]): Promise<R[]> {
  const rows = [...new Map(given.map((row) => [keyOf(row), row])).values()]
  const special = await run<Elsewhere & { happenedAt: Date; stored: boolean }>(tx, insertWithPeopleOnce, rows)
  redirect(rows, special)
  const known = new Set(special.filter((row) => !row.stored).map(keyOf))
  return known.size === 0 ? rows : rows.filter((row) => !known.has(keyOf(row)))
}

function keyOf({ id, happenedAt }: { id: string; happenedAt: Date }): string {
  return `${id} ${happenedAt.getTime()}`
}

type Elsewhere = { id: string; contactId: string; originId: string }

async function run<T>(tx: Tx, text: string, rows: Row[]): Promise<T[]> {
  const result = await tx.executeQuery<T>(
    CompiledQuery.raw(text, [
      plain(rows, (row) => row.id),
      plain(rows, (row) => row.asked),
      plain(rows, (row) => row.contactId),
      plain(rows, (row) => (row.known ? "t" : "f")),
      quoted(rows, (row) => row.name),
      quoted(rows, (row) => row.source),
      plain(rows, (row) => row.happenedAt.toISOString()),
      plain(rows, (row) => row.sequence),
      plain(rows, (row) => row.sentAt?.toISOString()),
      plain(rows, (row) => row.receivedAt.toISOString()),
      plain(rows, (row) => (row.history ? "t" : "f")),
      quoted(rows, (row) => row.json ?? JSON.stringify(row.properties)),
    ]),
  )
  return result.rows
}

function redirect(rows: Row[], elsewhere: Elsewhere[]): void {
  if (elsewhere.length === 0) return
  const found = new Map(elsewhere.map((row) => [row.id, row]))
  for (const row of rows) {
    const moved = found.get(row.id)
    if (moved) Object.assign(row, { contactId: moved.contactId, originId: moved.originId })
  }
}

/** Remembers messages as accepted and returns the keys, `source` and `messageId` joined by a line feed, of those seen for the first time. */
export async function insertReceipts(
  tx: Tx,
  receipts: { source: string; messageId: string; receivedAt: Date }[],
): Promise<Set<string>> {
  if (receipts.length === 0) return new Set()
  const { rows } = await tx.executeQuery<{ source: string; messageId: string }>(
    CompiledQuery.raw(insertReceipt, [
      quoted(receipts, (receipt) => receipt.source),
      quoted(receipts, (receipt) => receipt.messageId),
      plain(receipts, (receipt) => receipt.receivedAt.toISOString()),
    ]),
  )
  return new Set(rows.map((row) => `${row.source}\n${row.messageId}`))
}

// Sorted, so that two processes that take the same keys wait for each other and never both.
const insertReceipt = `
  insert into event_receipt (source, message_id, received_at)
  select * from unnest($1::text[], $2::text[], $3::timestamptz[]) as r(source, message_id, received_at)
  order by 1, 2
  on conflict do nothing
  returning source, message_id`

const aimed = `
  with given as (
    select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::boolean[], $5::text[], $6::text[], $7::timestamptz[],
        $8::bigint[], $9::timestamptz[], $10::timestamptz[], $11::boolean[], $12::text[])
      as g(id, asked, contact_id, known, name, source, happened_at, sequence, sent_at, received_at, history, properties)),
  aimed as (
    select g.*, coalesce(c.id, g.contact_id) as origin, coalesce(a.contact_id, c.id, g.contact_id) as person
    from given g
    left join contact c on c.id = g.asked
    left join alias a on a.origin_id = coalesce(c.id, g.contact_id))`

const stored = `
  stored as (
    insert into event (contact_id, happened_at, id, name, origin_id, source, properties, sequence, sent_at, received_at, history)
    select person, happened_at, id, name, origin, source, properties::jsonb, sequence, sent_at, received_at, history from aimed)
  select id, person as contact_id, origin as origin_id from aimed where person <> contact_id or origin <> contact_id`

// Sorted as above. Apart from the other, because looking for a conflict costs every event something.
const storedOnce = `
  stored as (
    insert into event (contact_id, happened_at, id, name, origin_id, source, properties, sequence, sent_at, received_at, history)
    select person, happened_at, id, name, origin, source, properties::jsonb, sequence, sent_at, received_at, history from aimed
    order by person, happened_at, id
    on conflict (contact_id, happened_at, id) do nothing returning id, happened_at)
  select a.id, a.person as contact_id, a.origin as origin_id, a.happened_at, s.id is not null as stored
  from aimed a left join stored s on s.id = a.id and s.happened_at = a.happened_at
  where a.person <> a.contact_id or a.origin <> a.contact_id or s.id is null`

const insert = `${aimed}, ${stored}`
const withPeople = `${aimed},
  people as (
    insert into contact (id, anonymous, created_at)
    select person, bool_and(not known), min(received_at) from aimed
    where not exists (select from contact c where c.id = person) group by person order by person
    on conflict do nothing),`
const insertWithPeople = `${withPeople} ${stored}`
const insertWithPeopleOnce = `${withPeople} ${storedOnce}`

type Plain = string | number | null | undefined

/** An array literal of values that need no quotes: ids, instants, numbers. Quicker than the driver's own. */
function plain<T>(rows: T[], value: (row: T) => Plain): string {
  let text = "{"
  for (let index = 0; index < rows.length; index++) text += `${index > 0 ? "," : ""}${value(rows[index]!) ?? "null"}`
  return `${text}}`
}

function quoted<T>(rows: T[], value: (row: T) => string): string {
  let text = "{"
  for (let index = 0; index < rows.length; index++) {
    const raw = value(rows[index]!)
    text += `${index > 0 ? "," : ""}"${special.test(raw) ? raw.replace(everySpecial, "\\$&") : raw}"`
  }
  return `${text}}`
}

const special = /["\\]/
const everySpecial = /["\\]/g
