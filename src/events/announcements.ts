import { now } from "../platform/clock.ts"
import { sql, type Tx } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import { dispatch, type Event } from "./reactions.ts"
import { insertEvents } from "./rows.ts"

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

/** As `announce`, for many contacts at once. What is told of an anonymous history that has joined a person goes to the person. */
export async function announceAll(tx: Tx, name: string, about: Announcement[]): Promise<Event[]> {
  if (about.length === 0) return []
  const at = now()
  const events = about.map(
    (one): Event => ({
      id: newId(at),
      name,
      contactId: one.contactId,
      originId: one.contactId,
      happenedAt: one.happenedAt ?? at,
      receivedAt: at,
      source: "musubi",
      properties: one.properties ?? {},
      history: one.history ?? false,
    }),
  )
  await ensurePartitions(
    tx,
    events.map((event) => event.happenedAt),
  )
  await insertEvents(tx, events)
  await dispatch(tx, events)
  return events
}

/** Makes the monthly partitions of these instants where they are missing. */
export async function ensurePartitions(tx: Tx, instants: Date[]): Promise<void> {
  const months = new Set(instants.map((at) => `${at.toISOString().slice(0, 7)}-01`))
  await sql`select ensure_event_partition(month::timestamptz) from unnest(${[...months]}::text[]) month`.execute(tx)
}
