import fc from "fast-check"
import { expect, test } from "vitest"
import { testDatabase } from "../../test/support/database.ts"
import * as events from "../events/index.ts"
import { sql, transact } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import { timeline } from "./index.ts"

const db = await testDatabase()
const minute = 60_000
const start = Date.UTC(2026, 9, 31, 14, 0)
const [video, other] = [newId(), newId()]
await sql`insert into video (id, slug, title, state, duration_seconds, created_at, changed_at)
  values (${video}, 'basics', '確定申告の基本', 'published', 600, ${new Date(start)}, ${new Date(start)})`.execute(db)

type Happening = { name: string; minute: number; videoId?: string; ranges?: number[][] }
async function happen(all: Happening[]) {
  return transact(db, async (tx) => {
    const id = await events.contacts.create(tx, new Date(start))
    for (const { name, minute: at, videoId, ranges } of all)
      await events.announce(tx, name, {
        contactId: id,
        happenedAt: new Date(start + at * minute),
        properties: videoId ? { videoId, ranges } : {},
      })
    return id
  })
}
const watched = (at: number, ranges: number[][], videoId = video) => ({
  name: "video.watched",
  minute: at,
  videoId,
  ranges,
})

test("reports of one sitting are one entry with what was watched of which video", async () => {
  const id = await happen([
    watched(0, [[0, 100]]),
    watched(10, [[50, 200]]),
    { name: "account.signed_in", minute: 11 },
    watched(35, [[300, 400]]),
    watched(90, [[0, 10]]),
  ])
  const { data } = await timeline.of(db, id)
  expect(data.map((entry) => [entry.name, entry.video?.ranges, entry.video?.seconds])).toEqual([
    ["video.watched", [[0, 10]], 10],
    [
      "video.watched",
      [
        [0, 200],
        [300, 400],
      ],
      300,
    ],
    ["account.signed_in", undefined, undefined],
  ])
  expect(data[1]!.video).toMatchObject({ title: "確定申告の基本", durationSeconds: 600, from: new Date(start) })
  expect(data[1]!.label).toEqual({ ja: "動画を視聴", en: "Watched a video" })
})

test("two videos watched in turns are two sittings", async () => {
  const id = await happen([
    watched(0, [[0, 10]]),
    watched(1, [[0, 10]], other),
    watched(2, [[10, 20]]),
    watched(3, [[10, 20]], other),
  ])
  const { data } = await timeline.of(db, id)
  expect(data.map((entry) => [entry.video!.id, entry.video!.seconds])).toEqual([
    [other, 20],
    [video, 20],
  ])
  expect(data[0]!.video!.title).toBeNull()
})

test("reading by pages of any size shows the same as reading at once, over months too", async () => {
  const happening = fc.record({
    name: fc.constantFrom("video.watched", "video.watched", "page.viewed", "mail.sent"),
    minute: fc.oneof(
      fc.integer({ min: 0, max: 300 }),
      fc.integer({ min: 0, max: 3 }).map((month) => month * 31 * 24 * 60),
    ),
    videoId: fc.constantFrom(video, other),
    ranges: fc.constant<number[][]>([[0, 5]]),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 25 }), fc.integer({ min: 1, max: 4 }), async (all, limit) => {
      const id = await happen(all)
      const whole = await timeline.of(db, id, { limit: 200 })
      const paged = []
      let cursor: string | null = null
      do {
        const page: Awaited<ReturnType<typeof timeline.of>> = await timeline.of(db, id, {
          limit,
          ...(cursor ? { cursor } : {}),
        })
        paged.push(...page.data)
        cursor = page.nextCursor
      } while (cursor)
      expect(paged).toEqual(whole.data)
      const shown = whole.data.filter((entry) => entry.name !== "video.watched").length
      expect(shown).toBe(all.filter((one) => one.name !== "video.watched").length)
    }),
    { numRuns: 60 },
  )
})

test("a timeline can be narrowed to kinds", async () => {
  const id = await happen([
    watched(0, [[0, 10]]),
    { name: "mail.sent", minute: 1 },
    { name: "order.placed", minute: 2 },
    { name: "rank.rose", minute: 3 },
  ])
  const kinds = async (...wanted: ("watch" | "mail" | "other")[]) =>
    (await timeline.of(db, id, { kinds: wanted })).data.map((entry) => entry.name)
  expect(await kinds("mail")).toEqual(["mail.sent"])
  expect(await kinds("other")).toEqual(["order.placed"])
  expect(await kinds("other", "watch")).toEqual(["order.placed", "video.watched"])
})

test("how long a page was open is told beside its view, not as a line of its own", async () => {
  const id = await transact(db, async (tx) => {
    const contactId = await events.contacts.create(tx, new Date(start))
    const say = (name: string, at: number, properties: object) =>
      events.announce(tx, name, { contactId, happenedAt: new Date(start + at * minute), properties: { ...properties } })
    await say("page.viewed", 0, { path: "/courses", title: "講座" })
    await say("page.left", 1, { path: "/courses", seconds: 40 })
    await say("page.viewed", 1, { path: "/", title: "ホーム" })
    return contactId
  })
  const { data } = await timeline.of(db, id)
  expect(data.map(({ name, properties }) => [name, properties.path, properties.seconds])).toEqual([
    ["page.viewed", "/", undefined],
    ["page.viewed", "/courses", 40],
  ])
})
