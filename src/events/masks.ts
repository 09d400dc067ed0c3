/** Thrown inside `clean` when a value is nested deeper than anything sensible. */
export class TooDeep extends Error {}

const deepest = 12
const suspicious = /[@＠\0\ud800-\udfff]|[0-9０-９]{3}/
// Looks behind, so that a long run of letters is read once and not again from each of its letters.
const local = "[\\p{L}\\p{N}.!#$%&'*+/=?^_`{|}~-]"
const mail = new RegExp(`(?<!${local})${local}+[@＠][\\p{L}\\p{N}-]+(?:[.．][\\p{L}\\p{N}-]+)+`, "gu")
const digit = "[0-9０-９]"
const gap = "[-‐‑–−ー－()（） 　]{0,2}"
const phone = new RegExp(
  `(?<![\\w０-９.-])(?:[+＋]${digit}{1,3}${gap}(?:${digit}${gap}){7,12}${digit}|[(（]?[0０]${gap}(?:${digit}${gap}){8,9}${digit})(?![\\w０-９-])`,
  "g",
)

/** A copy of free properties in which mail addresses and phone numbers are masked and what PostgreSQL cannot keep is left out. */
export function clean(
  properties: Record<string, unknown>,
  except?: (name: string) => boolean,
): Record<string, unknown> {
  const kept: Record<string, unknown> = {}
  for (const name of Object.keys(properties)) {
    const value = properties[name]
    if (value === undefined) continue
    kept[mask(name)] = except?.(name) ? walk(value, 1, storable) : walk(value, 1, mask)
  }
  return kept
}

/** The text with mail addresses and phone numbers in it masked. */
export function mask(text: string): string {
  if (!suspicious.test(text)) return text
  return storable(text).replace(mail, "***@***").replace(phone, "***-****")
}

/** The text without NUL and half characters, which PostgreSQL refuses. */
export function storable(text: string): string {
  return text.includes("\0") ? text.replaceAll("\0", "").toWellFormed() : text.toWellFormed()
}

function walk(value: unknown, depth: number, text: (value: string) => string): unknown {
  if (typeof value === "string") return text(value)
  if (typeof value !== "object" || value === null) return value
  if (depth > deepest) throw new TooDeep()
  if (Array.isArray(value)) return value.map((item) => walk(item, depth + 1, text))
  const kept: Record<string, unknown> = {}
  for (const [name, item] of Object.entries(value)) kept[text(name)] = walk(item, depth + 1, text)
  return kept
}

/** An address without what may be secret in it: its query but for campaign words, its fragment, and long words in its path. */
export function withoutSecrets(address: string): string {
  const [before, query] = address.split("#", 1)[0]!.split(/\?(.*)/s) as [string, string?]
  const open = before.replace(/[\w-]{40,}/g, "***")
  const kept = (query ?? "").split("&").filter((part) => /^utm_\w+=/.test(part))
  return kept.length > 0 ? `${open}?${kept.join("&")}` : open
}
