import { beforeEach, expect, test } from "vitest"
import { emptyTables, testDatabase } from "../../test/support/database.ts"
import { announce, contacts, eventFacts, react } from "../events/index.ts"
import * as clock from "../platform/clock.ts"
import { sql, transact } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import { audienceFacts, build, catalogue, changes, conditions, evaluation, onChange, waking } from "./index.ts"

const db = await testDatabase()
const visited = { fact: "event.count", with: { event: "page.viewed" }, is: { gte: 1 } }

beforeEach(async () => {
  await emptyTables(db)
  catalogue.offer([...eventFacts, ...audienceFacts])
  react({ every: [changes.ofEvents], named: {} })
  onChange({})
})

async function register(definition: unknown, ownerId = newId()): Promise<string> {
  const checked = conditions.check(definition)
  return transact(db, (tx) => conditions.register(tx, { ownerKind: "test", ownerId, definition: checked }, clock.now()))
}

async function person(): Promise<string> {
  return transact(db, (tx) => contacts.create(tx, clock.now()))
}

async function holders(conditionId: string): Promise<string[]> {
  const rows = await db.selectFrom("holding").select("contactId").where("conditionId", "=", conditionId).execute()
  return rows.map((row) => row.contactId).sort()
}

async function stateOf(id: string): Promise<string> {
  return (await db.selectFrom("condition").select("state").where("id", "=", id).executeTakeFirstOrThrow()).state
}

test("a change by somebody who did not know the condition yet is waited for, not lost", async () => {
  const contactId = await person()
  await evaluation.settleAll(db)
  let commit = () => {}
  const committed = new Promise<void>((resolve) => {
    commit = resolve
  })
  const slow = db.transaction().execute(async (tx) => {
    await announce(tx, "page.viewed", { contactId })
    await committed
  })
  await new Promise((resolve) => setTimeout(resolve, 100))
  const conditionId = await register(visited)
  const built = build(db, { conditionId })
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(await stateOf(conditionId)).toBe("registered")
  commit()
  await slow
  await built
  expect(await stateOf(conditionId)).toBe("live")
  expect(await holders(conditionId)).toEqual([contactId])
})

test("whatever happens while a condition is applied to everybody, the end is what a fresh look says", async () => {
  const people = await Promise.all(Array.from({ length: 40 }, person))
  const never = { not: visited }
  let going = true
  const workers = [0, 1].map(async () => {
    while (going) if (!(await evaluation.turn(db))) await new Promise((resolve) => setTimeout(resolve, 3))
  })
  const tracking = [0, 1, 2].map(async (lane) => {
    for (let n = lane; n < people.length; n += 3) {
      await transact(db, (tx) => announce(tx, "page.viewed", { contactId: people[n]! }))
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  })
  const ownerId = newId()
  const ids = [await register(visited), await register(never, ownerId)]
  const building = [
    build(db, { conditionId: ids[0]! }),
    build(db, { conditionId: ids[1]! }),
    build(db, { conditionId: ids[1]! }),
  ]
  await new Promise((resolve) => setTimeout(resolve, 30))
  await register({ any: [never, never] }, ownerId)
  building.push(build(db, { conditionId: ids[1]! }))
  await Promise.all([...tracking, ...building])
  await build(db, { conditionId: ids[1]! })
  going = false
  await Promise.all(workers)
  await evaluation.settleAll(db)
  expect(await holders(ids[0]!)).toEqual(people.sort())
  expect(await holders(ids[1]!)).toEqual([])
  const { rows } = await sql<{
    open: number
  }>`select count(*)::int as open from holding_history where left_at is null`.execute(db)
  expect(rows[0]!.open).toBe(people.length)
})

test("a build that dies half way is finished by the next one", async () => {
  const contactId = await person()
  await transact(db, (tx) => announce(tx, "page.viewed", { contactId }))
  await evaluation.settleAll(db)
  const conditionId = await register(visited)
  onChange({ test: () => Promise.reject(new Error("killed")) })
  await expect(build(db, { conditionId })).rejects.toThrow("killed")
  expect(await stateOf(conditionId)).toBe("building")
  onChange({})
  await build(db, { conditionId })
  expect([await stateOf(conditionId), await holders(conditionId)]).toEqual(["live", [contactId]])
})

test("applying a condition to everybody also sets when time will change its answer", async () => {
  const contactId = await person()
  const at = clock.now().getTime()
  await transact(db, (tx) => announce(tx, "page.viewed", { contactId, happenedAt: new Date(at - 86_400_000) }))
  await evaluation.settleAll(db)
  const conditionId = await register({
    fact: "event.exists",
    with: { event: "page.viewed", within: "P2D" },
    is: { eq: true },
  })
  await build(db, { conditionId })
  expect(await holders(conditionId)).toEqual([contactId])
  clock.shift(86_400_000 + 5_000)
  await waking.turn(db)
  await evaluation.settleAll(db)
  expect(await holders(conditionId)).toEqual([])
})

test("an edited condition lets go of those it no longer covers; a retired one of everybody", async () => {
  const [one, two] = [await person(), await person()]
  await transact(db, (tx) => announce(tx, "page.viewed", { contactId: one }))
  await transact(db, (tx) => announce(tx, "page.left", { contactId: two }))
  await evaluation.settleAll(db)
  const ownerId = newId()
  const conditionId = await register(visited, ownerId)
  await build(db, { conditionId })
  expect(await register({ fact: "event.count", with: { event: "page.left" }, is: { gte: 1 } }, ownerId)).toBe(
    conditionId,
  )
  expect(await holders(conditionId)).toEqual([one])
  await build(db, { conditionId })
  expect(await holders(conditionId)).toEqual([two])
  await transact(db, (tx) => conditions.retire(tx, "test", ownerId))
  expect(await conditions.holding(db, two)).toEqual(new Set())
  await build(db, { conditionId })
  expect(await holders(conditionId)).toEqual([])
  const stays = await db.selectFrom("holdingHistory").select("leftAt").execute()
  expect(stays.every((stay) => stay.leftAt)).toBe(true)
})

test("an answer found by evaluation while the pass was reading is the newer one", async () => {
  const contactId = await person()
  await evaluation.settleAll(db)
  const conditionId = await register({ not: visited })
  await db.updateTable("condition").set({ state: "building" }).where("id", "=", conditionId).execute()
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const holdingUp = db.transaction().execute(async (tx) => {
    await sql`lock table condition in share mode`.execute(tx)
    await released
  })
  const built = build(db, { conditionId })
  await new Promise((resolve) => setTimeout(resolve, 400))
  await transact(db, (tx) => announce(tx, "page.viewed", { contactId }))
  await evaluation.settleAll(db)
  release()
  await Promise.all([holdingUp, built])
  expect([await stateOf(conditionId), await holders(conditionId)]).toEqual(["live", []])
})

test("whoever is only asked along with others while a condition is built is still found by the pass", async () => {
  const [before, meanwhile] = [await person(), await person()]
  await transact(db, (tx) => announce(tx, "page.viewed", { contactId: before }))
  await evaluation.settleAll(db)
  await build(db, {
    conditionId: await register({ fact: "event.count", with: { event: "page.left" }, is: { gte: 1 } }),
  })
  const conditionId = await register(visited)
  await db.updateTable("condition").set({ state: "building" }).where("id", "=", conditionId).execute()
  await transact(db, async (tx) => {
    await announce(tx, "page.left", { contactId: before })
    await announce(tx, "page.viewed", { contactId: meanwhile })
  })
  await evaluation.settleAll(db)
  await build(db, { conditionId })
  expect(await holders(conditionId)).toEqual([before, meanwhile].sort())
})
