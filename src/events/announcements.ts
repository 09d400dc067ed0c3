import { now } from "../platform/clock.ts"
import { sql, type Tx } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import { dispatch, type Event } from "./reactions.ts"

/** What a module tells of one contact. `happenedAt` defaults to now. */
export type Announcement = {
  contactId: string
  properties?: Record<string, unknown>
  happenedAt?: Date
  history?: boolean
}

/** Writes an event of the product's own onto a contact's timeline and runs its reactions, all in the caller's transaction. */
export async function announce(tx: Tx, name: string, about: Announcement): Promise<Event> {
  const [event] = await announceAll(tx, name, [about])
  return event!
}

/** As `announce`, for many contacts at once. */
export async function announceAll(tx: Tx, name: string, about: Announcement[]): Promise<Event[]> {
  if (about.length === 0) return []
  const at = now()
  const events = about.map((one): Event => ({
    id: newId(at),
    name,
    contactId: one.contactId,
    originId: one.contactId,
    happenedAt: one.happenedAt ?? at,
    receivedAt: at,
    source: "musubi",
    properties: one.properties ?? {},
    history: one.history ?? false,
  }))
  await store(tx, events)
  await dispatch(tx, events)
  return events
}

/** Inserts events; makes a missing monthly partition on the way. */
export async function store(tx: Tx, events: (Event & { sequence?: number | null; sentAt?: Date | null })[]): Promise<void> {
  await ensurePartitions(tx, events.map((event) => event.happenedAt))
  await sql`
    insert into event (contact_id, happened_at, id, name, origin_id, source, properties, sequence, sent_at, received_at, history)
    select * from jsonb_to_recordset(${JSON.stringify(
      events.map((event) => ({
        contact_id: event.contactId,
        happened_at: event.happenedAt,
        id: event.id,
        name: event.name,
        origin_id: event.originId,
        source: event.source,
        properties: event.properties,
        sequence: event.sequence ?? null,
        sent_at: event.sentAt ?? null,
        received_at: event.receivedAt,
        history: event.history,
      })),
    )}::jsonb) as e(contact_id uuid, happened_at timestamptz, id uuid, name text, origin_id uuid, source text,
      properties jsonb, sequence bigint, sent_at timestamptz, received_at timestamptz, history boolean)`.execute(tx)
}

/** Makes the monthly partitions of these instants where they are missing. */
export async function ensurePartitions(tx: Tx, instants: Date[]): Promise<void> {
  const months = new Set(instants.map((at) => `${at.toISOString().slice(0, 7)}-01`))
  await sql`select ensure_event_partition(month::timestamptz) from unnest(${[...months]}::text[]) month`.execute(tx)
}
