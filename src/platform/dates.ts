import { Temporal } from "temporal-polyfill"
import { type Locale, timeZone } from "./words.ts"

/** The JST calendar day of an instant, `2026-11-22`. */
export function dayOf(at: Date): string {
  return zoned(at).toPlainDate().toString()
}

/** The instant at which a JST day begins. */
export function startOfDay(day: string): Date {
  return new Date(Temporal.PlainDate.from(day).toZonedDateTime(timeZone).epochMilliseconds)
}

/** The same wall clock some months later; 31 January plus one month is the last of February. */
export function addMonths(at: Date, months: number): Date {
  return new Date(zoned(at).add({ months }).epochMilliseconds)
}

/** 2026年11月22日(日) · Sun, 22 Nov 2026 */
export function longDay(at: Date, locale: Locale): string {
  return format(locale, "long")
    .format(at)
    .replace(/(?<=日)([日月火水木金土])曜日$/, "($1)")
}

/** 11月22日(日) · Sun, 22 Nov */
export function shortDay(at: Date, locale: Locale): string {
  return format(locale, "short").format(at)
}

/** 21:14 in JST. */
export function timeOfDay(at: Date): string {
  return format("ja", "time").format(at)
}

/** 12分30秒, 1時間46分 · 12 min 30 s, 1 h 46 min */
export function duration(seconds: number, locale: Locale): string {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), Math.floor(seconds % 60)]
  if (locale === "ja")
    return h > 0 ? `${h}時間${m > 0 ? `${m}分` : ""}` : `${m > 0 ? `${m}分` : ""}${s > 0 || m === 0 ? `${s}秒` : ""}`
  return h > 0
    ? `${h} h${m > 0 ? ` ${m} min` : ""}`
    : `${m > 0 ? `${m} min` : ""}${s > 0 || m === 0 ? `${m > 0 ? " " : ""}${s} s` : ""}`
}

/** 12:30, 1:02:03: how long a video is. */
export function clockLength(seconds: number): string {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), Math.floor(seconds % 60)]
  const two = (n: number) => String(n).padStart(2, "0")
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

function zoned(at: Date): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone)
}

const formats = new Map<string, Intl.DateTimeFormat>()

function format(locale: Locale, kind: "long" | "short" | "time"): Intl.DateTimeFormat {
  const key = locale + kind
  let found = formats.get(key)
  if (!found) {
    const options: Intl.DateTimeFormatOptions =
      kind === "time"
        ? { hour: "numeric", minute: "2-digit", hourCycle: "h23" }
        : kind === "long"
          ? { year: "numeric", month: locale === "ja" ? "long" : "short", day: "numeric", weekday: "short" }
          : { month: locale === "ja" ? "long" : "short", day: "numeric", weekday: "short" }
    found = new Intl.DateTimeFormat(locale === "ja" ? "ja-JP" : "en-GB", { timeZone, ...options })
    formats.set(key, found)
  }
  return found
}
