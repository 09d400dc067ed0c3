import { dayOf, duration, shortDay, timeOfDay } from "../../platform/dates.ts"
import type { Locale } from "../../platform/words.ts"
import { say } from "../words.ts"

const dayMs = 86_400_000

/** 今日 9:05, 昨日 21:14, 11月8日(日): when something was, as people say it. */
export function when(at: Date, now: Date, locale: Locale): string {
  const day = dayOf(at)
  if (day === dayOf(now)) return say(locale)("when.today", { time: timeOfDay(at) })
  if (day === dayOf(new Date(now.getTime() - dayMs))) return say(locale)("when.yesterday", { time: timeOfDay(at) })
  return shortDay(at, locale)
}

/** Whole JST days from one instant to another; 0 on the same day. */
export function daysBetween(from: Date, to: Date): number {
  return Math.round((Date.parse(dayOf(to)) - Date.parse(dayOf(from))) / dayMs)
}

/** 1時間46分, 12分: a sum of watching, without seconds unless it is shorter than a minute. */
export function sum(seconds: number, locale: Locale): string {
  return duration(seconds < 60 ? seconds : seconds - (seconds % 60), locale)
}

/** The last seven JST days, today last, as 2026-11-22. */
export function weekTo(now: Date): string[] {
  const days = []
  for (let back = 6; back >= 0; back--) days.push(dayOf(new Date(now.getTime() - back * dayMs)))
  return days
}

const names = { ja: ["日", "月", "火", "水", "木", "金", "土"], en: ["Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"] }

/** The short name of a day's weekday. */
export function weekday(day: string, locale: Locale): string {
  return names[locale][new Date(`${day}T00:00:00Z`).getUTCDay()]!
}
