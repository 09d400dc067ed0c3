import { audit } from "../events/index.ts"
import type { Actor } from "../platform/actors.ts"
import * as cursors from "../platform/cursors.ts"
import { type Db, sql, type Tx } from "../platform/db.ts"
import * as house from "./house.ts"
import { NoSuchDelivery, NotMailable, NotToRetry } from "./refusals.ts"
import * as standings from "./standings.ts"
import { type DeliveryState, deliveryStates, type MailClass } from "./tables.ts"

/** A line of the list of deliveries. */
type Listed = {
  id: string
  contactId: string
  familyName: string
  givenName: string
  recipient: string | null
  subject: string
  class: MailClass
  state: DeliveryState
  reason: string | null
  scenarioId: string | null
  scenarioName: string | null
  queuedAt: Date
  sentAt: Date | null
  nextTryAt: Date | null
  attempts: number
  clickedAt: Date | null
}
/** One delivery with what it says and why it went out. */
type Delivery = Listed & {
  why: object | null
  messageId: string
  step: string
  runId: string
  text: string | null
  hasHtml: boolean
  links: { url: string; firstClickAt: string | null; confirmedAt: string | null; clicks: number }[]
}
type Filter = { state?: DeliveryState; scenarioId?: string; contactId?: string }

/** Deliveries, newest first, a page at a time. */
export async function list(
  db: Db,
  options: Filter & { cursor?: string; limit?: number },
): Promise<{ data: Listed[]; nextCursor: string | null }> {
  const limit = Math.min(Math.max(options.limit ?? 50, 1), 200)
  const place = cursors.timeOf(options.cursor)
  const after = place ? sql`(d.queued_at, d.id) < (${place.at}, ${place.id}::uuid)` : sql`true`
  const { rows } = await sql<Listed>`
    select ${columns} ${joins} where ${filtered(options)} and ${after}
    order by d.queued_at desc, d.id desc limit ${limit + 1}`.execute(db)
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1)! : undefined
  return {
    data: shown,
    nextCursor: last ? cursors.atTime(last.queuedAt, last.id) : null,
  }
}

/** How many deliveries there are of each fate; they add up to the audience. */
export async function counts(db: Db, filter: Filter = {}): Promise<Record<DeliveryState, number>> {
  const { rows } = await sql<{ state: DeliveryState; n: number }>`
    select d.state, count(*) as n from delivery d where ${filtered(filter)} group by d.state`.execute(db)
  const all = Object.fromEntries(deliveryStates.map((state) => [state, 0])) as Record<DeliveryState, number>
  for (const { state, n } of rows) all[state] = n
  return all
}

/** One delivery. Words that change an account are hidden, but for an owner while there is no mail server. */
export async function get(db: Db, id: string, by: Actor): Promise<Delivery> {
  const { rows } = await sql<Delivery & { secret: string | null }>`
    select ${columns}, d.why, d.message_id, d.step, d.run_id, b.text, b.html is not null as has_html, b.secret,
      coalesce((select jsonb_agg(jsonb_build_object('url', l.url, 'firstClickAt', l.first_click_at,
        'confirmedAt', l.confirmed_at, 'clicks', l.clicks) order by l.url)
        from mail_link l where l.contact_id = d.contact_id and l.delivery_id = d.id), '[]') as links
    ${joins} where d.id = ${id}`.execute(db)
  if (!rows[0]) throw new NoSuchDelivery()
  const { secret, ...delivery } = rows[0]
  return { ...delivery, text: delivery.text && hidden(delivery.text, secret, by) }
}

/** A delivery as it looks; nothing when it was never written. */
export async function html(db: Db, id: string, by: Actor): Promise<string> {
  const { rows } = await sql<{ html: string; secret: string | null }>`
    select b.html, b.secret from delivery d
    join delivery_body b on b.contact_id = d.contact_id and b.delivery_id = d.id where d.id = ${id}`.execute(db)
  if (!rows[0]) throw new NoSuchDelivery()
  return hidden(rows[0].html, rows[0].secret, by)
}

/** Sends what failed or is uncertain once more, on staff's explicit word; who may not be mailed stays unmailed. */
export async function retry(tx: Tx, id: string, by: Actor, at: Date): Promise<void> {
  const row = await tx
    .selectFrom("delivery")
    .select(["contactId", "id", "state", "reason", "class", "askedFor"])
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst()
  if (!row) throw new NoSuchDelivery()
  if (row.state !== "failed" && row.state !== "uncertain") throw new NotToRetry()
  const standing = await standings.of(tx, [row.contactId], at)
  if (standings.whyNot(standing.get(row.contactId), row)) throw new NotMailable()
  await tx
    .updateTable("delivery")
    .set({ state: "queued", reason: null, nextTryAt: at, queuedAt: at, claimedBy: null })
    .where("contactId", "=", row.contactId)
    .where("id", "=", id)
    .execute()
  await audit.record(
    tx,
    by,
    "delivery.retry",
    { kind: "delivery", id },
    { before: { state: row.state, reason: row.reason } },
  )
  await sql`select pg_notify('delivery', '')`.execute(tx)
}

function hidden(content: string, secret: string | null, by: Actor): string {
  if (!secret || (house.get().outbox && by.kind === "staff" && by.role === "owner")) return content
  return content.replaceAll(secret, "…")
}

const columns = sql`d.id, d.contact_id, coalesce(p.family_name, '') as family_name, coalesce(p.given_name, '') as given_name,
  b.recipient, coalesce(b.subject, d.subject) as subject, d.class, d.state, d.reason, d.scenario_id, s.name as scenario_name,
  d.queued_at, d.sent_at, d.next_try_at, d.attempts,
  (select min(l.confirmed_at) from mail_link l where l.contact_id = d.contact_id and l.delivery_id = d.id) as clicked_at`

const joins = sql`from delivery d
  left join delivery_body b on b.contact_id = d.contact_id and b.delivery_id = d.id
  left join profile p on p.contact_id = d.contact_id
  left join scenario s on s.id = d.scenario_id`

function filtered({ state, scenarioId, contactId }: Filter) {
  return sql`${state ? sql`d.state = ${state}` : sql`true`}
    and ${scenarioId ? sql`d.scenario_id = ${scenarioId}::uuid` : sql`true`}
    and ${contactId ? sql`d.contact_id = ${contactId}::uuid` : sql`true`}`
}
