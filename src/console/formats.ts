import type { Locale } from "../platform/words.ts"

const timeZone = "Asia/Tokyo"
const made = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat>()

function dates(locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options)
  let found = made.get(key) as Intl.DateTimeFormat | undefined
  if (!found)
    made.set(key, (found = new Intl.DateTimeFormat(locale === "ja" ? "ja-JP" : "en-GB", { timeZone, ...options })))
  return found
}

type When = string | Date

const weekday = (text: string) => text.replace(/([日月火水木金土])曜日$/, "($1)")

/** 11月21日(土), with the year when it is not this year's. */
export function day(at: When, locale: Locale): string {
  const date = new Date(at)
  const ours = dates("en", { year: "numeric" })
  const other = ours.format(date) !== ours.format(new Date())
  const month = locale === "ja" ? "long" : "short"
  return weekday(
    dates(locale, { ...(other ? { year: "numeric" } : {}), month, day: "numeric", weekday: "short" }).format(date),
  )
}

/** 2026年11月21日 */
export function fullDay(at: When, locale: Locale): string {
  return dates(locale, { year: "numeric", month: locale === "ja" ? "long" : "short", day: "numeric" }).format(
    new Date(at),
  )
}

/** 11/21, for axes and narrow columns; a JST day or an instant. */
export function tinyDay(at: When): string {
  const text = typeof at === "string" && at.length === 10 ? at : dayKey(at)
  return `${Number(text.slice(5, 7))}/${Number(text.slice(8, 10))}`
}

/** 21:14 */
export function time(at: When): string {
  return dates("ja", { hour: "numeric", minute: "2-digit", hourCycle: "h23" }).format(new Date(at))
}

/** 2026/11/21 21:14, or 11/21 21:14 this year. */
export function moment(at: When): string {
  const key = dayKey(at)
  const now = dayKey(new Date())
  return `${key.slice(0, 4) === now.slice(0, 4) ? "" : `${key.slice(0, 4)}/`}${tinyDay(key)} ${time(at)}`
}

/** The JST day of an instant, 2026-11-21. */
export function dayKey(at: When): string {
  return dates("en", { year: "numeric", month: "2-digit", day: "2-digit" })
    .format(new Date(at))
    .split("/")
    .reverse()
    .join("-")
}

/** 今日, 昨日, 3日前, then the date. */
export function ago(at: When, locale: Locale): string {
  const days = Math.round((Date.parse(dayKey(new Date())) - Date.parse(dayKey(at))) / 86_400_000)
  if (days < 0 || days > 30)
    return dayKey(at).slice(0, 4) === dayKey(new Date()).slice(0, 4) ? shortDay(at, locale) : fullDay(at, locale)
  return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(-days, "day")
}

function shortDay(at: When, locale: Locale): string {
  return dates(locale, { month: locale === "ja" ? "long" : "short", day: "numeric" }).format(new Date(at))
}

export function number(value: number, digits = 0): string {
  return value.toLocaleString("ja-JP", { maximumFractionDigits: digits })
}

export function percent(share: number): string {
  return `${Math.floor(share * 100)}%`
}

/** 12分30秒, 1時間46分 · 12 min 30 s, 1 h 46 min */
export function duration(seconds: number, locale: Locale): string {
  const parts = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), Math.floor(seconds % 60)] as const
  const units = locale === "ja" ? ["時間", "分", "秒"] : [" h", " min", " s"]
  const shown = parts[0] > 0 ? [0, 1] : [1, 2]
  const said = shown.filter((i) => parts[i]! > 0).map((i) => `${parts[i]}${units[i]}`)
  return said.length > 0 ? said.join(locale === "ja" ? "" : " ") : `0${units[2]}`
}

/** 12:30, 1:02:03 */
export function length(seconds: number): string {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), Math.floor(seconds % 60)]
  const two = (n: number) => String(n).padStart(2, "0")
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

/** 12.3 MB */
export function bytes(count: number): string {
  const step = Math.min(3, Math.floor(Math.log10(Math.max(1, count)) / 3))
  return `${(count / 1000 ** step).toLocaleString("ja-JP", { maximumFractionDigits: step > 0 ? 1 : 0 })} ${["B", "kB", "MB", "GB"][step]}`
}

/** 姓 名, or whatever is known of somebody. */
export function fullName(
  person: { familyName?: string | null; givenName?: string | null; email?: string | null },
  nameless: string,
): string {
  return [person.familyName, person.givenName].filter(Boolean).join(" ") || person.email || nameless
}

/** A text kept in two languages, e.g. a rank's name. */
export function either(name: string | Record<string, string> | null | undefined, locale: Locale): string {
  if (!name) return ""
  return typeof name === "string" ? name : (name[locale] ?? name.ja ?? Object.values(name)[0] ?? "")
}

/** An instant as a field of date and time holds it, in JST whatever the device's zone. */
export function toField(at: string | null | undefined): string {
  return at ? `${dayKey(at)}T${time(at).padStart(5, "0")}` : ""
}

/** What a field of date and time holds, as an instant. */
export function fromField(typed: string): string | null {
  return typed ? new Date(`${typed}:00+09:00`).toISOString() : null
}
