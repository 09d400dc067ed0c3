import { now } from "../platform/clock.ts"
import { type Db, isUnavailable, sql, transact, type Tx } from "../platform/db.ts"
import { log } from "../platform/log.ts"
import { readIn } from "./changes.ts"
import { grouped } from "./grouping.ts"
import type { Leaf } from "./language.ts"
import { reasonOf } from "./reasons.ts"
import { anything, type Asking, at as registryAt, type Found, type Kept, type Registry, time } from "./registry.ts"
import { type Difference, settle } from "./settling.ts"

const most = 200
const skewMs = 5 * 60_000

/**
 * Evaluates one batch of people of whom something changed, with all effects, in one transaction. Says whether more was
 * waiting; what it changes itself is told of by a signal. Any number of processes may turn at once: a person is evaluated
 * by one at a time. When one person cannot be evaluated, the others are, and that one is tried again after a growing pause.
 */
export async function turn(db: Db): Promise<boolean> {
  return (await batch(db)).full
}

/** Turns until nobody is left who could be evaluated now. For tests, imports and tools. */
export async function settleAll(db: Db): Promise<void> {
  while ((await batch(db)).contactIds.length > 0);
}

async function batch(db: Db): Promise<Claim> {
  let claimed: Claim = { contactIds: [], full: false }
  try {
    await transact(db, async (tx) => {
      claimed = await claim(tx)
      if (claimed.contactIds.length > 0) await evaluate(tx, claimed.contactIds)
    })
  } catch (error) {
    if (isUnavailable(error) || claimed.contactIds.length === 0) throw error
    for (const contactId of claimed.contactIds) await alone(db, contactId)
  }
  return claimed
}

async function alone(db: Db, contactId: string): Promise<void> {
  try {
    await transact(db, async (tx) => {
      if (await lock(tx, contactId)) await evaluate(tx, [contactId])
    })
  } catch (error) {
    if (isUnavailable(error)) throw error
    log.error({ err: error, contactId }, "a person could not be evaluated; trying again later")
    await sql`update dirty set attempts = attempts + 1,
      retry_at = ${now()}::timestamptz + least(interval '5 minutes', interval '1 second' * power(2, least(attempts, 10)))
      where contact_id = ${contactId}::uuid`.execute(db)
  }
}

/** The people locked for evaluation, and whether there were more changes than one batch looks at. */
type Claim = { contactIds: string[]; full: boolean }

/**
 * Locks the people of the oldest changes that nobody else is evaluating. Changes of people who do not exist are dropped.
 * From here on plans are made once: planning for each set of people would take three times as long as answering. The commit
 * is not waited for: what a crash undoes is still in the queue, and whatever commits durably later keeps it with itself.
 */
async function claim(tx: Tx): Promise<Claim> {
  const at = now()
  for (let after = 0; ; ) {
    const { rows } = await sql<{ id: string | null; count: number; people: number; last: number | null }>`
      with d as materialized (
        select contact_id, sequence from dirty where sequence > ${after} and (retry_at is null or retry_at <= ${at})
        order by sequence limit ${most}),
      held as (
        select id, set_config('plan_cache_mode', 'force_generic_plan', true), set_config('synchronous_commit', 'off', true) from contact
        where id in (select contact_id from d) for no key update skip locked)
      select held.id, s.* from (select count(*)::int as count, count(distinct contact_id)::int as people, max(sequence) as last from d) s
      left join held on true`.execute(tx)
    const { count, people, last } = rows[0]!
    const contactIds = rows.flatMap(({ id }) => id ?? [])
    if (contactIds.length < people)
      await sql`delete from dirty d where d.sequence > ${after} and d.sequence <= ${last}
        and not exists (select from contact c where c.id = d.contact_id)`.execute(tx)
    if (contactIds.length > 0 || count < most) return { contactIds, full: count === most }
    after = Number(last)
  }
}

/** Locks somebody unless somebody else has. */
async function lock(tx: Tx, contactId: string): Promise<boolean> {
  const { rows } = await sql`select from contact where id = ${contactId} for no key update skip locked`.execute(tx)
  return rows.length > 0
}

type Taken = { contactId: string; changes: string[]; happenedAt: Date; history: boolean | null }
type Changes = { rows: Taken[]; version: number; ahead: Date | null }

/**
 * Takes changes off the queue. Those of anonymous visitors go unanswered: they are in nothing. `ahead` is the latest of
 * their events that lies a little ahead of our clock.
 */
async function take(tx: Tx, contactIds: string[], decidedAt: Date): Promise<Changes | undefined> {
  const until = new Date(decidedAt.getTime() + skewMs)
  const { rows } = await sql<Taken & Omit<Changes, "rows">>`
    with gone as (delete from dirty where contact_id = any(${contactIds}::uuid[]) returning contact_id, changes, happened_at, history),
    ahead as (select max(happened_at) as ahead from event
      where contact_id = any(${contactIds}::uuid[]) and happened_at > ${decidedAt} and happened_at < ${until})
    select gone.*, v.version, ahead.ahead from gone cross join condition_version v cross join ahead
    join contact c on c.id = gone.contact_id and (not c.anonymous or c.erased_at is not null)`.execute(tx)
  const [first] = rows
  return first && { rows, version: Number(first.version), ahead: first.ahead }
}

async function evaluate(tx: Tx, contactIds: string[]): Promise<void> {
  const decidedAt = now()
  const changes = await take(tx, contactIds, decidedAt)
  if (!changes) return
  const { rows, version } = changes
  readIn(tx, version)
  const registry = await registryAt(tx, version)
  const taken = Map.groupBy(rows, (row) => row.contactId)
  const at = instantOf(changes, decidedAt)
  const different = new Map<string, Difference>()
  const wakes: Found[] = []
  for (const { conditions, contacts } of grouped(registry, changesOf(taken))) {
    const asking = registry.asking(tx, conditions)
    const found = await asking.statement.run(tx, { at, contacts })
    await overtake(tx, registry, conditions, contacts, taken)
    for (const one of differences(registry, asking, found, taken, decidedAt))
      different.set(one.contactId + one.condition.id, one)
    wakes.push(...found)
  }
  if (different.size > 0) await settle(tx, [...different.values()], decidedAt)
  await sleep(tx, wakes, decidedAt)
  await askAgain(tx, rows, decidedAt)
}

function changesOf(taken: Map<string, Taken[]>): Map<string, string[]> {
  return new Map([...taken].map(([contactId, rows]) => [contactId, rows.flatMap((row) => row.changes)]))
}

/**
 * The instant of the question: now, or a little later when a machine whose clock is ahead told of a change, just now or
 * before: what was answered with an event must not be answered without it by a clock behind.
 */
function instantOf({ rows, ahead }: Changes, decidedAt: Date): Date {
  const latest = Math.max(...rows.map((row) => row.happenedAt.getTime()), ahead?.getTime() ?? 0)
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

/**
 * Tells the pass that is applying a condition to everybody that these people have newer answers. Not those who were only
 * asked along with others: their answers were not kept.
 */
async function overtake(
  tx: Tx,
  registry: Registry,
  conditions: Kept[],
  contacts: string[],
  taken: Map<string, Taken[]>,
): Promise<void> {
  const building = conditions.filter((condition) => condition.state === "building")
  for (const condition of building) {
    const answered = contacts.filter((contactId) =>
      taken.get(contactId)!.some(({ changes }) => touches(registry, changes, condition)),
    )
    await sql`insert into build_overtaken (contact_id, condition_id, version)
      select c, ${condition.id}::uuid, ${condition.version}::int from unnest(${answered}::uuid[]) c on conflict do nothing`.execute(
      tx,
    )
  }
}

/** Moves the next look at each person earlier where an answer can now change earlier. */
async function sleep(tx: Tx, found: Found[], decidedAt: Date): Promise<void> {
  const soonest = decidedAt.getTime() + 1
  const earlier = new Map<string, number>()
  for (const { contactId, wakeAt, sleepsUntil } of found) {
    if (!wakeAt || (sleepsUntil && sleepsUntil <= wakeAt)) continue
    earlier.set(
      contactId,
      Math.min(earlier.get(contactId) ?? Number.POSITIVE_INFINITY, Math.max(soonest, wakeAt.getTime())),
    )
  }
  if (earlier.size === 0) return
  await wakeBy(
    tx,
    [...earlier].map(([contactId, at]) => ({ contactId, wakeAt: new Date(at) })),
  )
}

/** Sets when people are to be looked at again at the latest; never later than already set. */
export async function wakeBy(tx: Tx, list: { contactId: string; wakeAt: Date }[]): Promise<void> {
  await sql`insert into wake (contact_id, wake_at)
    select * from unnest(${list.map((one) => one.contactId)}::uuid[], ${list.map((one) => one.wakeAt)}::timestamptz[]) order by 1
    on conflict (contact_id) do update set wake_at = excluded.wake_at where wake.wake_at > excluded.wake_at`.execute(tx)
}
