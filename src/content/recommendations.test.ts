import fc from "fast-check"
import { expect, test } from "vitest"
import { decide, nobody, type Rule, type Standing } from "./access.ts"
import type { Catalogue, CatalogueCourse, CatalogueVideo } from "./catalogue.ts"
import { closingSoon, next, sentence, type WatchedLately } from "./recommendations.ts"

const at = new Date("2026-11-22T03:00:00Z")
const day = 86_400_000
const ago = (days: number) => new Date(at.getTime() - days * day)
const silver = { id: "silver", position: 2, name: { ja: "シルバー", en: "Silver" }, colour: "#999999" }

const anyMember: Rule = { id: "r", everyone: false, minimumRank: null, plans: null, segmentId: null, window: null }
const forSilver: Rule = { ...anyMember, minimumRank: { id: "silver", position: 2 } }
const member: Standing = {
  ...nobody,
  active: true,
  rankId: "silver",
  rankPosition: 2,
  rankSince: ago(3),
  joinedAt: ago(200),
}

function video(id: string, changes: Partial<CatalogueVideo> = {}): CatalogueVideo {
  const file = { id, storageKey: id, bytes: 1, contentType: "video/mp4", uploadedAt: ago(30) }
  return {
    id,
    slug: id,
    title: id,
    description: "",
    duration: 600,
    width: 1,
    height: 1,
    courseId: null,
    coursePosition: null,
    tags: [],
    artwork: {},
    state: "published",
    publishedAt: ago(30),
    unpublishedAt: null,
    rules: [anyMember],
    file,
    captions: null,
    poster: null,
    mayClose: true,
    ...changes,
  }
}

function shelf(videos: CatalogueVideo[], popular: [string, number][] = []): Catalogue {
  const byId = new Map(videos.map((one) => [one.id, one]))
  const byTag = new Map<string, CatalogueVideo[]>()
  for (const one of videos) for (const tag of one.tags) byTag.set(tag, [...(byTag.get(tag) ?? []), one])
  const courses = [...new Set(videos.flatMap((one) => one.courseId ?? []))].map(
    (id): CatalogueCourse => ({
      id,
      slug: id,
      title: id,
      description: "",
      videos: videos.filter((one) => one.courseId === id).sort((a, b) => a.coursePosition! - b.coursePosition!),
    }),
  )
  return {
    version: 1,
    videos,
    byId,
    bySlug: byId,
    byTag,
    courses,
    courseById: new Map(courses.map((course) => [course.id, course])),
    ranks: new Map([[silver.id, silver]]),
    popular: new Map([["silver", popular.map(([id, completed]) => ({ video: byId.get(id)!, completed }))]]),
  }
}

function watched(rows: Record<string, { seconds?: number; days?: number; complete?: boolean }>): WatchedLately {
  return new Map(
    Object.entries(rows).map(([id, { seconds = 100, days = 1, complete = false }]) => [
      id,
      { seconds, position: seconds, lastAt: ago(days), completedAt: complete ? ago(days) : null },
    ]),
  )
}

const ids = (list: { video: CatalogueVideo }[]) => list.map((one) => one.video.id)

test("the order is: where stopped, next step, opened by rank, same tags, most completed, newest", () => {
  const catalogue = shelf(
    [
      video("newest", { publishedAt: ago(1) }),
      video("popular"),
      video("tagged", { tags: ["経費"] }),
      video("silver-only", { rules: [forSilver] }),
      video("基本", { courseId: "確定申告", coursePosition: 1, tags: ["経費"] }),
      video("応用", { courseId: "確定申告", coursePosition: 2 }),
      video("実践", { courseId: "確定申告", coursePosition: 3 }),
      video("half-seen"),
    ],
    [["popular", 12]],
  )
  const list = next(catalogue, member, watched({ 基本: { complete: true, days: 2 }, "half-seen": {} }), at, 6)
  expect(list.map((one) => [one.video.id, one.why.key])).toEqual([
    ["half-seen", "continue"],
    ["応用", "path"],
    ["silver-only", "rank"],
    ["tagged", "tag"],
    ["popular", "popular"],
    ["newest", "new"],
  ])
  expect(list.map((one) => sentence(one.why, "ja"))).toEqual([
    "1分40秒から、残り8分20秒です",
    "「基本」を完了したため",
    "シルバー会員になったため、ご覧いただけます",
    "「経費」を続けてご覧のため",
    "シルバー会員の12人が完了しています",
    "新しく公開された動画です",
  ])
  expect(sentence(list[1]!.why, "en")).toBe("Because you completed “基本”")
  expect(sentence({ key: "continue", position: 0, left: 52 }, "ja")).toBe("見はじめたばかりです。残り52秒です")
})

test("確定申告の基本→応用→実践: 基本 completed shows 応用 first, 応用 completed shows 実践, nothing watched comes back", () => {
  const catalogue = shelf(
    ["基本", "応用", "実践"].map((id, i) => video(id, { courseId: "確定申告", coursePosition: i + 1 })),
  )
  expect(ids(next(catalogue, member, watched({ 基本: { complete: true } }), at, 9))).toEqual(["応用", "実践"])
  expect(ids(next(catalogue, member, watched({ 基本: { complete: true }, 応用: { complete: true } }), at, 9))).toEqual([
    "実践",
  ])
  const all = watched({ 基本: { complete: true }, 応用: { complete: true }, 実践: { complete: true } })
  expect(next(catalogue, member, all, at, 9)).toEqual([])
})

test("while 基本 is under way, 応用 is suggested before 実践, whatever its tags say", () => {
  const steps = ["基本", "応用", "実践"].map((id, index) =>
    video(id, { courseId: "route", coursePosition: index + 1, tags: id === "応用" ? [] : ["税"] }),
  )
  const watched: WatchedLately = new Map([["基本", { seconds: 10, position: 10, lastAt: ago(0), completedAt: null }]])
  expect(next(shelf(steps), member, watched, at, 3).map((one) => one.video.id)).toEqual(["基本", "応用", "実践"])
})

test("unfinished videos beyond as many as asked for make room for others and do not come back for another reason", () => {
  const catalogue = shelf(
    ["one", "two", "three", "other"].map((id) => video(id, { tags: ["経費"] })),
    [["three", 9]],
  )
  const seen = watched({ one: { days: 1 }, two: { days: 2 }, three: { days: 3 } })
  expect(ids(next(catalogue, member, seen, at, 4))).toEqual(["one", "two", "three", "other"])
  expect(ids(next(catalogue, member, seen, at, 4, 2))).toEqual(["one", "two", "other"])
})

test("a rank held for long is no news", () => {
  const catalogue = shelf([video("plain", { publishedAt: ago(1) }), video("silver-only", { rules: [forSilver] })])
  expect(next(catalogue, { ...member, rankSince: ago(90) }, new Map(), at, 2).map((one) => one.why.key)).toEqual([
    "new",
    "new",
  ])
})

test("what closes soon is named with its days, the soonest first", () => {
  const month: Rule = { ...anyMember, window: { kind: "rolling", months: 1 } }
  const catalogue = shelf([
    video("in-6", { publishedAt: new Date("2026-10-28T02:00:00Z"), rules: [month] }),
    video("in-3", { publishedAt: new Date("2026-10-25T02:00:00Z"), rules: [month] }),
    video("seen", { publishedAt: new Date("2026-10-25T02:00:00Z"), rules: [month] }),
    video("later", { publishedAt: ago(2), rules: [month] }),
    video("always"),
  ])
  const soon = closingSoon(catalogue, member, watched({ seen: { complete: true } }), at, 7)
  expect(soon.map((one) => [one.video.id, one.daysLeft])).toEqual([
    ["in-3", 3],
    ["in-6", 6],
  ])
})

const videoIds = Array.from({ length: 12 }, (_, i) => `v${i}`)
const rules = fc.array(
  fc.record({
    id: fc.constant("r"),
    everyone: fc.boolean(),
    minimumRank: fc.option(fc.record({ id: fc.constant("silver"), position: fc.integer({ min: 0, max: 3 }) })),
    plans: fc.option(fc.constant(["premium"])),
    segmentId: fc.constant(null),
    window: fc.option(
      fc.record({ kind: fc.constantFrom("rolling", "from-join", "for-join"), months: fc.integer({ min: 1, max: 3 }) }),
    ),
  }) as fc.Arbitrary<Rule>,
  { maxLength: 2 },
)
const shelves = fc
  .tuple(
    ...videoIds.map((id) =>
      fc
        .record({
          publishedAt: fc.integer({ min: -30, max: 200 }).map(ago),
          courseId: fc.option(fc.constantFrom("c1", "c2")),
          coursePosition: fc.integer({ min: 1, max: 5 }),
          tags: fc.subarray(["a", "b", "c"]),
          rules,
        })
        .map((changes) => video(id, changes)),
    ),
  )
  .map((videos) =>
    shelf(videos, [
      ["v1", 3],
      ["v2", 1],
    ]),
  )
const watchedRows = fc
  .dictionary(
    fc.constantFrom(...videoIds),
    fc.record({
      seconds: fc.integer({ min: 0, max: 600 }),
      days: fc.integer({ min: 0, max: 90 }),
      complete: fc.boolean(),
    }),
  )
  .map(watched)
const standings = fc.record({
  active: fc.boolean(),
  rankId: fc.option(fc.constant("silver")),
  rankPosition: fc.option(fc.integer({ min: 0, max: 3 })),
  rankSince: fc.option(fc.integer({ min: 0, max: 100 }).map(ago)),
  plan: fc.option(fc.constantFrom("premium", "light")),
  joinedAt: fc.option(fc.integer({ min: 0, max: 200 }).map(ago)),
  segmentIds: fc.constant(new Set<string>()),
}) as fc.Arbitrary<Standing>

test("nothing complete and nothing closed is ever suggested, nothing twice, and as many as there are", () => {
  fc.assert(
    fc.property(shelves, standings, watchedRows, fc.integer({ min: 0, max: 14 }), (catalogue, who, seen, limit) => {
      const list = next(catalogue, who, seen, at, limit)
      for (const { video: one } of list) {
        expect(seen.get(one.id)?.completedAt ?? null).toBeNull()
        expect(decide(one, who, at).open).toBe(true)
      }
      expect(new Set(ids(list)).size).toBe(list.length)
      const available = catalogue.videos.filter((one) => !seen.get(one.id)?.completedAt && decide(one, who, at).open)
      expect(list.length).toBe(Math.min(limit, available.length))
      for (const { video: one } of closingSoon(catalogue, who, seen, at, 30)) {
        expect(seen.get(one.id)?.completedAt ?? null).toBeNull()
        expect(decide(one, who, at).open).toBe(true)
      }
    }),
    { numRuns: 3_000 },
  )
})
