import { conditions } from "../audience/index.ts"
import { audit } from "../events/index.ts"
import { holding } from "../messaging/index.ts"
import type { Actor } from "../platform/actors.ts"
import { type Db, sql, type Tx } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import { check, type Definition } from "./definitions.ts"
import { Archived, NameTaken, NoSuchScenario } from "./refusals.ts"
import * as runs from "./runs.ts"
import type { Reentry, ScenarioState } from "./tables.ts"
import { exitIdOf } from "./versions.ts"

type Scenario = {
  id: string
  name: string
  state: ScenarioState
  version: number
  reentry: Reentry
  definition: Definition
  createdAt: Date
  changedAt: Date
}
/** What staff writes; the definition is checked here. */
type ScenarioDraft = { name: string; reentry: Reentry; definition: unknown }

/** Makes a scenario as a draft: nobody goes in until it is started. */
export async function create(tx: Tx, draft: ScenarioDraft, by: Actor, at: Date): Promise<Scenario> {
  const definition = check(draft.definition)
  await refuseTaken(tx, draft.name)
  const id = newId(at)
  const { name, reentry } = draft
  await tx.insertInto("scenario").values({ id, name, state: "draft", reentry, createdAt: at, changedAt: at }).execute()
  await addVersion(tx, id, 1, definition, by, at)
  await audit.record(tx, by, "scenario.create", { kind: "scenario", id }, { after: { name, reentry, definition } })
  return get(tx, id)
}

/**
 * Changes a scenario. A changed definition is a new version: who goes in from now on follows it, people inside finish on
 * theirs, or with `move` go on in the new one, as long as the step they stand at is still there.
 */
export async function change(
  tx: Tx,
  id: string,
  draft: ScenarioDraft,
  options: { move: boolean },
  by: Actor,
  at: Date,
): Promise<Scenario> {
  const before = await hold(tx, id)
  if (before.state === "archived") throw new Archived()
  const definition = check(draft.definition)
  if (draft.name !== before.name) await refuseTaken(tx, draft.name)
  const edited = JSON.stringify(canonical(definition)) !== JSON.stringify(canonical(before.definition))
  const version = edited ? before.version + 1 : before.version
  const { name, reentry } = draft
  await tx.updateTable("scenario").set({ name, reentry, version, changedAt: at }).where("id", "=", id).execute()
  if (edited) {
    await addVersion(tx, id, version, definition, by, at)
    if (options.move) await move(tx, id, version, definition)
    if (before.state !== "draft") await listen(tx, id, version, definition, at)
  }
  const after = { name, reentry, definition, version, moved: options.move }
  await audit.record(tx, by, "scenario.change", { kind: "scenario", id }, { before: { ...before }, after })
  return get(tx, id)
}

/** Starts a scenario, or lets a paused one go on; mails and waits that were held are due at once. */
export async function start(tx: Tx, id: string, by: Actor, at: Date): Promise<Scenario> {
  const before = await hold(tx, id)
  if (before.state === "archived") throw new Archived()
  if (before.state !== "live") {
    await setState(tx, id, "live", at)
    await listen(tx, id, before.version, before.definition, at)
    await holding.release(tx, id, at)
    await audit.record(
      tx,
      by,
      "scenario.start",
      { kind: "scenario", id },
      { before: { state: before.state }, after: { state: "live" } },
    )
  }
  return get(tx, id)
}

/** Holds a scenario: nobody goes in, nobody moves on, no queued mail goes out, until it is started again. */
export async function pause(tx: Tx, id: string, by: Actor, at: Date): Promise<Scenario> {
  const before = await hold(tx, id)
  if (before.state === "archived") throw new Archived()
  if (before.state === "live") {
    await setState(tx, id, "paused", at)
    await holding.hold(tx, id)
    await audit.record(
      tx,
      by,
      "scenario.pause",
      { kind: "scenario", id },
      { before: { state: "live" }, after: { state: "paused" } },
    )
  }
  return get(tx, id)
}

/** Ends a scenario for good: people inside are stopped, queued mails are suppressed, its conditions are no longer kept. */
export async function archive(tx: Tx, id: string, by: Actor, at: Date): Promise<Scenario> {
  const before = await hold(tx, id)
  if (before.state !== "archived") {
    await setState(tx, id, "archived", at)
    await runs.stopAll(tx, id, at)
    await holding.drop(tx, id)
    await conditions.retire(tx, "scenario.entry", id)
    await conditions.retire(tx, "scenario.goal", id)
    for (let version = 1; version <= before.version; version++)
      await conditions.retire(tx, "scenario.exit", exitIdOf(id, version))
    await audit.record(tx, by, "scenario.archive", { kind: "scenario", id }, { before: { state: before.state } })
  }
  return get(tx, id)
}

/** A scenario with its present definition. */
export async function get(db: Db, id: string): Promise<Scenario> {
  const found = await query(db).where("s.id", "=", id).executeTakeFirst()
  if (!found) throw new NoSuchScenario()
  return found
}

/** Every scenario, the archived ones last. */
export async function list(db: Db): Promise<Scenario[]> {
  return query(db).orderBy(sql`s.state = 'archived'`).orderBy("s.createdAt", "desc").execute()
}

/** The versions of a scenario, newest first, with how many people are still on each. */
export async function versions(
  db: Db,
  id: string,
): Promise<{ version: number; definition: Definition; createdAt: Date; createdBy: object; running: number }[]> {
  await get(db, id)
  return db
    .selectFrom("scenarioVersion as v")
    .select(["v.version", "v.definition", "v.createdAt", "v.createdBy"])
    .select((e) =>
      e
        .selectFrom("scenarioRun as r")
        .select((c) => c.fn.countAll<number>().as("n"))
        .whereRef("r.scenarioId", "=", "v.scenarioId")
        .whereRef("r.version", "=", "v.version")
        .where("r.state", "=", "running")
        .$asScalar()
        .$notNull()
        .as("running"),
    )
    .where("v.scenarioId", "=", id)
    .orderBy("v.version", "desc")
    .execute()
}

function query(db: Db) {
  return db
    .selectFrom("scenario as s")
    .innerJoin("scenarioVersion as v", (join) =>
      join.onRef("v.scenarioId", "=", "s.id").onRef("v.version", "=", "s.version"),
    )
    .select(["s.id", "s.name", "s.state", "s.version", "s.reentry", "v.definition", "s.createdAt", "s.changedAt"])
}

async function hold(tx: Tx, id: string): Promise<Scenario> {
  await tx.selectFrom("scenario").select("id").where("id", "=", id).forUpdate().execute()
  return get(tx, id)
}

async function setState(tx: Tx, id: string, state: ScenarioState, at: Date): Promise<void> {
  await tx.updateTable("scenario").set({ state, changedAt: at }).where("id", "=", id).execute()
}

async function addVersion(
  tx: Tx,
  scenarioId: string,
  version: number,
  definition: Definition,
  by: Actor,
  at: Date,
): Promise<void> {
  await tx
    .insertInto("scenarioVersion")
    .values({
      scenarioId,
      version,
      definition: JSON.stringify(definition),
      exitId: exitIdOf(scenarioId, version),
      createdAt: at,
      createdBy: JSON.stringify(by),
    })
    .execute()
}

/** Has the conditions of a version kept from now on. */
async function listen(tx: Tx, id: string, version: number, { entry, exit, goal }: Definition, at: Date): Promise<void> {
  if (exit)
    await conditions.register(tx, { ownerKind: "scenario.exit", ownerId: exitIdOf(id, version), definition: exit }, at)
  await conditions.register(tx, { ownerKind: "scenario.entry", ownerId: id, definition: entry }, at)
  if (goal) await conditions.register(tx, { ownerKind: "scenario.goal", ownerId: id, definition: goal }, at)
  else await conditions.retire(tx, "scenario.goal", id)
}

async function move(tx: Tx, id: string, version: number, definition: Definition): Promise<void> {
  const keys = definition.steps.map((step) => step.key)
  await sql`
    update scenario_run set version = ${version}
    where scenario_id = ${id} and state = 'running' and step = any(${keys}::text[])`.execute(tx)
}

async function refuseTaken(tx: Tx, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('scenario name'), hashtext(${name}))`.execute(tx)
  const taken = await tx.selectFrom("scenario").select("id").where("name", "=", name).executeTakeFirst()
  if (taken) throw new NameTaken()
}

/** The same definition in the same words: the database keeps the fields of an object in an order of its own. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, canonical(item)]),
  )
}
