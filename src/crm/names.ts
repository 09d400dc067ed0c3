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

/** M-000123 */
export function memberNumber(number: number): string {
  return `M-${String(number).padStart(6, "0")}`
}
