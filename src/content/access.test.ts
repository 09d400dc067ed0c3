import fc from "fast-check"
import { expect, test } from "vitest"
import { addMonths } from "../platform/dates.ts"
import { decide, type Gated, nobody, type Rule, type Standing } from "./access.ts"

const at = new Date("2026-11-22T03:00:00Z")
const day = 86_400_000
const before = (days: number) => new Date(at.getTime() - days * day)

const member: Standing = { ...nobody, active: true, rankId: "bronze", rankPosition: 1, joinedAt: before(100) }
const rule = (changes: Partial<Rule> = {}): Rule => ({
  id: "r1",
  everyone: false,
  minimumRank: null,
  plans: null,
  segmentId: null,
  window: null,
  ...changes,
})
const video = (changes: Partial<Gated> = {}, ...rules: Rule[]): Gated => ({
  state: "published",
  publishedAt: before(10),
  unpublishedAt: null,
  rules,
  ...changes,
})

test("a video without a rule is open to nobody", () => {
  expect(decide(video(), member, at)).toMatchObject({ open: false, wouldOpen: [] })
})

test("a draft, an archived, a future and an ended video are closed whatever the rules say", () => {
  const open = rule({ everyone: true })
  expect(decide(video({ state: "draft" }, open), member, at).open).toBe(false)
  expect(decide(video({ state: "archived" }, open), member, at).open).toBe(false)
  const ahead = new Date(at.getTime() + day)
  expect(decide(video({ publishedAt: ahead }, open), member, at)).toMatchObject({
    open: false,
    why: [{ kind: "publication", at: ahead }],
  })
  expect(decide(video({ unpublishedAt: at }, open), member, at)).toMatchObject({
    open: false,
    why: [{ kind: "ended" }],
  })
  expect(decide(video({ publishedAt: at }, open), member, at).open).toBe(true)
})

test("everyone includes visitors; a rule without names asks for an active membership", () => {
  expect(decide(video({}, rule({ everyone: true })), nobody, at).open).toBe(true)
  expect(decide(video({}, rule()), nobody, at)).toMatchObject({ open: false, wouldOpen: [[{ kind: "membership" }]] })
  expect(decide(video({}, rule()), member, at).open).toBe(true)
})

test("a rank opens from its position upwards and is named when it is missing", () => {
  const silver = video({}, rule({ minimumRank: { id: "silver", position: 2 } }))
  expect(decide(silver, member, at)).toMatchObject({ open: false, wouldOpen: [[{ kind: "rank", rankId: "silver" }]] })
  expect(decide(silver, { ...member, rankPosition: 2 }, at).open).toBe(true)
  expect(decide(silver, { ...member, rankPosition: 3 }, at).open).toBe(true)
})

test("a suspended contact keeps nothing of rank, plan or segment", () => {
  const gold: Standing = { ...member, rankPosition: 9, plan: "premium", segmentIds: new Set(["s"]), active: false }
  for (const one of [
    rule({ minimumRank: { id: "x", position: 0 } }),
    rule({ plans: ["premium"] }),
    rule({ segmentId: "s" }),
  ])
    expect(decide(video({}, one), gold, at).open).toBe(false)
})

test("any rule opens, the longest opening counts, and unpublishing ends it earlier", () => {
  const short = rule({ id: "short", window: { kind: "rolling", months: 1 } })
  const long = rule({ id: "long", window: { kind: "rolling", months: 2 } })
  expect(decide(video({}, short, long), member, at)).toMatchObject({
    open: true,
    ruleId: "long",
    until: addMonths(before(10), 2),
  })
  expect(decide(video({}, short, rule({ id: "always" })), member, at)).toMatchObject({
    open: true,
    ruleId: "always",
    until: null,
  })
  const ends = new Date(at.getTime() + day)
  expect(decide(video({ unpublishedAt: ends }, short), member, at).until).toEqual(ends)
})

test("入会後、直近1ヶ月 in its three readings", () => {
  const rolling = rule({ window: { kind: "rolling", months: 1 } })
  expect(decide(video({ publishedAt: before(10) }, rolling), member, at)).toMatchObject({
    open: true,
    until: addMonths(before(10), 1),
  })
  expect(decide(video({ publishedAt: before(40) }, rolling), member, at)).toMatchObject({ open: false, wouldOpen: [] })

  const joined: Standing = { ...member, joinedAt: before(5) }
  const fromJoin = rule({ window: { kind: "from-join", months: 1 } })
  expect(decide(video({ publishedAt: before(15) }, fromJoin), joined, at).open).toBe(true)
  expect(decide(video({ publishedAt: before(45) }, fromJoin), joined, at).open).toBe(false)

  const forJoin = rule({ window: { kind: "for-join", months: 1 } })
  expect(decide(video({ publishedAt: before(400) }, forJoin), joined, at)).toMatchObject({
    open: true,
    until: addMonths(before(5), 1),
  })
  expect(decide(video({}, forJoin), member, at).open).toBe(false)
})

test("months end as calendars do: published on 31 January, one month ends on 28 February in Japan", () => {
  const published = new Date("2027-01-31T00:00:00+09:00")
  const one = video({ publishedAt: published }, rule({ window: { kind: "rolling", months: 1 } }))
  expect(decide(one, member, new Date("2027-02-27T23:59:59+09:00")).open).toBe(true)
  expect(decide(one, member, new Date("2027-02-28T00:00:00+09:00")).open).toBe(false)
})

const instants = fc.integer({ min: -400, max: 400 }).map((days) => new Date(at.getTime() + days * day))
const rules = fc.record({
  id: fc.uuid(),
  everyone: fc.boolean(),
  minimumRank: fc.option(fc.record({ id: fc.constant("rank"), position: fc.integer({ min: 0, max: 3 }) })),
  plans: fc.option(fc.subarray(["light", "standard", "premium"], { minLength: 1 })),
  segmentId: fc.option(fc.constantFrom("s1", "s2")),
  window: fc.option(
    fc.record({ kind: fc.constantFrom("rolling", "from-join", "for-join"), months: fc.integer({ min: 1, max: 12 }) }),
  ),
}) as fc.Arbitrary<Rule>
const videos = fc.record({
  state: fc.constantFrom("published", "published", "published", "draft", "archived"),
  publishedAt: fc.option(instants),
  unpublishedAt: fc.option(instants),
  rules: fc.array(rules, { maxLength: 4 }),
}) as fc.Arbitrary<Gated>
const standings = fc.record({
  active: fc.boolean(),
  rankId: fc.constant("rank"),
  rankPosition: fc.option(fc.integer({ min: 0, max: 3 })),
  rankSince: fc.constant(null),
  plan: fc.option(fc.constantFrom("light", "standard", "premium")),
  joinedAt: fc.option(instants),
  segmentIds: fc.subarray(["s1", "s2"]).map((ids) => new Set(ids)),
}) as fc.Arbitrary<Standing>

test("adding a rule never closes what was open, and never shortens it", () => {
  fc.assert(
    fc.property(videos, rules, standings, instants, (one, added, who, when) => {
      const [less, more] = [decide(one, who, when), decide({ ...one, rules: [...one.rules, added] }, who, when)]
      if (less.open) {
        expect(more.open).toBe(true)
        expect((more.until?.getTime() ?? Infinity) >= (less.until?.getTime() ?? Infinity)).toBe(true)
      }
    }),
    { numRuns: 3_000 },
  )
})

test("what is open stays open until the named instant and is closed at it", () => {
  fc.assert(
    fc.property(videos, standings, instants, (one, who, when) => {
      const now = decide(one, who, when)
      if (!now.open) return
      if (!now.until) {
        expect(decide(one, who, new Date(when.getTime() + 900 * day)).open).toBe(true)
        return
      }
      expect(now.until > when).toBe(true)
      expect(decide(one, who, new Date(now.until.getTime() - 1)).open).toBe(true)
      expect(decide(one, who, now.until).open).toBe(false)
    }),
    { numRuns: 3_000 },
  )
})

test("nothing opens to an inactive contact but what is open to everyone, and nothing before publication or without a rule", () => {
  fc.assert(
    fc.property(videos, standings, instants, (one, who, when) => {
      const { open, ruleId, why, wouldOpen } = decide(one, who, when)
      if (open) {
        expect(one.state).toBe("published")
        expect(one.publishedAt! <= when).toBe(true)
        if (!who.active) expect(one.rules.find((r) => r.id === ruleId)!.everyone).toBe(true)
      } else if (one.rules.length > 0) expect(why.length).toBeGreaterThan(0)
      for (const way of wouldOpen) expect(way.some((need) => need.kind === "ended")).toBe(false)
    }),
    { numRuns: 3_000 },
  )
})

test("a higher rank never closes", () => {
  fc.assert(
    fc.property(videos, standings, instants, (one, who, when) => {
      if (decide(one, who, when).open) expect(decide(one, { ...who, rankPosition: 99 }, when).open).toBe(true)
    }),
    { numRuns: 1_000 },
  )
})
