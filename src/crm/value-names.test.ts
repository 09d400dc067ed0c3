import { expect, test } from "vitest"
import { sayValue } from "./value-names.ts"

test("known plans have names in both languages, unknown ones are quoted, other properties speak for themselves", () => {
  const plans = ["free", "standard", "premium", "trial-2026", "constructor"]
  expect(plans.map((plan) => sayValue("plan", plan, "ja"))).toEqual([
    "無料会員",
    "スタンダード",
    "プレミアム",
    "「trial-2026」",
    "「constructor」",
  ])
  expect(plans.slice(0, 4).map((plan) => sayValue("plan", plan, "en"))).toEqual([
    "Free",
    "Standard",
    "Premium",
    "“trial-2026”",
  ])
  expect(sayValue("prefecture", "standard", "ja")).toBe("standard")
})
