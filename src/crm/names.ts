import type { Locale } from "../platform/words.ts"
import { fold } from "./kana.ts"
import { unify } from "./variants.ts"

/** What is compared instead of a typed text: width, case, kana kind, old and new characters, spaces and hyphens make no difference. */
export function nameKey(text: string): string {
  return unify(fold(text).toLowerCase()).replace(/[\s\-‐‑‒–—―−'’.,・()]/gu, "")
}

/** A name as typed, with outer and doubled spaces gone. */
export function tidy(text: string): string {
  return text
    .replace(/\p{Cf}/gu, "")
    .replace(/\p{Cc}/gu, " ")
    .replace(/[\s\u3000]+/gu, " ")
    .trim()
}

/** 佐藤 花子: family name first in every language. Falls back to the member number. */
export function displayName(person: { familyName: string; givenName: string; number: number }): string {
  return [person.familyName, person.givenName].filter(Boolean).join(" ") || memberNumber(person.number)
}

/** 佐藤 花子 様 · 佐藤 花子; without a name 「お客様」, never a bare 様. */
export function politeName(person: { familyName: string; givenName: string }, locale: Locale): string {
  const name = [person.familyName, person.givenName].filter(Boolean).join(" ")
  if (locale === "en") return name || "Dear member"
  return name ? `${name} 様` : "お客様"
}

/** M-000123 */
export function memberNumber(number: number): string {
  return `M-${String(number).padStart(6, "0")}`
}
