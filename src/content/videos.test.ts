import { expect, test } from "vitest"
import { contentApi } from "../../test/support/content-api.ts"
import { testDatabase } from "../../test/support/database.ts"
import { system } from "../platform/actors.ts"
import * as clock from "../platform/clock.ts"
import { sql, transact } from "../platform/db.ts"
import { courses, videos } from "./index.ts"
import { EndsBeforeItBegins, SlugTaken, StillPublished } from "./refusals.ts"

const db = await testDatabase()
const { aFile } = await contentApi(db)
const by = system("test")
type Draft = Parameters<typeof videos.create>[1]
const create = (draft: Draft) => transact(db, (tx) => videos.create(tx, draft, by))
const change = (id: string, changes: Partial<Draft>) => transact(db, (tx) => videos.change(tx, id, changes, by))
const publish = (id: string, from?: Date) => transact(db, (tx) => videos.publish(tx, id, by, from))
const day = (n: number) => new Date(clock.now().getTime() + n * 86_400_000)

test("a search finds titles and tags however wide their letters were typed", async () => {
  const wide = await create({ title: "決算書の読み方２０２６", tags: ["ＮＩＳＡ"] })
  await create({ title: "請求書の書き方" })
  const found = async (search: string) => (await videos.list(db, { search, limit: 10 })).data.map(({ id }) => id)
  for (const search of ["方2026", "方２０２６", "NISA", "ＮＩＳＡ"])
    expect([search, await found(search)]).toEqual([search, [wide]])
  for (const search of ["%", "_", "読_方"]) expect(await found(search)).toEqual([])
})

test("of two who want the same address at once, one gets it and the other is told", async () => {
  for (const make of [
    () => create({ title: "二つ", slug: "twice" }),
    () => transact(db, (tx) => courses.create(tx, { title: "二つ", slug: "twice" }, by)),
  ]) {
    const done = await Promise.allSettled([make(), make(), make()])
    expect(done.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    for (const one of done) if (one.status === "rejected") expect(one.reason).toBeInstanceOf(SlugTaken)
  }
})

test("a published video keeps a file: another takes its place, or it goes back into drafts first", async () => {
  const id = await create({ title: "公開中", fileId: await aFile() })
  await publish(id)
  await expect(change(id, { fileId: null })).rejects.toThrow(StillPublished)
  await change(id, { fileId: await aFile("test/support/clips/vp9.webm") })
  expect((await videos.get(db, id)).durationSeconds).toBe(2)
  await transact(db, (tx) => videos.unpublish(tx, id, by))
  await change(id, { fileId: null })
  expect((await videos.get(db, id)).durationSeconds).toBe(null)
})

test("no video is offered until before it begins, and none is published whose time is over", async () => {
  const [from, to] = [day(2), day(1)]
  await expect(create({ title: "逆", publishedAt: from, unpublishedAt: to })).rejects.toThrow(EndsBeforeItBegins)
  const id = await create({ title: "期間", fileId: await aFile(), publishedAt: from, unpublishedAt: day(3) })
  await expect(change(id, { unpublishedAt: to })).rejects.toThrow(EndsBeforeItBegins)
  await expect(change(id, { publishedAt: day(4) })).rejects.toThrow(EndsBeforeItBegins)
  await expect(publish(id, day(3))).rejects.toThrow(EndsBeforeItBegins)
  await publish(id)
  // What is offered may be ended at once.
  await change(id, { publishedAt: day(-2), unpublishedAt: day(-1) })
  await transact(db, (tx) => videos.unpublish(tx, id, by))
  await expect(publish(id)).rejects.toThrow(EndsBeforeItBegins)
  await change(id, { unpublishedAt: null })
  await publish(id)
})

test("when a course is removed, conditions look again at who watched its videos", async () => {
  const course = await transact(db, (tx) => courses.create(tx, { title: "講座" }, by))
  const ids = [await create({ title: "一", courseId: course }), await create({ title: "二", courseId: course })]
  await sql`delete from graphile_worker._private_jobs`.execute(db)
  await transact(db, (tx) => courses.remove(tx, course, by))
  const { rows } = await sql<{ payload: { videoId: string } }>`select payload from graphile_worker._private_jobs j
    join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'content.remeasure'`.execute(db)
  expect(rows.map(({ payload }) => payload.videoId).sort()).toEqual(ids.sort())
})
