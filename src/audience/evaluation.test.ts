import { beforeEach, expect, test } from "vitest"
import { emptyTables, testDatabase } from "../../test/support/database.ts"
import { consents, facts as crmFacts, properties } from "../crm/index.ts"
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
  catalogue.offer([...eventFacts, ...crmFacts, ...audienceFacts])
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

test("one person's fault does not keep the others waiting, and is tried again later", async () => {
  const conditionId = await keep(asked)
  const [poor, fine] = [await person(), await person()]
  onChange({
    test: async (_, list) => {
      if (list.some((change) => change.contactId === poor)) throw new Error("cannot")
      heard.push(...list)
    },
  })
  for (const contactId of [poor, fine, poor, fine]) await happens(contactId, "document.requested")
  await evaluation.settleAll(db)
  expect(heard.map((change) => change.contactId)).toEqual([fine])
  expect(await conditions.holding(db, poor)).toEqual(new Set())
  onChange({})
  clock.shift(10 * 60_000)
  await evaluation.settleAll(db)
  expect(await conditions.holding(db, poor)).toEqual(new Set([conditionId]))
  expect(await changes.waiting(db)).toBe(0)
})

test("what was answered with an event is not answered without it by a clock that is behind or was set back", async () => {
  const contactId = await person()
  const conditionId = await keep({ all: [asked, { fact: "event.count", with: { event: "b" }, is: { lte: 5 } }] })
  for (let times = 0; times < 2; times++) await happens(contactId, "document.requested")
  await evaluation.settleAll(db)
  clock.shift(-10_000)
  await happens(contactId, "b")
  await evaluation.settleAll(db)
  clock.shift(0)
  expect(await conditions.holding(db, contactId)).toEqual(new Set([conditionId]))
  expect(heard.map((change) => change.entered)).toEqual([true])
})

test("two workers at once tell each entry once", async () => {
  await keep(asked)
  const people = await Promise.all(Array.from({ length: 30 }, person))
  await Promise.all(people.flatMap((contactId) => [0, 1, 2].map(() => happens(contactId, "document.requested"))))
  await Promise.all([evaluation.settleAll(db), evaluation.settleAll(db), evaluation.settleAll(db)])
  await evaluation.settleAll(db)
  expect(heard.map((change) => change.contactId).sort()).toEqual([...people].sort())
})

test("records of the past are told as such, also for a person they made known", async () => {
  await keep(asked)
  const never = await keep({ not: asked })
  const contactId = await person()
  await evaluation.settleAll(db)
  heard = []
  await happens(contactId, "document.requested", { history: true })
  await happens(contactId, "document.requested", { history: true })
  await evaluation.settleAll(db)
  expect(heard.map((change) => [change.entered, change.history])).toEqual([
    [true, true],
    [false, true],
  ])
  heard = []
  const imported = await transact(db, async (tx) => {
    const id = await events.contacts.create(tx, clock.now())
    await announce(tx, "something.else", { contactId: id, history: true })
    return id
  })
  await evaluation.settleAll(db)
  expect(heard.map((change) => [change.contactId, change.conditionId, change.history])).toEqual([
    [imported, never, true],
  ])
})

test("anonymous visitors are in nothing; whoever withdraws or is erased leaves everything", async () => {
  const conditionId = await keep({ not: asked })
  const visitor = newId()
  await transact(db, (tx) => events.contacts.ensureAnonymous(tx, [visitor], clock.now()))
  const [member, erased] = [await person(), await person()]
  await db
    .insertInto("account")
    .values({ contactId: member, address: "hanako@example.jp", openedAt: clock.now(), locale: "ja" } as never)
    .execute()
  await happens(visitor, "document.requested")
  await evaluation.settleAll(db)
  expect([...new Set(heard.map((change) => change.contactId))].sort()).toEqual([member, erased].sort())
  await db.updateTable("account").set({ withdrawnAt: clock.now() }).where("contactId", "=", member).execute()
  await db.updateTable("contact").set({ erasedAt: clock.now() }).where("id", "=", erased).execute()
  await evaluation.settleAll(db)
  expect(await conditions.holding(db, member)).toEqual(new Set())
  expect(await conditions.holding(db, erased)).toEqual(new Set())
  expect(heard.at(-1)!.reason.gone).toBe(true)
  const past = new Date(clock.now().getTime() - 60_000)
  expect(await conditions.count(db, conditions.check({ not: asked }), past)).toBe(1)
  await db.updateTable("account").set({ withdrawnAt: null }).where("contactId", "=", member).execute()
  await evaluation.settleAll(db)
  expect(await conditions.holding(db, member)).toEqual(new Set([conditionId]))
})

test("a condition can be asked of the past: events since then do not count", async () => {
  const contactId = await person()
  const at = clock.now().getTime()
  await happens(contactId, "document.requested", { happenedAt: new Date(at - 40 * 86_400_000) })
  await happens(contactId, "document.requested", { happenedAt: new Date(at - 35 * 86_400_000) })
  const then = new Date(at - 34 * 86_400_000)
  const definition = conditions.check(asked)
  expect(await conditions.count(db, definition, then)).toBe(1)
  expect(await conditions.count(db, definition, new Date(at))).toBe(0)
  const { data, nextCursor } = await conditions.people(db, definition, then, { limit: 5 })
  expect(nextCursor).toBeNull()
  expect(data).toEqual([{ contactId, reason: { met: true, leaves: [{ ...asked, value: 2, met: true }] } }])
  expect((await conditions.why(db, definition, contactId, new Date(at))).leaves[0]).toMatchObject({
    value: 0,
    met: false,
  })
})

test("changes that no condition depends on are not even written", async () => {
  await keep(asked)
  const contactId = await person()
  await evaluation.settleAll(db)
  await happens(contactId, "page.viewed")
  expect(await changes.waiting(db)).toBe(0)
  await happens(contactId, "document.requested")
  expect(await changes.waiting(db)).toBe(1)
})

test("what an undone transaction said of the conditions is not remembered", async () => {
  const contactId = await person()
  const definition = conditions.check(asked)
  await expect(
    transact(db, async (tx) => {
      await conditions.register(tx, { ownerKind: "test", ownerId: newId(), definition }, clock.now())
      await announce(tx, "document.requested", { contactId })
      throw new Error("undone")
    }),
  ).rejects.toThrow("undone")
  await keep({ fact: "event.count", with: { event: "page.viewed" }, is: { gte: 1 } })
  await happens(contactId, "page.viewed")
  await evaluation.settleAll(db)
  expect(heard.map((change) => change.contactId)).toEqual([contactId])
})

test("changes of people who do not exist are dropped", async () => {
  await keep(asked)
  await happens(newId(), "document.requested")
  await evaluation.settleAll(db)
  expect(await changes.waiting(db)).toBe(0)
})

test("an answer given by a machine whose clock is behind does not stand", async () => {
  const last = { fact: "event.last_property", with: { event: "plan.chosen", property: "plan" }, is: { eq: "gold" } }
  const conditionId = await keep(last)
  const contactId = await person()
  const ahead = new Date(clock.now().getTime() + 2_000)
  await transact(db, (tx) =>
    announce(tx, "plan.chosen", { contactId, happenedAt: ahead, properties: { plan: "gold" } }),
  )
  await evaluation.settleAll(db)
  expect(await conditions.holding(db, contactId)).toEqual(new Set([conditionId]))
  await transact(db, (tx) => announce(tx, "plan.chosen", { contactId, properties: { plan: "silver" } }))
  await evaluation.settleAll(db)
  clock.shift(5_000)
  await evaluation.settleAll(db)
  expect(await conditions.holding(db, contactId)).toEqual(new Set([conditionId]))
  expect(await changes.waiting(db)).toBe(0)
})

test("a changed property and a consent are noticed by the conditions that ask for them", async () => {
  react({
    every: [changes.ofEvents],
    named: { "contact.changed": [changes.ofProfiles], "consent.given": [changes.ofConsents] },
    movers: [],
  })
  await segment("東京の方", { fact: "property", with: { name: "prefecture" }, is: { eq: "東京都" } })
  await segment("同意した方", { fact: "consent", with: { purpose: "advertising-mail" }, is: { eq: true } })
  const contactId = await person()
  await evaluation.settleAll(db)
  await transact(db, async (tx) => {
    await properties.set(tx, contactId, "prefecture", "東京都", { at: clock.now(), source: "test" })
    await consents.give(tx, contactId, "advertising-mail", { wording: "受け取る", place: "test" })
  })
  await evaluation.settleAll(db)
  expect((await conditions.holding(db, contactId)).size).toBe(2)
})
