import { expect, test } from "vitest"
import { eventFacts } from "./index.ts"

const count = eventFacts.find((fact) => fact.name === "event.count")!
const before = { event: "course.withdrawn" }

test("a count before another event says so in both languages and follows both events", () => {
  const args = count.with.parse({ event: "assignment.submitted", within: "P30D", before })
  expect(count.describe(args, "ja")).toBe("30日以内の最後の「course.withdrawn」より前の「assignment.submitted」の回数")
  expect(count.describe(args, "en")).toBe(
    "Times “assignment.submitted” happened within 30 days before the last “course.withdrawn”",
  )
  expect(count.dependsOn(args)).toEqual(["event:assignment.submitted", "event:course.withdrawn"])
})

test("before names an event and nothing else, and belongs to counting alone", () => {
  const fits = (name: string, args: object) =>
    eventFacts.find((fact) => fact.name === name)!.with.safeParse({ event: "a", ...args }).success
  expect(fits("event.count", { before })).toBe(true)
  expect(fits("event.count", { before: "course.withdrawn" })).toBe(false)
  expect(fits("event.count", { before: { ...before, where: [] } })).toBe(false)
  expect(fits("event.exists", { before })).toBe(false)
})
