import { now } from "../platform/clock.ts"
import { sql, type Tx } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import { dispatch, type Event } from "./reactions.ts"
import { insertEvents } from "./rows.ts"

/** What a module tells of one contact. `happenedAt` defaults to now. */
type Announcement = {
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
  return announceEach(
    tx,
    about.map((one) => ({ ...one, name })),
  )
}

/** As `announce`, for many events of any names at once. What is told of an anonymous history that has joined a person goes to the person. */
export async function announceEach(tx: Tx, news: (Announcement & { name: string })[]): Promise<Event[]> {
  if (news.length === 0) return []
  const at = now()
  const events = news.map(
    (one): Event => ({
      id: newId(at),
      name: one.name,
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

/** Months whose partition is committed, by the pool that knows. */
const made = new WeakMap<object, Set<string>>()

/** Makes the monthly partitions of these instants where they are missing. Asks the database about a month only until it is there for good. */
export async function ensurePartitions(tx: Tx, instants: Date[]): Promise<void> {
  const pool = tx.getExecutor().adapter
  let known = made.get(pool)
  if (!known) made.set(pool, (known = new Set()))
  const missing = new Set<string>()
  for (const instant of instants) {
    const month = instant.toISOString().slice(0, 7)
    if (!known.has(month)) missing.add(month)
  }
  if (missing.size === 0) return
  // Materialized: a planner that asked first whether there is one would make none.
  const { rows } = await sql<{ month: string }>`
    with made as materialized (
      select month, ensure_event_partition((month || '-01')::timestamptz) as made from unnest(${[...missing]}::text[]) month)
    select month from made where exists (
      select from pg_class where oid = to_regclass('event_' || replace(month, '-', '_')) and xmin <> pg_current_xact_id()::xid)`.execute(
    tx,
  )
  for (const { month } of rows) known.add(month)
}
