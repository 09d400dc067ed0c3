import type { Condition, Leaf } from "../../src/audience/index.ts"
import { dayOf, startOfDay } from "../../src/platform/dates.ts"
import { hoursOf } from "../../src/platform/facts.ts"

/** One event of somebody, as the oracle remembers it. */
export type Happened = { contactId: string; name: string; at: number; id: string; properties: Record<string, unknown> }
type Value = string | number | boolean | string[] | null

export const dayMs = 86_400_000

/** Whether a condition is true of somebody with this history at an instant: slow, obvious, and knowing nothing of SQL. */
export function truth(condition: Condition, history: Happened[], at: number): boolean {
  if ("all" in condition) return condition.all.every((part) => truth(part, history, at))
  if ("any" in condition) return condition.any.some((part) => truth(part, history, at))
  if ("not" in condition) return !truth(condition.not, history, at)
  return passes(valueOf(condition, history, at), condition.is as Record<string, unknown>)
}

function passes(value: Value, is: Record<string, unknown>): boolean {
  const [how, wanted] = Object.entries(is)[0]!
  if (how === "exists") return (value !== null) === wanted
  if (value === null) return false
  if (Array.isArray(value))
    return how === "in" ? (wanted as string[]).some((one) => value.includes(one)) : value.includes(String(wanted))
  switch (how) {
    case "eq":
      return value === wanted
    case "ne":
      return value !== wanted
    case "in":
      return (wanted as Value[]).includes(value)
    case "contains":
      return (value as string).includes(wanted as string)
  }
  const order =
    typeof value === "string"
      ? Buffer.compare(Buffer.from(value), Buffer.from(wanted as string))
      : Number(value) - Number(wanted)
  return how === "gt" ? order > 0 : how === "gte" ? order >= 0 : how === "lt" ? order < 0 : order <= 0
}

function valueOf(leaf: Leaf, history: Happened[], at: number): Value {
  const args = (leaf.with ?? {}) as Args
  const rows = history
    .filter((event) => event.name === args.event && event.at <= at && counted(event, args, at))
    .filter((event) => !args.before || history.some((other) => isLater(other, args.before!.event, event.at, at)))
    .sort(inOrder)
  switch (leaf.fact) {
    case "event.count":
      return rows.length
    case "event.exists":
      return rows.length > 0
    case "event.sum":
      return rows.reduce(
        (sum, row) =>
          sum + (typeof row.properties[args.property!] === "number" ? Number(row.properties[args.property!]) : 0),
        0,
      )
    case "event.last_days":
      return rows.length > 0 ? days(rows.at(-1)!.at, at) : null
    case "event.first_days":
      return rows.length > 0 ? days(rows[0]!.at, at) : null
    case "event.last_property": {
      const value = rows.at(-1)?.properties[args.property!]
      return value === undefined || value === null ? null : typeof value === "string" ? value : asText(value)
    }
    case "test.colours":
      return rows.length > 0
        ? [...new Set(rows.flatMap((row) => (typeof row.properties.kind === "string" ? [row.properties.kind] : [])))]
        : []
    case "test.last_day":
      return rows.length > 0 ? dayOf(new Date(rows.at(-1)!.at)) : null
    case "test.open":
      return rows.length > 0 && at < rows.at(-1)!.at + 2 * dayMs
  }
  throw new Error(leaf.fact)
}

type Args = {
  event: string
  property?: string
  within?: string
  since?: string
  until?: string
  where?: { property: string; is: object }[]
  before?: { event: string }
}

function isLater(other: Happened, name: string, than: number, at: number): boolean {
  return other.name === name && other.at > than && other.at <= at
}

function counted(event: Happened, args: Args, at: number): boolean {
  if (args.within && event.at <= at - hoursOf(args.within) * 3_600_000) return false
  if (args.since && event.at < startOfDay(args.since).getTime()) return false
  if (args.until && event.at >= startOfDay(args.until).getTime() + dayMs) return false
  return (args.where ?? []).every(({ property, is }) => propertyPasses(event.properties[property] ?? null, is))
}

function propertyPasses(value: unknown, is: object): boolean {
  const [how, wanted] = Object.entries(is)[0] as [string, unknown]
  if (how === "exists") return (value !== null) === wanted
  if (["gt", "gte", "lt", "lte"].includes(how) && typeof value !== typeof wanted) return false
  if (how === "contains" && Array.isArray(value)) return value.includes(wanted)
  if (how === "contains" && typeof value !== "string") return false
  if (Array.isArray(value) || typeof value === "object") return false
  return passes(value as Value, is as Record<string, unknown>)
}

function inOrder(a: Happened, b: Happened): number {
  return a.at - b.at || (a.id < b.id ? -1 : 1)
}

function days(from: number, to: number): number {
  return Math.round((startOfDay(dayOf(new Date(to))).getTime() - startOfDay(dayOf(new Date(from))).getTime()) / dayMs)
}

/** As PostgreSQL writes what is not a text. */
function asText(value: unknown): string {
  return Array.isArray(value) ? `[${value.map((one) => JSON.stringify(one)).join(", ")}]` : JSON.stringify(value)
}
