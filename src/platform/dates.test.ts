import { expect, test } from "vitest"
import { addMonths, clockLength, dayOf, duration, longDay, startOfDay } from "./dates.ts"

test("a day begins at midnight in Japan", () => {
  expect(dayOf(new Date("2026-11-21T15:00:00Z"))).toBe("2026-11-22")
  expect(dayOf(new Date("2026-11-21T14:59:59Z"))).toBe("2026-11-21")
  expect(startOfDay("2026-11-22").toISOString()).toBe("2026-11-21T15:00:00.000Z")
})

test("a month after 31 January is the last of February", () => {
  expect(addMonths(new Date("2026-01-31T03:00:00Z"), 1).toISOString()).toBe("2026-02-28T03:00:00.000Z")
})

test("days and durations read as people write them", () => {
  expect(longDay(new Date("2026-11-22T03:00:00Z"), "ja")).toBe("2026年11月22日(日)")
  expect(duration(750, "ja")).toBe("12分30秒")
  expect(duration(6360, "ja")).toBe("1時間46分")
  expect(duration(0, "ja")).toBe("0秒")
  expect(duration(750, "en")).toBe("12 min 30 s")
  expect(clockLength(3723)).toBe("1:02:03")
})
