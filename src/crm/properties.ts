import { isDeepStrictEqual } from "node:util"
import { announceAll } from "../events/index.ts"
import { now } from "../platform/clock.ts"
import { type Db, sql, type Tx } from "../platform/db.ts"
import { type Dated, hear } from "./dated.ts"
import { ProtectedProperty } from "./refusals.ts"

/** Names that only server keys, staff and the product itself may set. */
export const protectedNames = ["plan", "rank", "consent", "email_verified"]

/** One word about a person: since `at`, the property has this value (null: it is not known any more). */
type Told = { contactId: string; name: string; value: unknown; at: Date }

/**
 * Where words come from: `source` is kept with the value; "browser" may not speak of protected names.
 * `history` follows the facts without starting anything; `silent` leaves telling the timeline to the caller.
 */
type Telling = { source: string; history?: boolean; silent?: boolean }

/** Sets one property of a contact as of an instant; a word about the past leaves the present alone. Returns whether today's value changed. */
export async function set(
  tx: Tx,
  contactId: string,
  name: string,
  value: unknown,
  options: Telling & { at?: Date },
): Promise<boolean> {
  return (await setAll(tx, [{ contactId, name, value, at: options.at ?? now() }], options)).length > 0
}

/** As `set`, for many words at once, in any order. Returns contact and name of each value that is different today. */
export async function setAll(
  tx: Tx,
  told: Told[],
  options: Telling,
): Promise<{ contactId: string; name: string; at: Date }[]> {
  if (told.length === 0) return []
  const forbidden = options.source === "browser" && told.find((one) => protectedNames.includes(one.name))
  if (forbidden) throw new ProtectedProperty(forbidden.name)
  const people = [...new Set(told.map((one) => one.contactId))].sort()
  await lock(tx, people)
  const kept = await load(tx, people, [...new Set(told.map((one) => one.name))])
  const changes: { contactId: string; name: string; at: Date }[] = []
  const stale: Key[] = []
  const fresh: Row[] = []
  for (const [key, words] of Map.groupBy(told, (one) => `${one.contactId} ${one.name}`)) {
    const { contactId, name } = words[0]!
    const before = kept.get(key) ?? []
    let after: Dated<unknown>[] = before
    for (const word of words) after = hear(after, word.value ?? null, word.at, isDeepStrictEqual)
    if (before.length === 0) after = after.filter((row, index) => index > 0 || row.value !== null)
    const untouched = new Set(after)
    for (const row of before) if (!untouched.has(row)) stale.push({ contactId, name, since: row.since })
    const old = new Set<Dated<unknown>>(before)
    for (const row of after) if (!old.has(row)) fresh.push({ contactId, name, source: options.source, ...row })
    const today = after.at(-1)
    if (!isDeepStrictEqual(before.at(-1)?.value ?? null, today?.value ?? null))
      changes.push({ contactId, name, at: today!.since })
  }
  await write(tx, stale, fresh)
  if (!options.silent) await tell(tx, changes, options.history ?? false)
  return changes
}

/** The value of a property at an instant; nothing when it was not known then. */
export async function valueAt(db: Db, contactId: string, name: string, at: Date): Promise<unknown> {
  const row = await db
    .selectFrom("contactProperty")
    .select("value")
    .where("contactId", "=", contactId)
    .where("name", "=", name)
    .where("since", "<=", at)
    .where((eb) => eb.or([eb("until", "is", null), eb("until", ">", at)]))
    .executeTakeFirst()
  return row?.value ?? undefined
}

/** Every property of a contact today, with when and by whom it was told. */
export async function ofContact(
  db: Db,
  contactId: string,
): Promise<{ name: string; value: unknown; since: Date; source: string }[]> {
  const rows = await db
    .selectFrom("contactProperty")
    .select(["name", "value", "since", "source"])
    .where("contactId", "=", contactId)
    .where("until", "is", null)
    .orderBy("name")
    .execute()
  return rows.filter((row) => row.value !== null)
}

/** Locks people against others who change what is known of them, in one order so that nobody waits in a circle. */
export async function lock(tx: Tx, contactIds: string[]): Promise<void> {
  await sql`select from contact where id = any(${contactIds}::uuid[]) order by id for no key update`.execute(tx)
}

type Key = { contactId: string; name: string; since: Date }
type Row = Dated<unknown> & { contactId: string; name: string; source: string }

async function load(tx: Tx, people: string[], names: string[]): Promise<Map<string, Dated<unknown>[]>> {
  const { rows } = await sql<Row>`
    select contact_id, name, since, until, confirmed_at, value from contact_property
    where contact_id = any(${people}::uuid[]) and name = any(${names}::text[]) order by since`.execute(tx)
  return Map.groupBy(rows, (row) => `${row.contactId} ${row.name}`)
}

async function write(tx: Tx, stale: Key[], fresh: Row[]): Promise<void> {
  if (stale.length > 0)
    await sql`delete from contact_property p
      using jsonb_to_recordset(${JSON.stringify(stale.map(columns))}::jsonb) as gone(contact_id uuid, name text, since timestamptz)
      where p.contact_id = gone.contact_id and p.name = gone.name and p.since = gone.since`.execute(tx)
  if (fresh.length > 0)
    await sql`insert into contact_property (contact_id, name, since, until, confirmed_at, value, source)
      select contact_id, name, since, until, confirmed_at, coalesce(value, 'null'), source
      from jsonb_to_recordset(${JSON.stringify(fresh.map(columns))}::jsonb)
        as made(contact_id uuid, name text, since timestamptz, until timestamptz, confirmed_at timestamptz, value jsonb, source text)`.execute(
      tx,
    )
}

function columns(row: Key & Partial<Row>) {
  const { contactId, name, since, until, confirmedAt, value = null, source } = row
  return { contact_id: contactId, name, since, until, confirmed_at: confirmedAt, value, source }
}

async function tell(tx: Tx, changes: { contactId: string; name: string; at: Date }[], history: boolean): Promise<void> {
  const told = [...Map.groupBy(changes, (change) => `${change.contactId} ${change.at.getTime()}`).values()]
  const announcements = told.map((group) => ({
    contactId: group[0]!.contactId,
    properties: { fields: group.map((change) => change.name).sort() },
    happenedAt: group[0]!.at,
    history,
  }))
  await announceAll(tx, "contact.changed", announcements)
}
