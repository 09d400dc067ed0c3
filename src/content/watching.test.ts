import fc from "fast-check"
import { beforeEach, expect, test } from "vitest"
import { aMember, aVideo } from "../../test/support/content.ts"
import { testDatabase } from "../../test/support/database.ts"
import { type Dated, fold } from "../../test/support/watching.ts"
import type { Event } from "../events/index.ts"
import { sql, transact } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import { watching } from "./index.ts"
import { ofMultirange, type Range, united } from "./ranges.ts"

const db = await testDatabase()
const start = new Date("2026-11-22T01:00:00Z")
const after = (seconds: number) => new Date(start.getTime() + seconds * 1000)

let contactId: string
let videoId: string
beforeEach(async () => {
  contactId = (await aMember(db)).contactId
  videoId = (await aVideo(db, { seconds: 600 })).id
})

type Said = { id?: string; ranges: unknown[][]; at: number; receivedAt?: number; startedAt?: number; position?: number }

function report({ id = newId(), ranges, at, receivedAt = at, startedAt = 0, position }: Said) {
  const last = ranges.at(-1)?.[1]
  return transact(db, (tx) =>
    watching.report(tx, {
      contactId,
      videoId,
      id,
      ranges,
      position: position ?? (typeof last === "number" ? last : 0),
      happenedAt: after(at),
      receivedAt: after(receivedAt),
      startedAt: after(startedAt),
    }),
  )
}

async function watched() {
  const row = await db
    .selectFrom("watch")
    .selectAll()
    .where("contactId", "=", contactId)
    .where("videoId", "=", videoId)
    .executeTakeFirst()
  return row && { ...row, ranges: ofMultirange(row.ranges) }
}

async function told(name: string) {
  return db
    .selectFrom("event")
    .selectAll()
    .where("contactId", "=", contactId)
    .where("name", "=", name)
    .orderBy("happenedAt")
    .execute()
}

test("seeking to the end earns nothing", async () => {
  await report({ ranges: [[0, 3]], at: 3 })
  await report({ ranges: [[595, 600]], at: 8 })
  expect(await watched()).toMatchObject({ seconds: 8, completedAt: null })
})

test("[0,300] twice and [240,540] make 540 seconds, which completes a video of 600", async () => {
  await report({ ranges: [[0, 300]], at: 300 })
  await report({ ranges: [[0, 300]], at: 600 })
  expect(await watched()).toMatchObject({ seconds: 300, completedAt: null })
  const { gained, seconds, completedAt } = await report({ ranges: [[240, 540]], at: 900 })
  expect({ gained, seconds, completedAt }).toEqual({ gained: 240, seconds: 540, completedAt: after(900) })
  expect(await watched()).toMatchObject({ ranges: [[0, 540]], seconds: 540, completedAt: after(900), position: 540 })
  expect((await told("video.completed")).map((event) => event.properties)).toEqual([{ videoId, coverage: 0.9 }])
  expect((await told("video.watched")).map((event) => event.properties.gained)).toEqual([300, 0, 240])
})

test("completing is announced once and never taken back", async () => {
  await report({ ranges: [[0, 600]], at: 600 })
  await report({ ranges: [[0, 600]], at: 1_200 })
  await report({ ranges: [[0, 10]], at: 5, receivedAt: 1_300 })
  expect(await told("video.completed")).toHaveLength(1)
  expect((await watched())!.completedAt).toEqual(after(600))
})

test("what cannot have been played in the time is cut off and the plausible part kept", async () => {
  const { gained } = await report({ ranges: [[0, 600]], at: 10 })
  expect(gained).toBe(22)
  expect(await watched()).toMatchObject({ ranges: [[0, 22]] })
  expect((await report({ ranges: [[100, 600]], at: 20 })).gained).toBe(22)
  expect((await report({ ranges: [[0, 5]], at: 20 })).gained).toBe(0)
})

test("playing at double speed is not cut", async () => {
  for (let second = 10; second <= 100; second += 10)
    await report({ ranges: [[(second - 10) * 2, second * 2]], at: second })
  expect(await watched()).toMatchObject({ ranges: [[0, 200]], seconds: 200 })
})

test("opening many players at once does not multiply the time", async () => {
  for (let player = 0; player < 8; player++)
    await report({ ranges: [[player * 60, player * 60 + 60]], at: 30, startedAt: 0 })
  expect((await watched())!.seconds).toBe(66)
})

test("reports of two devices that were offline all count, in whatever order they arrive", async () => {
  const first = Array.from({ length: 10 }, (_, i) => ({
    ranges: [[i * 10, i * 10 + 10]],
    at: i * 10 + 10,
    startedAt: 0,
    receivedAt: 400,
  }))
  const second = Array.from({ length: 10 }, (_, i) => ({
    ranges: [[200 + i * 10, 210 + i * 10]],
    at: 210 + i * 10,
    startedAt: 200,
    receivedAt: 401,
  }))
  for (const said of [...second, ...first].reverse()) await report(said)
  expect(await watched()).toMatchObject({
    ranges: [
      [0, 100],
      [200, 300],
    ],
    seconds: 200,
    position: 300,
  })
})

test("two devices that report at the same instant lose nothing", async () => {
  await Promise.all([
    ...Array.from({ length: 8 }, (_, i) => report({ ranges: [[i * 20, i * 20 + 20]], at: 200 })),
    ...Array.from({ length: 8 }, (_, i) => report({ ranges: [[300 + i * 20, 320 + i * 20]], at: 201 })),
  ])
  expect(await watched()).toMatchObject({
    ranges: [
      [0, 160],
      [300, 460],
    ],
    seconds: 320,
  })
})

test("a report that is sent twice, even at once, counts once", async () => {
  const said = { id: newId(), ranges: [[0, 10]], at: 10 }
  await Promise.all([report(said), report(said), report(said)])
  await report({ ...said, receivedAt: 500 })
  expect(await db.selectFrom("watchReport").selectAll().where("contactId", "=", contactId).execute()).toHaveLength(1)
  expect(await told("video.watched")).toHaveLength(1)
  expect((await watched())!.claimedSeconds).toBe(10)
})

test("impossible ranges are dropped one by one, rubbish alone changes nothing", async () => {
  await report({
    ranges: [
      [0, 10],
      [9_000, 9_010],
      [-20, -5],
      [30, 20],
      ["a", 1],
    ],
    at: 60,
  })
  expect(await watched()).toMatchObject({ ranges: [[0, 10]] })
  contactId = (await aMember(db)).contactId
  expect(await report({ ranges: [[700, 800]], at: 60 })).toMatchObject({ gained: 0 })
  expect(await watched()).toBeUndefined()
  expect(await told("video.watched")).toEqual([])
})

test("a late report corrects what later ones gained, and the position stays that of the newest", async () => {
  await report({ ranges: [[0, 100]], at: 300, position: 100 })
  await report({ ranges: [[50, 90]], at: 200, receivedAt: 400, position: 90 })
  const rows = await db
    .selectFrom("watchReport")
    .selectAll()
    .where("contactId", "=", contactId)
    .orderBy("happenedAt")
    .execute()
  expect(rows.map((row) => row.gainedSeconds)).toEqual([40, 60])
  expect(await watched()).toMatchObject({ seconds: 100, position: 100, firstAt: after(200), lastAt: after(300) })
})

test("a video of another length keeps what was watched and completed", async () => {
  await report({ ranges: [[0, 560]], at: 560 })
  await sql`update video set duration_seconds = 3000 where id = ${videoId}`.execute(db)
  await report({ ranges: [[0, 10]], at: 700 })
  expect(await watched()).toMatchObject({ seconds: 560, completedAt: after(560) })
})

const range = fc
  .tuple(fc.integer({ min: 0, max: 590 }), fc.integer({ min: 1, max: 200 }))
  .map(([from, length]): Range => [from, Math.min(600, from + length)])
const histories = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.array(range, { minLength: 1, maxLength: 3 })), {
    minLength: 1,
    maxLength: 7,
  })
  .map((list) =>
    list.map(
      ([minute, ranges]): Dated => ({
        id: newId(),
        happenedAt: minute * 60,
        ranges: united(ranges),
        position: ranges[0]![1],
      }),
    ),
  )

async function expectFold(reports: Dated[]): Promise<void> {
  const expected = fold(reports, 600)
  expect(await watched()).toMatchObject({
    ranges: expected.ranges,
    seconds: expected.seconds,
    position: expected.position,
    completedAt: expected.completedAt === null ? null : after(expected.completedAt),
  })
  const rows = await db
    .selectFrom("watchReport")
    .select(["id", "gainedSeconds"])
    .where("contactId", "=", contactId)
    .where("videoId", "=", videoId)
    .execute()
  expect(Object.fromEntries(rows.map((row) => [row.id, row.gainedSeconds]))).toEqual(expected.gained)
}

test("SQL agrees with the plain rule for shuffled and repeated live reports", async () => {
  await fc.assert(
    fc.asyncProperty(histories, fc.infiniteStream(fc.nat()), async (reports, random) => {
      videoId = (await aVideo(db, { seconds: 600 })).id
      const noisy = [...reports, ...reports]
        .map((one) => ({ one, key: random.next().value as number }))
        .sort((a, b) => a.key - b.key)
      for (const { one } of noisy)
        await report({
          id: one.id,
          ranges: one.ranges as unknown as unknown[][],
          at: one.happenedAt,
          receivedAt: 90_000,
          startedAt: 0,
          position: one.position,
        })
      await expectFold(reports)
    }),
    { numRuns: 40 },
  )
})

function imported(one: Dated): Event {
  return {
    id: one.id,
    name: "video.watched",
    contactId,
    originId: contactId,
    happenedAt: after(one.happenedAt),
    receivedAt: after(90_000),
    source: "key",
    properties: { videoId, ranges: one.ranges, position: one.position },
    history: true,
  }
}

test("SQL agrees with the plain rule for imported reports in batches, whatever the batches", async () => {
  await fc.assert(
    fc.asyncProperty(histories, fc.integer({ min: 1, max: 4 }), async (reports, size) => {
      videoId = (await aVideo(db, { seconds: 600 })).id
      const shuffled = [...reports].reverse()
      for (let i = 0; i < shuffled.length; i += size)
        await transact(db, (tx) => watching.project(tx, shuffled.slice(i, i + size).map(imported)))
      await transact(db, (tx) => watching.project(tx, reports.map(imported)))
      await expectFold(reports)
    }),
    { numRuns: 30 },
  )
})

test("imported completions are announced as history, once; what is not from history is not taken", async () => {
  const one: Dated = { id: newId(), happenedAt: 60, ranges: [[0, 590]], position: 590 }
  await transact(db, (tx) => watching.project(tx, [{ ...imported(one), history: false }]))
  expect(await watched()).toBeUndefined()
  await transact(db, (tx) => watching.project(tx, [imported(one), imported(one)]))
  await transact(db, (tx) => watching.project(tx, [imported(one)]))
  expect((await told("video.completed")).map((event) => [event.history, event.happenedAt])).toEqual([[true, after(60)]])
})

test("imported rubbish, unknown videos and empty ranges are passed over and the rest kept", async () => {
  const good: Dated = { id: newId(), happenedAt: 60, ranges: [[0, 20]], position: 20 }
  const odd = (properties: Record<string, unknown>) => ({ ...imported(good), id: newId(), properties })
  await transact(db, (tx) =>
    watching.project(tx, [
      odd({}),
      odd({ videoId: "no" }),
      odd({ videoId: newId(), ranges: [[0, 5]] }),
      odd({ videoId, ranges: "x" }),
      odd({ videoId, ranges: [[9, 1], null] }),
      imported(good),
    ]),
  )
  expect(await watched()).toMatchObject({ ranges: [[0, 20]] })
})

test("an anonymous history joins a person's watching without losing or doubling a second", async () => {
  await report({ ranges: [[0, 300]], at: 300 })
  const known = contactId
  const originId = newId()
  await sql`insert into contact (id, created_at) values (${originId}, ${start})`.execute(db)
  contactId = originId
  await transact(db, (tx) =>
    watching.project(tx, [imported({ id: newId(), happenedAt: 100, ranges: [[250, 600]], position: 600 })]),
  )
  for (let again = 0; again < 2; again++)
    await transact(db, (tx) => watching.move(tx, { originId, contactId: known }, after(900)))
  expect(await watched()).toBeUndefined()
  contactId = known
  expect(await watched()).toMatchObject({ ranges: [[0, 600]], completedAt: after(300) })
  const origins = await db
    .selectFrom("watchReport")
    .select("originId")
    .where("contactId", "=", known)
    .orderBy("happenedAt")
    .execute()
  expect(origins.map((row) => row.originId)).toEqual([originId, known])
})
