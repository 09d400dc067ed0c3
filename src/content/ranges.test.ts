import fc from "fast-check"
import { expect, test } from "vitest"
import { type Dated, fold } from "../../test/support/watching.ts"
import { first, ofMultirange, type Range, seconds, toMultirange, united } from "./ranges.ts"

const duration = 600
const range = fc
  .tuple(fc.integer({ min: 0, max: duration - 1 }), fc.integer({ min: 1, max: 120 }))
  .map(([from, length]): Range => [from, Math.min(duration, from + length)])
const reports = fc
  .array(
    fc.record({
      happenedAt: fc.integer({ min: 0, max: 5_000 }),
      ranges: fc.array(range, { minLength: 1, maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((list) =>
    list.map(
      (one, index): Dated => ({ ...one, id: `r${index}`, ranges: united(one.ranges), position: one.ranges.at(-1)![1] }),
    ),
  )

test("the union is sorted, disjoint and exactly the seconds that some range covers", () => {
  fc.assert(
    fc.property(fc.array(range, { maxLength: 8 }), (given) => {
      const union = united(given)
      union.forEach(([from, to], index) => {
        expect(from).toBeLessThan(to)
        if (index > 0) expect(from).toBeGreaterThan(union[index - 1]![1])
      })
      const covered = new Set(given.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i)))
      expect(seconds(union)).toBe(covered.size)
      expect(ofMultirange(toMultirange(union))).toEqual(union)
    }),
    { numRuns: 2_000 },
  )
})

test("impossible ranges are dropped one by one and the good ones kept", () => {
  const given = [
    [0, 10],
    [20, 15],
    [-5, 3],
    [Number.NaN, 4],
    ["1", 2],
    [590, 900],
    [5],
    null,
    [30.9, 40.2],
    [Number.POSITIVE_INFINITY, 5],
  ] as unknown as unknown[][]
  expect(united(given, duration)).toEqual([
    [0, 10],
    [30, 40],
    [590, 600],
  ])
})

test("cutting keeps the first seconds in order", () => {
  expect(
    first(
      [
        [0, 10],
        [20, 40],
      ],
      15,
    ),
  ).toEqual([
    [0, 10],
    [20, 25],
  ])
  expect(first([[0, 10]], -3)).toEqual([])
})

test("10,000 duplicated, late and shuffled sequences of reports end as the orderly one does", () => {
  fc.assert(
    fc.property(reports, fc.infiniteStream(fc.nat()), (list, random) => {
      const orderly = fold(list, duration)
      const noisy = [...list, ...list, ...list, ...list, ...list]
        .map((report) => ({ report, key: random.next().value as number }))
        .sort((a, b) => a.key - b.key)
        .map(({ report }) => report)
      expect(fold(noisy, duration)).toEqual(orderly)
      expect(Object.values(orderly.gained).reduce((sum, one) => sum + one, 0)).toBe(orderly.seconds)
      expect(orderly.seconds).toBeLessThanOrEqual(duration)
    }),
    { numRuns: 10_000 },
  )
})

test("more reports never lose seconds and never take a completion back", () => {
  fc.assert(
    fc.property(reports, reports, (list, more) => {
      const before = fold(list, duration)
      const after = fold([...list, ...more.map((one, index) => ({ ...one, id: `m${index}` }))], duration)
      expect(after.seconds).toBeGreaterThanOrEqual(before.seconds)
      if (before.completedAt !== null) expect(after.completedAt! <= before.completedAt).toBe(true)
    }),
    { numRuns: 1_000 },
  )
})
