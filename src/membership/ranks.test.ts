import { beforeEach, expect, test } from "vitest"
import { emptyTables, testDatabase } from "../../test/support/database.ts"
import { audienceFacts, build, catalogue, changes, conditions, evaluation, onChange } from "../audience/index.ts"
import * as events from "../events/index.ts"
import { announce, eventFacts, react } from "../events/index.ts"
import * as clock from "../platform/clock.ts"
import { transact } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import { facts, memberships, NoSuchRank, RankInUse, ranks } from "./index.ts"

const db = await testDatabase()
const by = { kind: "system", name: "test" } as const
const day = 86_400_000
let [bronze, silver, gold] = ["", "", ""]

beforeEach(async () => {
  await emptyTables(db)
  catalogue.offer([...eventFacts, ...audienceFacts, ...facts])
  react({ every: [changes.ofEvents], named: {}, movers: [changes.ofMove] })
  onChange({ "rank.rise": ranks.applyChanges, "rank.stay": ranks.applyChanges })
  bronze = await rank(0, "ブロンズ", null)
  silver = await rank(1, "シルバー", 5)
  gold = await rank(2, "ゴールド", 20)
})

const lessons = (gte: number) => ({ fact: "event.count", with: { event: "lesson.done", within: "P30D" }, is: { gte } })

async function rank(position: number, ja: string, needed: number | null, more: object = {}) {
  const name = { ja, en: ["Bronze", "Silver", "Gold", "Platinum"][position]! }
  const rise = needed === null ? null : lessons(needed)
  const draft = { position, name, colour: "#c0c0c0", rise, stay: null, graceDays: 7, mayFall: true, ...more }
  const id = await transact(db, (tx) => ranks.create(tx, draft, by))
  await buildAll()
  return id
}

async function buildAll() {
  const waiting = await db.selectFrom("condition").select("id").where("state", "=", "registered").execute()
  for (const { id } of waiting) await build(db, { conditionId: id })
}

async function member() {
  const made = await transact(db, async (tx) => {
    const id = await events.contacts.create(tx, clock.now())
    await memberships.enter(tx, id, clock.now())
    return id
  })
  await evaluation.settleAll(db)
  return made
}

async function learn(contactId: string, times: number, more: { happenedAt?: Date; history?: boolean } = {}) {
  for (let i = 0; i < times; i++) await transact(db, (tx) => announce(tx, "lesson.done", { contactId, ...more }))
  await evaluation.settleAll(db)
}

const held = async (id: string) => (await ranks.of(db, id)).current?.rank.name.ja
const told = async (id: string) => {
  const rows = await db
    .selectFrom("event")
    .select(["name", "properties"])
    .where("contactId", "=", id)
    .where("name", "like", "rank.%")
    .orderBy("happenedAt")
    .execute()
  return rows.map((row) => row.name)
}

test("the fifth lesson raises a member to silver, once, with the reason", async () => {
  const id = await member()
  expect(await held(id)).toBe("ブロンズ")
  await learn(id, 4)
  expect(await held(id)).toBe("ブロンズ")
  await learn(id, 1)
  expect(await held(id)).toBe("シルバー")
  await learn(id, 3)
  expect(await told(id)).toEqual(["rank.rose"])
  const [newest] = (await ranks.of(db, id)).history
  expect(newest).toMatchObject({ cause: "rose", reason: { met: true, leaves: [{ value: 5, is: { gte: 5 } }] } })
  const event = await db
    .selectFrom("event")
    .select("properties")
    .where("name", "=", "rank.rose")
    .executeTakeFirstOrThrow()
  expect(event.properties).toMatchObject({ rankId: silver, fromRankId: bronze })
})

test("who meets the condition of gold at once goes straight to gold", async () => {
  const id = await member()
  await learn(id, 20)
  expect(await held(id)).toBe("ゴールド")
})

test("falling waits for the grace days and then goes to the highest rank that can be kept", async () => {
  const id = await member()
  await learn(id, 20)
  const fadesAt = 31 * day
  clock.shift(fadesAt)
  await transact(db, (tx) => changes.mark(tx, [{ contactId: id, changes: ["*"], happenedAt: clock.now() }]))
  await learn(id, 5)
  expect(await held(id)).toBe("ゴールド")
  expect((await ranks.of(db, id)).grace?.rankId).toBe(gold)
  clock.shift(fadesAt + 6 * day)
  expect(await ranks.turn(db)).toBe(false)
  clock.shift(fadesAt + 7 * day + 1_000)
  expect(await ranks.turn(db)).toBe(true)
  expect(await held(id)).toBe("シルバー")
  expect((await told(id)).at(-1)).toBe("rank.fell")
  expect(await ranks.turn(db)).toBe(false)
  expect((await ranks.of(db, id)).grace).toBeNull()
})

test("meeting the condition again during the grace keeps the rank", async () => {
  const id = await member()
  await learn(id, 5)
  clock.shift(31 * day)
  await transact(db, (tx) => changes.mark(tx, [{ contactId: id, changes: ["*"], happenedAt: clock.now() }]))
  await evaluation.settleAll(db)
  expect((await ranks.of(db, id)).grace).not.toBeNull()
  await learn(id, 5)
  expect((await ranks.of(db, id)).grace).toBeNull()
  clock.shift(40 * day)
  await ranks.turn(db)
  expect(await held(id)).toBe("シルバー")
  expect(await told(id)).toEqual(["rank.rose"])
})

test("a held rank stays until it is released; then the rules decide at once", async () => {
  const id = await member()
  await transact(db, (tx) => ranks.hold(tx, id, gold, "招待会員", by))
  expect(await held(id)).toBe("ゴールド")
  await learn(id, 5)
  expect(await held(id)).toBe("ゴールド")
  expect((await ranks.of(db, id)).hold).toMatchObject({ rankId: gold, reason: "招待会員" })
  await transact(db, (tx) => ranks.release(tx, id, by))
  expect(await held(id)).toBe("シルバー")
  expect(await told(id)).toEqual(["rank.held", "rank.fell"])
  const audits = await db.selectFrom("audit").select("action").where("subjectId", "=", id).orderBy("id").execute()
  expect(audits.map((row) => row.action)).toEqual(["rank.hold", "rank.release"])
})

test("two holds at once leave one", async () => {
  const id = await member()
  await Promise.all([gold, silver, gold].map((rankId) => transact(db, (tx) => ranks.hold(tx, id, rankId, "x", by))))
  const open = await db
    .selectFrom("rankHold")
    .selectAll()
    .where("contactId", "=", id)
    .where("until", "is", null)
    .execute()
  expect(open).toHaveLength(1)
  expect((await ranks.of(db, id)).current!.rank.id).toBe(open[0]!.rankId)
})

test("records of the past raise a rank without starting anything", async () => {
  const id = await member()
  await learn(id, 5, { happenedAt: new Date(clock.now().getTime() - 3 * day), history: true })
  expect(await held(id)).toBe("シルバー")
  const event = await db.selectFrom("event").select("history").where("name", "=", "rank.rose").executeTakeFirstOrThrow()
  expect(event.history).toBe(true)
})

test("a member sees what is missing, in a sentence", async () => {
  const id = await member()
  await learn(id, 3)
  const missing = (await ranks.missing(db, id, clock.now()))!
  expect(missing.items).toMatchObject([{ current: 3, needed: 5, met: false }])
  expect(ranks.sentence(missing, "ja")).toMatch(/あと2増えるとシルバーです$/)
  expect(ranks.sentence(missing, "en")).toMatch(/2 more to reach Silver$/)
  await learn(id, 17)
  expect(await ranks.missing(db, id, clock.now())).toBeNull()
})

test("a draft is tried on the members without changing anybody", async () => {
  const [one, two] = [await member(), await member()]
  await learn(one, 3)
  await learn(two, 6)
  const trial = await ranks.tryOut(db, { rankId: silver, rise: lessons(3) }, clock.now())
  expect(trial).toMatchObject({ rises: 1, falls: 0, people: [{ contactId: one, fromId: bronze, toId: silver }] })
  expect(await ranks.tryOut(db, { rankId: silver, rise: lessons(10) }, clock.now())).toMatchObject({
    rises: 0,
    falls: 1,
  })
  expect(await ranks.tryOut(db, { position: 3, rise: lessons(6) }, clock.now())).toMatchObject({
    rises: 1,
    people: [{ toId: null }],
  })
  expect([await held(one), await held(two)]).toEqual(["ブロンズ", "シルバー"])
})

test("an edited rule is applied to everybody", async () => {
  const id = await member()
  await learn(id, 3)
  await transact(db, (tx) => ranks.change(tx, silver, { rise: lessons(3) }, by))
  await buildAll()
  expect(await held(id)).toBe("シルバー")
})

test("a member who met the conditions before joining rises on joining", async () => {
  const id = await transact(db, (tx) => events.contacts.create(tx, clock.now()))
  await learn(id, 6)
  expect((await ranks.of(db, id)).current).toBeNull()
  await transact(db, (tx) => memberships.enter(tx, id, clock.now()))
  expect(await held(id)).toBe("シルバー")
})

test("the ladder refuses what cannot be", async () => {
  const draft = {
    position: 1,
    name: { ja: "x", en: "x" },
    colour: "#000000",
    rise: lessons(1),
    stay: null,
    graceDays: 0,
    mayFall: true,
  }
  const create = (more: object) =>
    transact(db, (tx) => ranks.create(tx, { ...draft, ...more }, by)).catch((error) => error.fields?.("ja") ?? error)
  expect(await create({})).toHaveProperty("position")
  expect(await create({ position: 3, rise: null })).toHaveProperty("rise")
  expect(await create({ position: 3, colour: "red", name: { ja: "", en: "" } })).toMatchObject({
    colour: expect.any(String),
    name: expect.any(String),
  })
  expect(Object.keys(await create({ position: 3, rise: { fact: "no.such", is: { gte: 1 } } }))).not.toEqual([])
  await expect(transact(db, (tx) => ranks.remove(tx, newId(), by))).rejects.toThrow(NoSuchRank)
  await member()
  await expect(transact(db, (tx) => ranks.remove(tx, bronze, by))).rejects.toThrow(RankInUse)
  await transact(db, (tx) => ranks.remove(tx, gold, by))
  expect((await ranks.list(db)).map((row) => [row.name.ja, row.members])).toEqual([
    ["ブロンズ", 1],
    ["シルバー", 0],
  ])
})

test("conditions can ask for rank and membership as they were", async () => {
  const begun = clock.now()
  const id = await member()
  clock.shift(3 * day)
  await learn(id, 5)
  const met = async (fact: string, args: object, is: object, at: Date) =>
    (await conditions.why(db, conditions.check({ fact, with: args, is }), id, at)).leaves[0]!.value
  const before = new Date(begun.getTime() + day)
  expect([
    await met("rank.position", {}, { eq: 1 }, before),
    await met("rank.position", {}, { eq: 1 }, clock.now()),
  ]).toEqual([0, 1])
  expect(await met("rank.is", { rank: silver }, { eq: true }, clock.now())).toBe(true)
  expect(await met("rank.is", { rank: silver }, { eq: true }, before)).toBe(false)
  expect(await met("member.days_since_joined", {}, { gte: 1 }, clock.now())).toBe(3)
  expect(await met("member.joined", {}, { eq: true }, clock.now())).toBe(true)
})
