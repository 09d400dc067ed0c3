import type { Comparison, Condition } from "../audience/index.ts"

/**
 * The condition to stay, when none is given: that of rising with its numeric lower bounds × 0.9, rounded up, so that nobody
 * flaps. Bounds under a `not` stay as they are, for lowering them there would ask for more.
 */
export function derivedStay(rise: Condition): Condition {
  if ("all" in rise) return { all: rise.all.map(derivedStay) }
  if ("any" in rise) return { any: rise.any.map(derivedStay) }
  if ("not" in rise) return rise
  return { ...rise, is: eased(rise.is) }
}

function eased(is: Comparison): Comparison {
  if ("gte" in is && typeof is.gte === "number") return { gte: lower(is.gte) }
  if ("gt" in is && typeof is.gt === "number") return { gt: lower(is.gt) }
  return is
}

/** Of a fraction, rounding up may not go above the bound itself. Multiplied before dividing, as 0.9 has no exact binary form. */
function lower(bound: number): number {
  return bound > 0 ? Math.min(bound, Math.ceil((bound * 9) / 10)) : bound
}
