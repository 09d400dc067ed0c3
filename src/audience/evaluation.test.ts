import { beforeEach, expect, test } from "vitest"
import { emptyTables, testDatabase } from "../../test/support/database.ts"
import { announce, eventFacts, react } from "../events/index.ts"
import * as events from "../events/index.ts"
import * as clock from "../platform/clock.ts"
import { transact } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import {
  audienceFacts,
  build,
  catalogue,
  type Change,
  changes,
  conditions,
  evaluation,
  onChange,
  segments,
  waking,
} from "./index.ts"

const db = await testDatabase()
const staff = { kind: "system", name: "test" } as const
let heard: Change[] = []

beforeEach(async () => {
  await emptyTables(db)
  catalogue.offer([...eventFacts, ...audienceFacts])
  react({ every: [changes.ofEvents], named: {}, movers: [changes.ofMove] })
  heard = []
  onChange({ test: async (_, list) => void heard.push(...list) })
})

async function person(): Promise<string> {
  return transact(db, (tx) => events.contacts.create(tx, clock.now()))
}

async function segment(name: string, definition: unknown): Promise<string> {
  const id = await transact(db, (tx) => segments.create(tx, { name, definition }, staff))
  await buildAll()
  return id
}

async function keep(definition: unknown): Promise<string> {
  const id = await transact(db, (tx) =>
    conditions.register(
      tx,
      { ownerKind: "test", ownerId: newId(), definition: conditions.check(definition) },
      clock.now(),
    ),
  )
  await buildAll()
  return id
}

async function buildAll(): Promise<void> {
  const waiting = await db.selectFrom("condition").select("id").where("state", "<>", "live").execute()
  for (const { id } of waiting) await build(db, { conditionId: id })
}

async function happens(
  contactId: string,
  name: string,
  more: { happenedAt?: Date; history?: boolean } = {},
): Promise<void> {
  await transact(db, (tx) => announce(tx, name, { contactId, ...more }))
}

async function members(segmentId: string): Promise<string[]> {
  const rows = await db
    .selectFrom("holding")
    .innerJoin("condition", "condition.id", "holding.conditionId")
    .select("contactId")
    .where("ownerId", "=", segmentId)
    .execute()
  return rows.map((row) => row.contactId).sort()
}

const asked = { fact: "event.count", with: { event: "document.requested", within: "P30D" }, is: { gte: 2 } }

test("somebody enters a segment when what happened fulfils it, with the reason, on the timeline", async () => {
  const id = await segment("資料を2回以上", asked)
  const contactId = await person()
  await happens(contactId, "document.requested")
  await evaluation.settleAll(db)
  expect(await members(id)).toEqual([])
  const happenedAt = new Date(clock.now().getTime() - 5_000)
  await happens(contactId, "document.requested", { happenedAt })
  await evaluation.settleAll(db)
  expect(await members(id)).toEqual([contactId])
  const stay = await db.selectFrom("holdingHistory").selectAll().executeTakeFirstOrThrow()
  expect(stay.enteredAt).toEqual(happenedAt)
  expect(stay.enteredReason).toEqual({ met: true, leaves: [{ ...asked, value: 2, met: true }] })
  const told = await db.selectFrom("event").selectAll().where("name", "=", "segment.entered").execute()
  expect(told.map((event) => [event.contactId, (event.properties as { segmentId: string }).segmentId])).toEqual([
    [contactId, id],
  ])
})

test("time alone lets somebody leave, without any event", async () => {
  const id = await segment("資料を2回以上", asked)
  const contactId = await person()
  const begun = clock.now().getTime()
  await happens(contactId, "document.requested", { happenedAt: new Date(begun - 10 * 86_400_000) })
  await happens(contactId, "document.requested")
  await evaluation.settleAll(db)
  expect(await members(id)).toEqual([contactId])
  clock.shift(19 * 86_400_000)
  await waking.turn(db)
  await evaluation.settleAll(db)
  expect(await members(id)).toEqual([contactId])
  clock.shift(20 * 86_400_000 + 1_000)
  await waking.turn(db)
  await evaluation.settleAll(db)
  expect(await members(id)).toEqual([])
  const stay = await db.selectFrom("holdingHistory").selectAll().executeTakeFirstOrThrow()
  expect(stay.leftAt).toEqual(new Date(begun + 20 * 86_400_000))
})

test("a new condition finds those who already fulfil it, and tells them apart as found by building", async () => {
  const [one, two] = [await person(), await person()]
  await happens(one, "document.requested")
  await happens(one, "document.requested")
  await happens(two, "document.requested")
  await evaluation.settleAll(db)
  const conditionId = await keep(asked)
  expect(heard.map((change) => [change.contactId, change.conditionId, change.entered, change.cause])).toEqual([
    [one, conditionId, true, "build"],
  ])
  expect(await conditions.holding(db, one)).toEqual(new Set([conditionId]))
  expect(await conditions.count(db, conditions.check(asked), clock.now())).toBe(1)
})

test("one segment can ask for another", async () => {
  const inner = await segment("資料を2回以上", asked)
  const outer = await segment("それ以外", { not: { fact: "segment.in", with: { segment: inner }, is: { eq: true } } })
  const contactId = await person()
  await evaluation.settleAll(db)
  expect([await members(inner), await members(outer)]).toEqual([[], [contactId]])
  await happens(contactId, "document.requested")
  await happens(contactId, "document.requested")
  await evaluation.settleAll(db)
  expect([await members(inner), await members(outer)]).toEqual([[contactId], []])
})
