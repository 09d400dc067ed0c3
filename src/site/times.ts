import { duration } from "../platform/dates.ts"
import type { Locale } from "../platform/words.ts"
import { say } from "./words.ts"

/** 1時間46分, 12分, 1分未満, 0分: how long somebody has watched, in whole minutes. */
export function watchTime(seconds: number, locale: Locale): string {
  if (seconds <= 0) return say(locale)("time.none")
  if (seconds < 60) return say(locale)("time.under-a-minute")
  return duration(seconds - (seconds % 60), locale)
}
