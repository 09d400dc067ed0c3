import type { Event, Move } from "../events/index.ts"
import { type Db, sql, type Tx } from "../platform/db.ts"
import { anything, at, known } from "./registry.ts"

/** What changed of a contact, by name: "event:<name>", "property:<name>", "consent:<purpose>", "watch", "rank", "segment:<id>" … */
type Changed = { contactId: string; changes: string[]; happenedAt: Date; history?: boolean }

/**
 * Says what changed of people, so that the conditions which depend on it are evaluated again; in the transaction of the change.
 * What no condition depends on is not written. "*" means anything may have changed; "membership" is taken as that.
 */
export async function mark(tx: Tx, changed: Changed[]): Promise<void> {
  if (changed.length === 0) return
  const remembered = known()
  const rows = remembered ? relevant(changed, remembered.depends) : []
  if (rows.length === 0 && remembered && versionOf.get(tx) === remembered.version) return
  const version = await write(tx, rows, remembered?.version)
  readIn(tx, version)
  if (version === remembered?.version) return
  const registry = await at(tx, version)
  const others = relevant(changed, registry.depends)
  if (others.length > 0) await write(tx, others, undefined)
}

const versionOf = new WeakMap<Tx, number>()

/**
 * Remembers which version of the conditions a transaction has read, having a number: a newer condition waits for its end,
 * so that it need not look again.
 */
export function readIn(tx: Tx, version: number): void {
  versionOf.set(tx, version)
}

/** The reaction to every event: marks its contact. */
export async function ofEvents(tx: Tx, events: Event[]): Promise<void> {
  await mark(
    tx,
    events.map(({ contactId, name, happenedAt, history }) => ({
      contactId,
      changes: [`event:${name}`],
      happenedAt,
      history,
    })),
  )
  await keepQuiet(tx, events)
}

/** The reaction to contact.changed: marks the properties named in it. */
export async function ofProfiles(tx: Tx, events: Event[]): Promise<void> {
  await mark(
    tx,
    events.map((event) =>
      told(
        event,
        textsOf(event.properties.fields).map((field) => `property:${field}`),
      ),
    ),
  )
}

/** The reaction to consent.given and consent.refused. */
export async function ofConsents(tx: Tx, events: Event[]): Promise<void> {
  await mark(
    tx,
    events.map((event) => told(event, [`consent:${String(event.properties.purpose)}`])),
  )
}

function told({ contactId, happenedAt, history }: Event, changes: string[]): Changed {
  return { contactId, changes, happenedAt, history }
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : []
}

/** The mover of evaluation: after an anonymous history has joined a person, everything is asked of them again. */
export async function ofMove(tx: Tx, move: Move, at: Date): Promise<void> {
  await mark(tx, [{ contactId: move.contactId, changes: [anything], happenedAt: at }])
}

type Row = { contact_id: string; changes: string[]; happened_at: Date; history: boolean }

/** One row per contact and kind of telling; only the changes that somebody depends on. */
function relevant(changed: Changed[], depends: Set<string>): Row[] {
  const rows = new Map<string, Row>()
  for (const { contactId, changes, happenedAt, history = false } of changed) {
    for (const change of changes) {
      const name = change === "membership" ? anything : change
      if (name !== anything && !depends.has(name)) continue
      const key = `${contactId} ${history} ${happenedAt.getTime()}`
      const row = rows.get(key)
      if (!row) rows.set(key, { contact_id: contactId, changes: [name], happened_at: happenedAt, history })
      else if (!row.changes.includes(name)) row.changes.push(name)
    }
  }
  return [...rows.values()]
}

/**
 * Writes rows if the conditions are still those of `version`, and gives the version there is.
 * One statement: its function reads the version only after the transaction has a number, by which a new condition waits for it.
 */
async function write(tx: Tx, rows: Row[], version: number | undefined): Promise<number> {
  const { rows: answer } = await sql<{ version: number; told: unknown }>`
    with v as materialized (select condition_version_now() as version),
    put as (
      insert into dirty (contact_id, changes, happened_at, history)
      select d.contact_id, d.changes, d.happened_at, d.history
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as
        d(contact_id uuid, changes text[], happened_at timestamptz, history boolean)
      where (select version from v) = coalesce(${version ?? null}::bigint, (select version from v))
      returning 1)
    select (select version from v) as version, case when exists (select from put) then pg_notify('dirty', '') end as told`.execute(
    tx,
  )
  return Number(answer[0]!.version)
}

/** People whom records of the past made known start nothing by becoming known. */
async function keepQuiet(tx: Tx, events: Event[]): Promise<void> {
  const past = [...new Set(events.filter((event) => event.history).map((event) => event.contactId))]
  if (past.length === 0) return
  await sql`update dirty set history = true
    where contact_id = any(${past}::uuid[]) and history is null and xmin = pg_current_xact_id()::xid`.execute(tx)
}

/** How many changes wait to be evaluated, and since when the first of them; for the readiness page and metrics. */
export async function waiting(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from dirty`.execute(db)
  return rows[0]!.count
}
