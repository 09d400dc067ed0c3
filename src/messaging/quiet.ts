import { dayOf, startOfDay } from "../platform/dates.ts"
import type { Limits } from "./senders.ts"

const hourMs = 3_600_000

/** The end of the quiet hours an instant lies in, or nothing when it lies in none. Japan has no summer time, so hours are plain. */
export function quietUntil(at: Date, limits: Pick<Limits, "quietFromHour" | "quietToHour">): Date | undefined {
  const { quietFromHour: from, quietToHour: to } = limits
  const midnight = startOfDay(dayOf(at)).getTime()
  const hour = (at.getTime() - midnight) / hourMs
  const quiet = from <= to ? hour >= from && hour < to : hour >= from || hour < to
  if (!quiet) return undefined
  return new Date(midnight + (hour < to ? to : to + 24) * hourMs)
}
