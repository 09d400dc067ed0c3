import { type Range, seconds, united } from "../../src/content/ranges.ts"

/** One accepted report. */
export type Dated = { id: string; happenedAt: number; ranges: readonly Range[]; position: number }

/**
 * What reports add up to, whatever order and however often they came: the rule of the SQL projection, told once more
 * in plain code. `completedAt` is the instant of the report that brought the coverage.
 */
export function fold(reports: readonly Dated[], duration: number, completeAt = 0.9) {
  const distinct = [...new Map(reports.map((report) => [report.id, report])).values()]
  distinct.sort((a, b) => a.happenedAt - b.happenedAt || (a.id < b.id ? -1 : 1))
  let union: Range[] = []
  let completedAt: number | null = null
  const gained: Record<string, number> = {}
  for (const report of distinct) {
    const next = united([...union, ...report.ranges])
    gained[report.id] = seconds(next) - seconds(union)
    union = next
    if (completedAt === null && seconds(union) >= duration * completeAt) completedAt = report.happenedAt
  }
  return { ranges: union, seconds: seconds(union), gained, position: distinct.at(-1)?.position ?? 0, completedAt }
}
