import { z } from "zod"
import type { FactType } from "../platform/facts.ts"

/** What a fact's value is compared with; exactly one. */
export type Comparison =
  | { eq: Scalar }
  | { ne: Scalar }
  | { gt: number | string }
  | { gte: number | string }
  | { lt: number | string }
  | { lte: number | string }
  | { in: (string | number)[] }
  | { contains: string }
  | { exists: boolean }
type Scalar = string | number | boolean

/** A question and what its answer must be. */
export type Leaf = { fact: string; with?: Record<string, unknown>; is: Comparison }

/** A boolean expression over facts. */
export type Condition = { all: Condition[] } | { any: Condition[] } | { not: Condition } | Leaf

export const comparisons = ["eq", "ne", "gt", "gte", "lt", "lte", "in", "contains", "exists"] as const
type ComparisonName = (typeof comparisons)[number]

export const deepest = 10
export const mostLeaves = 100

/** Which comparisons each type of value knows. */
export const comparisonsOf: Record<FactType, readonly ComparisonName[]> = {
  number: ["eq", "ne", "gt", "gte", "lt", "lte", "in", "exists"],
  text: comparisons,
  date: ["eq", "ne", "gt", "gte", "lt", "lte", "in", "exists"],
  boolean: ["eq", "ne", "exists"],
  set: ["contains", "in", "exists"],
}

const scalar = z.union([z.string(), z.number(), z.boolean()])
const ordered = z.union([z.string(), z.number()])

const comparison = z.union([
  z.strictObject({ eq: scalar }),
  z.strictObject({ ne: scalar }),
  z.strictObject({ gt: ordered }),
  z.strictObject({ gte: ordered }),
  z.strictObject({ lt: ordered }),
  z.strictObject({ lte: ordered }),
  z.strictObject({ in: z.array(ordered) }),
  z.strictObject({ contains: z.string() }),
  z.strictObject({ exists: z.boolean() }),
])

const leaf = z.strictObject({ fact: z.string(), with: z.record(z.string(), z.unknown()).optional(), is: comparison })

/**
 * The shape of a condition. Whether its facts exist, their arguments fit and the comparisons suit their types
 * is the business of `conditions.check`, which knows the facts and names each fault in the reader's language.
 */
const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(conditionSchema).min(1) }),
    z.strictObject({ any: z.array(conditionSchema).min(1) }),
    z.strictObject({ not: conditionSchema }),
    leaf,
  ]),
) as z.ZodType<Condition>

/** The leaves of a condition, in the order in which they are read. */
export function leavesOf(condition: Condition): Leaf[] {
  if ("all" in condition) return condition.all.flatMap(leavesOf)
  if ("any" in condition) return condition.any.flatMap(leavesOf)
  return "not" in condition ? leavesOf(condition.not) : [condition]
}

/** The name and the value of a comparison. */
export function asked(is: Comparison): [ComparisonName, unknown] {
  return Object.entries(is)[0] as [ComparisonName, unknown]
}
