import { now } from "../platform/clock.ts"
import { type Db, isUnavailable, sql, transact, type Tx } from "../platform/db.ts"
import { log } from "../platform/log.ts"
import type { Leaf } from "./language.ts"
import { reasonOf } from "./reasons.ts"
import { anything, type Asking, at as registryAt, type Found, type Kept, type Registry, time } from "./registry.ts"
import { type Difference, settle } from "./settling.ts"

const batch = 200
const skewMs = 5 * 60_000

/**
 * Evaluates one batch of people of whom something changed, with all effects, in one transaction. Says whether there was anybody.
 * Any number of processes may turn at once: a person is evaluated by one at a time.
 * When one person cannot be evaluated, the others are, and that one is tried again after a growing pause.
 */
export async function turn(db: Db): Promise<boolean> {
  let claimed: string[] = []
  try {
    await transact(db, async (tx) => {
      claimed = await claim(tx)
      if (claimed.length > 0) await evaluate(tx, claimed)
    })
  } catch (error) {
    if (isUnavailable(error) || claimed.length === 0) throw error
    for (const contactId of claimed) await alone(db, contactId)
  }
  return claimed.length > 0
}

/** Turns until nobody is left who could be evaluated now. For tests, imports and tools. */
export async function settleAll(db: Db): Promise<void> {
  while (await turn(db));
}

async function alone(db: Db, contactId: string): Promise<void> {
  try {
    await transact(db, async (tx) => {
      const held = await lock(tx, [contactId])
      if (held.length > 0) await evaluate(tx, held)
    })
  } catch (error) {
    if (isUnavailable(error)) throw error
    log.error({ err: error, contactId }, "a person could not be evaluated; trying again later")
    await sql`update dirty set attempts = attempts + 1,
      retry_at = ${now()}::timestamptz + least(interval '5 minutes', interval '1 second' * power(2, least(attempts, 10)))
      where contact_id = ${contactId}::uuid`.execute(db)
  }
}

/** Locks the people of the oldest changes that nobody else is evaluating. */
async function claim(tx: Tx): Promise<string[]> {
  const at = now()
  for (let after = 0; ; ) {
    const { rows } = await sql<{ contactId: string; last: number }>`
      select d.contact_id, max(d.sequence) as last from (
        select contact_id, sequence from dirty where sequence > ${after} and (retry_at is null or retry_at <= ${at})
        order by sequence limit ${batch}) d
      group by d.contact_id`.execute(tx)
    if (rows.length === 0) return []
    const held = await lock(
      tx,
      rows.map((row) => row.contactId),
    )
    if (held.length > 0) return held
    after = Math.max(...rows.map((row) => Number(row.last)))
  }
}

/**
 * Locks those of these people that nobody else has locked. Changes of people who do not exist are dropped.
 * From here on plans are made once: planning for each set of people would take three times as long as answering.
 */
async function lock(tx: Tx, contactIds: string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id, set_config('plan_cache_mode', 'force_generic_plan', true) from contact
    where id = any(${contactIds}::uuid[]) for no key update skip locked`.execute(tx)
  if (rows.length < contactIds.length)
    await sql`delete from dirty d where d.contact_id = any(${contactIds}::uuid[])
      and not exists (select from contact c where c.id = d.contact_id)`.execute(tx)
  return rows.map((row) => row.id)
}

type Taken = { contactId: string; changes: string[]; happenedAt: Date; history: boolean | null }

/** Takes changes off the queue. Those of anonymous visitors go unanswered: they are in nothing. */
async function take(tx: Tx, contactIds: string[]): Promise<(Taken & { version: number })[]> {
  const { rows } = await sql<Taken & { version: number }>`
    with gone as (delete from dirty where contact_id = any(${contactIds}::uuid[]) returning contact_id, changes, happened_at, history)
    select gone.*, v.version from gone cross join condition_version v
    join contact c on c.id = gone.contact_id and (not c.anonymous or c.erased_at is not null)`.execute(tx)
  return rows
}

async function evaluate(tx: Tx, contactIds: string[]): Promise<void> {
  const rows = await take(tx, contactIds)
  if (rows.length === 0) return
  const registry = await registryAt(tx, Number(rows[0]!.version))
  const taken = Map.groupBy(rows, (row) => row.contactId)
  const conditions = registry.after(new Set(rows.flatMap((row) => row.changes)))
  if (conditions.length === 0) return
  const decidedAt = now()
  const asking = registry.asking(tx, conditions)
  const contacts = [...taken.keys()]
  const found = await asking.statement.run(tx, { at: instantOf(rows, decidedAt), contacts })
  await overtake(tx, conditions, contacts)
  const different = differences(registry, asking, found, taken, decidedAt)
  if (different.length > 0) {
    await sql`select set_config('plan_cache_mode', 'auto', true)`.execute(tx)
    await settle(tx, different, decidedAt)
  }
  await sleep(tx, found, decidedAt)
  await askAgain(tx, rows, decidedAt)
}

/** The instant of the question: now, or a little later when a machine whose clock is ahead told of a change. */
function instantOf(rows: Taken[], decidedAt: Date): Date {
  const latest = Math.max(...rows.map((row) => row.happenedAt.getTime()))
  return latest > decidedAt.getTime() && latest < decidedAt.getTime() + skewMs ? new Date(latest) : decidedAt
}

/**
 * Changes that lie ahead of our clock are asked about once more when it has come so far: an answer given by a clock
 * behind must not stand.
 */
async function askAgain(tx: Tx, rows: Taken[], decidedAt: Date): Promise<void> {
  const ahead = rows.filter((row) => row.happenedAt > decidedAt)
  if (ahead.length === 0) return
  await tx
    .insertInto("dirty")
    .values(
      ahead.map(({ contactId, changes, happenedAt, history }) => ({
        contactId,
        changes,
        happenedAt,
        history,
        retryAt: happenedAt,
      })),
    )
    .execute()
}

function differences(
  registry: Registry,
  asking: Asking,
  found: Found[],
  taken: Map<string, Taken[]>,
  decidedAt: Date,
): Difference[] {
  const list: Difference[] = []
  for (const row of found) {
    const changed = taken.get(row.contactId)!
    for (const [index, condition] of asking.conditions.entries()) {
      if (row.met[index] === row.held[index]) continue
      const causes = changed.filter(({ changes }) => touches(registry, changes, condition))
      if (causes.length === 0) continue
      const met = row.met[index]!
      const valueOf = (leaf: Leaf) => row.leafValues?.[asking.indexOf(leaf)]
      list.push({
        contactId: row.contactId,
        condition,
        entered: met,
        happenedAt: new Date(Math.min(decidedAt.getTime(), Math.max(...causes.map((one) => one.happenedAt.getTime())))),
        reason: reasonOf(condition.definition, met, row.standing, valueOf),
        history: onlyHistory(causes),
        cause: causes.every(({ changes }) => changes.every((change) => change === time)) ? "time" : "change",
      })
    }
  }
  return list
}

function touches(registry: Registry, changes: string[], condition: Kept): boolean {
  return changes.includes(anything) || registry.after(changes).includes(condition)
}

function onlyHistory(causes: Taken[]): boolean {
  const said = causes.filter((cause) => cause.history !== null)
  return said.length > 0 && said.every((cause) => cause.history)
}

/** Tells the pass that is applying a condition to everybody that these people have newer answers. */
async function overtake(tx: Tx, conditions: Kept[], contacts: string[]): Promise<void> {
  const building = conditions.filter((condition) => condition.state === "building")
  for (const { id, version } of building)
    await sql`insert into build_overtaken (contact_id, condition_id, version)
      select c, ${id}::uuid, ${version}::int from unnest(${contacts}::uuid[]) c on conflict do nothing`.execute(tx)
}

/** Moves the next look at each person earlier where an answer can now change earlier. */
async function sleep(tx: Tx, found: Found[], decidedAt: Date): Promise<void> {
  const earlier = found.filter((row) => row.wakeAt && !(row.sleepsUntil && row.sleepsUntil <= row.wakeAt))
  if (earlier.length === 0) return
  const soonest = decidedAt.getTime() + 1
  await wakeBy(
    tx,
    earlier.map((row) => ({ contactId: row.contactId, wakeAt: new Date(Math.max(soonest, row.wakeAt!.getTime())) })),
  )
}

/** Sets when people are to be looked at again at the latest; never later than already set. */
export async function wakeBy(tx: Tx, list: { contactId: string; wakeAt: Date }[]): Promise<void> {
  await sql`insert into wake (contact_id, wake_at)
    select * from unnest(${list.map((one) => one.contactId)}::uuid[], ${list.map((one) => one.wakeAt)}::timestamptz[]) order by 1
    on conflict (contact_id) do update set wake_at = excluded.wake_at where wake.wake_at > excluded.wake_at`.execute(tx)
}
