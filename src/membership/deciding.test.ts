import fc from "fast-check"
import { expect, test } from "vitest"
import type { Condition } from "../audience/index.ts"
import { decide, type Place, type Rung } from "./deciding.ts"
import { derivedStay } from "./deriving.ts"

const at = new Date("2026-11-01T00:00:00Z")
const day = 86_400_000
const rungs = fc
  .array(
    fc.record({
      rises: fc.boolean(),
      stays: fc.boolean(),
      mayFall: fc.boolean(),
      graceDays: fc.integer({ min: 0, max: 30 }),
    }),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .map((all) => all.map((rung, position): Rung => ({ ...rung, id: `r${position}`, position })))
const place: fc.Arbitrary<Place> = rungs.chain((all) =>
  fc.record({
    rungs: fc.constant(all),
    currentId: fc.constantFrom(...all.map((rung) => rung.id)),
    holdId: fc.constant(null),
    grace: fc.option(
      fc
        .record({ rankId: fc.constantFrom(...all.map((rung) => rung.id)), days: fc.integer({ min: -5, max: 5 }) })
        .map(({ rankId, days }) => ({
          rankId,
          beganAt: at,
          fallsAt: new Date(at.getTime() + days * day),
        })),
    ),
    at: fc.constant(at),
  }),
)
const positionOf = (all: Place, id: string) => all.rungs.find((rung) => rung.id === id)!.position

test("a decision, once carried out, leaves nothing to decide", () => {
  fc.assert(
    fc.property(place, (from) => {
      const first = decide(from)
      const next = { ...from, currentId: first.move?.toId ?? from.currentId, grace: first.grace }
      const second = decide(next)
      expect(second.move).toBeNull()
      expect(decide({ ...next, grace: second.grace })).toEqual(second)
    }),
  )
})

test("nobody rises above what they may rise to, and everybody who may rise does", () => {
  fc.assert(
    fc.property(place, (from) => {
      const top = Math.max(0, ...from.rungs.filter((rung) => rung.rises).map((rung) => rung.position))
      const { move } = decide(from)
      const current = positionOf(from, from.currentId)
      if (top > current) expect(move).toEqual({ toId: `r${top}`, cause: "rose" })
      else expect(move?.cause).not.toBe("rose")
    }),
  )
})

test("nobody falls while the grace lasts, while staying holds, or where falling is off", () => {
  fc.assert(
    fc.property(place, (from) => {
      const current = from.rungs.find((rung) => rung.id === from.currentId)!
      const { move, grace } = decide(from)
      const waiting = from.grace?.rankId === current.id ? from.grace : null
      const spared = current.stays || current.rises || !current.mayFall || current.position === 0
      const early = waiting ? waiting.fallsAt > at : current.graceDays > 0
      if (spared || early) expect(move?.cause).not.toBe("fell")
      if (spared) expect(grace).toBeNull()
    }),
  )
})

test("a held rank is the rank, whatever the conditions say", () => {
  fc.assert(
    fc.property(place, (from) => {
      const held = decide({ ...from, holdId: "r0" })
      expect(held).toEqual({ move: from.currentId === "r0" ? null : { toId: "r0", cause: "held" }, grace: null })
    }),
  )
})

const facts = ["a", "b", "c"]
const leaf = fc.record({
  fact: fc.constantFrom(...facts),
  is: fc.oneof(
    fc.record({ gte: fc.oneof(fc.integer({ min: -20, max: 200 }), fc.float({ min: -5, max: 50, noNaN: true })) }),
    fc.record({ gt: fc.integer({ min: -20, max: 200 }) }),
    fc.record({ lt: fc.integer({ min: -20, max: 200 }) }),
    fc.record({ eq: fc.integer({ min: 0, max: 20 }) }),
  ),
})
const condition = fc.letrec<{ any: Condition }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    leaf as fc.Arbitrary<Condition>,
    fc.record({ all: fc.array(tie("any"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie("any"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie("any") }),
  ),
})).any

function holds(asked: Condition, values: Record<string, number>): boolean {
  if ("all" in asked) return asked.all.every((part) => holds(part, values))
  if ("any" in asked) return asked.any.some((part) => holds(part, values))
  if ("not" in asked) return !holds(asked.not, values)
  const [[how, bound]] = Object.entries(asked.is) as [[string, number]]
  const value = values[asked.fact]!
  return { gte: value >= bound, gt: value > bound, lt: value < bound, eq: value === bound }[how]!
}

test("whoever may rise may stay", () => {
  const values = fc.record({
    a: fc.integer({ min: -30, max: 250 }),
    b: fc.integer({ min: -30, max: 250 }),
    c: fc.integer({ min: -30, max: 250 }),
  })
  fc.assert(
    fc.property(condition, values, (rise, person) => {
      if (holds(rise, person)) expect(holds(derivedStay(rise), person)).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})

test("lower bounds are nine tenths, rounded up", () => {
  const bound = (gte: number) => (derivedStay({ fact: "a", is: { gte } }) as { is: { gte: number } }).is.gte
  expect([1, 5, 10, 11, 20, 110, 1000].map(bound)).toEqual([1, 5, 9, 10, 18, 99, 900])
})
