import { expect, test } from "vitest"
import { idOf, isId, newId } from "./ids.ts"

test("ids are never given twice, are UUIDs of version 7 and sort by the time they were made", () => {
  const at = new Date("2026-11-23T00:00:00Z")
  const made = Array.from({ length: 20_000 }, (_, index) => newId(new Date(at.getTime() + Math.floor(index / 1_000))))
  expect(new Set(made).size).toBe(made.length)
  expect(made.every((id) => isId(id) && id[14] === "7" && "89ab".includes(id[19]!))).toBe(true)
  const hours = made.map((id) => id.slice(0, 18))
  expect(hours).toEqual(hours.toSorted())
  expect(new Set(made.map((id) => id.slice(24))).size).toBe(made.length)
})

test("the same name of a kind always gives the same id, another kind another", () => {
  expect(idOf("anonymous", "a")).toBe(idOf("anonymous", "a"))
  expect(idOf("anonymous", "a")).not.toBe(idOf("user", "a"))
  expect(isId(idOf("user", "a"))).toBe(true)
})
