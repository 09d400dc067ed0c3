import { parsePhoneNumberFromString } from "libphonenumber-js"

/** A telephone number as shown (090-1234-5678; foreign ones as +44 20 …) and its E.164 key; nothing when it is none. Numbers without a country are Japanese. */
export function parse(text: string): { shown: string; key: string } | undefined {
  const plain = text
    .normalize("NFKC")
    .replace(/[ー‐‑‒–—―−]/g, "-")
    .replace(/[\s.]/g, "")
  if (!/^\+?[\d()-]{6,30}$/.test(plain)) return undefined
  const number = parsePhoneNumberFromString(plain, "JP")
  if (!number?.isValid()) return undefined
  const shown = number.country === "JP" ? number.formatNational() : number.formatInternational()
  return /^[0+]/.test(shown) ? { shown, key: number.number } : undefined
}
