import { expect, test } from "vitest"
import type { Decision, Need, Rule } from "./access.ts"
import { say, sayRule } from "./access-words.ts"

const silver = { id: "silver", position: 2, name: { ja: "シルバー", en: "Silver" } }
const shelf = { ranks: new Map([[silver.id, silver]]) } as unknown as Parameters<typeof say>[1]
const closed = (...ways: Need[][]): Decision => ({
  open: false,
  until: null,
  ruleId: null,
  why: ways[0] ?? [],
  wouldOpen: ways,
})
const membership: Need = { kind: "membership" }
const rank: Need = { kind: "rank", rankId: "silver" }
const plan: Need = { kind: "plan", plans: ["standard", "premium"] }
const segment: Need = { kind: "segment", segmentId: "s" }

test.each([
  [[membership], "会員の方にご覧いただける動画です。", "This video is for members."],
  [[rank], "シルバー会員になるとご覧いただけます。", "It opens when you become a Silver member."],
  [
    [membership, plan],
    "スタンダードまたはプレミアムプランの方にご覧いただける動画です。",
    "This video is part of the Standard or Premium plan.",
  ],
  [
    [rank, plan],
    "スタンダードまたはプレミアムプランの方がシルバー会員になるとご覧いただけます。",
    "It opens when you become a Silver member on the Standard or Premium plan.",
  ],
  [
    [rank, segment],
    "対象の方がシルバー会員になるとご覧いただけます。",
    "It opens to people it was arranged for when they become Silver members.",
  ],
  [
    [membership, plan, segment],
    "対象の方のうち、スタンダードまたはプレミアムプランの方にご覧いただける動画です。",
    "This video is for people it was arranged for on the Standard or Premium plan.",
  ],
  [
    [membership, rank, plan, segment],
    "対象の方のうち、スタンダードまたはプレミアムプランの方がシルバー会員になるとご覧いただけます。",
    "It opens to people it was arranged for on the Standard or Premium plan when they become Silver members.",
  ],
] as [Need[], string, string][])("one way is one sentence, whatever it asks together: %#", (needs, ja, en) => {
  expect(say(closed(needs), shelf, "ja")).toMatchObject({ why: ja, ways: [ja] })
  expect(say(closed(needs), shelf, "en")).toMatchObject({ why: en, ways: [en] })
})

test("every way has its own sentence, and the same sentence stands once", () => {
  expect(say(closed([rank], [plan], [membership, rank]), shelf, "en").ways).toEqual([
    "It opens when you become a Silver member.",
    "This video is part of the Standard or Premium plan.",
  ])
})

test("what time closes is said with its day", () => {
  const ended: Need = { kind: "ended", at: new Date("2026-11-21T15:00:00Z") }
  expect(say(closed([ended]), shelf, "ja").why).toBe("ご覧いただける期間は2026年11月21日(土)までで終わりました。")
})

test.each<[Partial<Rule>, string, string]>([
  [{ everyone: true }, "どなたでも", "everyone"],
  [{ window: { kind: "for-join", months: 1 } }, "会員・入会から1か月以内", "members, within 1 month of joining"],
  [
    { minimumRank: { id: "silver", position: 2 }, plans: ["standard"], window: { kind: "rolling", months: 3 } },
    "シルバー以上・スタンダードプラン・公開から3か月以内",
    "Silver or above, Standard plan, published within 3 months",
  ],
])("the staff read what the rule that opens a video asks for", (asked, ja, en) => {
  const rule: Rule = {
    id: "r",
    everyone: false,
    minimumRank: null,
    plans: null,
    segmentId: null,
    window: null,
    ...asked,
  }
  expect([sayRule(rule, shelf, "ja"), sayRule(rule, shelf, "en")]).toEqual([ja, en])
})
