import { shortDay, timeOfDay } from "../../platform/dates.ts"
import type { Locale } from "../../platform/words.ts"
import { say } from "../words.ts"

const dayMs = 86_400_000

/** The number of a JST day since 1970. Japan has no summer time, and pages ask this often. */
function dayNumber(at: Date): number {
  return Math.floor((at.getTime() + 9 * 3_600_000) / dayMs)
}

/** 今日 9:05, 昨日 21:14, 11月8日(日): when something was, as people say it. */
export function when(at: Date, now: Date, locale: Locale): string {
  const ago = daysBetween(at, now)
  if (ago === 0) return say(locale)("when.today", { time: timeOfDay(at) })
  if (ago === 1) return say(locale)("when.yesterday", { time: timeOfDay(at) })
  return shortDay(at, locale)
}

/** Whole JST days from one instant to another; 0 on the same day. */
export function daysBetween(from: Date, to: Date): number {
  return dayNumber(to) - dayNumber(from)
}

const names = { ja: ["日", "月", "火", "水", "木", "金", "土"], en: ["Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"] }

/** The short name of a day's weekday. */
export function weekday(day: string, locale: Locale): string {
  let index = weekdays.get(day)
  if (index === undefined) {
    if (weekdays.size > 400) weekdays.clear()
    weekdays.set(day, (index = new Date(`${day}T00:00:00Z`).getUTCDay()))
  }
  return names[locale][index]!
}

const weekdays = new Map<string, number>()
