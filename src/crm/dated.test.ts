import fc from "fast-check"
import { expect, test } from "vitest"
import { type Dated, hear } from "./dated.ts"

type Word = { at: number; value: string }
const same = (a: string, b: string) => a === b
const tell = (words: Word[]) =>
  words.reduce<Dated<string>[]>((rows, word) => hear(rows, word.value, new Date(word.at), same), [])
const words = fc.uniqueArray(
  fc.record({ at: fc.integer({ min: 1, max: 60 }), value: fc.constantFrom("a", "b", "c") }),
  {
    selector: (word) => word.at,
    minLength: 1,
    maxLength: 12,
  },
)
const byTime = (all: Word[]) => [...all].sort((a, b) => a.at - b.at)
const shuffled = words.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })))

test("the newest word holds now, in whatever order the words came", () => {
  fc.assert(
    fc.property(shuffled, ([all, order]) => {
      const open = tell(order).at(-1)!
      expect(open.until).toBeNull()
      expect(open.value).toBe(byTime(all).at(-1)!.value)
    }),
  )
})

test("intervals follow each other without gap or overlap", () => {
  fc.assert(
    fc.property(shuffled, ([all, order]) => {
      const rows = tell(order)
      expect(rows[0]!.since.getTime()).toBe(byTime(all)[0]!.at)
      rows.forEach((row, index) => {
        expect(row.until).toEqual(rows[index + 1]?.since ?? null)
        if (row.until) expect(row.since < row.until).toBe(true)
        expect(row.confirmedAt >= row.since && (!row.until || row.confirmedAt <= row.until)).toBe(true)
      })
    }),
  )
})

test("words that all differ give the same past in every order", () => {
  const distinct = words.map((all) => all.map((word, index) => ({ ...word, value: `v${index}` })))
  fc.assert(
    fc.property(
      distinct.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
      ([all, order]) => {
        expect(tell(order)).toEqual(tell(byTime(all)))
      },
    ),
  )
})

test("hearing everything twice changes nothing", () => {
  fc.assert(
    fc.property(shuffled, ([all]) => {
      const once = tell(byTime(all))
      const present = once.at(-1)!
      const twice = byTime(all).reduce((rows, word) => hear(rows, word.value, new Date(word.at), same), once)
      expect(twice.at(-1)!.value).toBe(present.value)
      expect(byTime(all).map((word) => valueAt(twice, word.at))).toEqual(byTime(all).map((word) => word.value))
    }),
  )
})

function valueAt(rows: Dated<string>[], at: number): string | undefined {
  return rows.findLast((row) => row.since.getTime() <= at)?.value
}
