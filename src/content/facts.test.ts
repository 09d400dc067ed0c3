import { beforeAll, expect, test } from "vitest"
import { aMember, aVideo } from "../../test/support/content.ts"
import { testDatabase } from "../../test/support/database.ts"
import { sql, transact } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import { watchFacts, watching } from "./index.ts"

const db = await testDatabase()
const start = new Date("2026-09-01T03:00:00Z")
const days = (count: number) => new Date(start.getTime() + count * 86_400_000)

let contactId: string
let course: string
let a: string
let b: string
beforeAll(async () => {
  contactId = (await aMember(db)).contactId
  course = newId()
  await sql`insert into course (id, slug, title, changed_at) values (${course}, 'tax', '確定申告', ${start})`.execute(
    db,
  )
  a = (await aVideo(db, { seconds: 100, courseId: course, step: 1, tags: ["経費"] })).id
  b = (await aVideo(db, { seconds: 100, tags: ["経費", "所得税"] })).id
  await watch(a, [[0, 50]], 0)
  await watch(a, [[40, 100]], 10)
  await watch(b, [[0, 95]], 20)
})

function watch(videoId: string, ranges: number[][], day: number) {
  const [happenedAt, startedAt] = [days(day), new Date(days(day).getTime() - 3_600_000)]
  return transact(db, (tx) =>
    watching.report(tx, {
      contactId,
      videoId,
      id: newId(),
      ranges,
      position: 0,
      happenedAt,
      receivedAt: happenedAt,
      startedAt,
    }),
  )
}

async function ask(name: string, args: object, day: number, everybody = false) {
  const fact = watchFacts.find((one) => one.name === name)!
  const parsed = fact.with.parse(args) as never
  const query = fact.query(parsed, {
    at: sql<Date>`${days(day)}::timestamptz`,
    among: (column) => (everybody ? sql`true` : sql`${sql.ref(column)} = ${contactId}`),
  })
  const { rows } = await sql<{
    contactId: string
    value: unknown
    wakeAt?: Date | null
    goneAt?: Date | null
  }>`select * from (${query}) q`.execute(db)
  expect(fact.describe(parsed, "ja")).not.toBe("")
  expect(fact.describe(parsed, "en")).not.toBe("")
  return rows[0] ?? { value: fact.missing }
}
const value = async (name: string, args: object, day: number) => (await ask(name, args, day)).value

test("completed videos are counted as of any day, by course, tag and window", async () => {
  expect(await value("watch.completed_count", {}, 9)).toBe(0)
  expect(await value("watch.completed_count", {}, 10)).toBe(1)
  expect(await value("watch.completed_count", {}, 20)).toBe(2)
  expect(await value("watch.completed_count", { course }, 20)).toBe(1)
  expect(await value("watch.completed_count", { tag: "所得税" }, 20)).toBe(1)
  expect(await ask("watch.completed_count", { within: "P15D" }, 20)).toMatchObject({
    value: 2,
    wakeAt: days(25),
    goneAt: days(35),
  })
  expect(await value("watch.completed_count", { within: "P15D" }, 25)).toBe(1)
  expect(await value("watch.completed_count", { within: "P15D" }, 35)).toBe(0)
})

test("completing one video is known as of its day", async () => {
  expect(await value("watch.completed", { video: a }, 9)).toBe(false)
  expect(await value("watch.completed", { video: a }, 10)).toBe(true)
  expect(await value("watch.completed", { video: b }, 10)).toBe(false)
})

test("watched seconds count each second once, in all or of one video, in a window or for ever", async () => {
  expect(await value("watch.seconds", {}, 0)).toBe(50)
  expect(await value("watch.seconds", {}, 30)).toBe(195)
  expect(await value("watch.seconds", { video: a }, 30)).toBe(100)
  expect(await ask("watch.seconds", { within: "P11D" }, 20)).toMatchObject({
    value: 145,
    wakeAt: days(21),
    goneAt: days(31),
  })
})

test("coverage grows with the union and never beyond 1", async () => {
  expect(await value("watch.coverage", { video: a }, 5)).toBe(0.5)
  expect(await value("watch.coverage", { video: a }, 15)).toBe(1)
  expect(await value("watch.coverage", { video: b }, 5)).toBe(0)
})

test("days since the last watching are counted in Japanese days; who never watched has none", async () => {
  expect(await value("watch.last_days", {}, 15)).toBe(5)
  expect(await value("watch.last_days", {}, 20)).toBe(0)
  expect(await value("watch.last_days", {}, -1)).toBeNull()
})

test("everybody can be asked at once", async () => {
  expect(await ask("watch.completed_count", {}, 20, true)).toMatchObject({ contactId, value: 2 })
})
