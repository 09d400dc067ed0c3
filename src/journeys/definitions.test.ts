import { expect, test } from "vitest"
import { milliseconds } from "./definitions.ts"

test("lengths of time are read as they are written", () => {
  expect(milliseconds("PT24H")).toBe(86_400_000)
  expect(milliseconds("P1W2DT3H4M")).toBe(((9 * 24 + 3) * 60 + 4) * 60_000)
  for (const bad of ["", "P", "PT", "P1DT", "PT0M", "P0D", "P400D", "PT-1H", "P1M", "1D", "PT30S", "P1Y"])
    expect(milliseconds(bad), bad).toBeUndefined()
})
