import { isId } from "./ids.ts"
import { Refusal } from "./refusals.ts"
import { type Locale, words } from "./words.ts"

/** A place in a list as one opaque word. */
export function encode(parts: string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString("base64url")
}

/** The parts of a cursor; each is checked by its test. Refuses what is not ours. */
function decode(cursor: string, tests: ((part: string) => boolean)[]): string[] {
  let parts: unknown
  try {
    parts = JSON.parse(Buffer.from(cursor, "base64url").toString())
  } catch {
    throw new BadCursor()
  }
  const fits = (part: unknown, index: number) => typeof part === "string" && tests[index]!(part)
  if (!Array.isArray(parts) || parts.length !== tests.length || !parts.every(fits)) throw new BadCursor()
  return parts
}

/** The place of a row in a list ordered by time, then id; to the millisecond. */
export function atTime(at: Date, id: string): string {
  return encode([at.toISOString(), id])
}

/** Reads such a place; nothing when there is no cursor. */
export function timeOf(cursor: string | null | undefined): { at: Date; id: string } | undefined {
  if (!cursor) return undefined
  const [at, id] = decode(cursor, [(part) => instant.test(part) && !Number.isNaN(Date.parse(part)), isId])
  return { at: new Date(at!), id: id! }
}

/** The place of a person in a list ordered by their reading, then id. */
export function atName(kana: string, id: string): string {
  return encode([kana, id])
}

/** Reads such a place; nothing when there is no cursor. */
export function nameOf(cursor: string | null | undefined): { kana: string; id: string } | undefined {
  if (!cursor) return undefined
  const [kana, id] = decode(cursor, [(part) => !part.includes("\0"), isId])
  return { kana: kana!, id: id! }
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** A cursor that was not ours. */
export class BadCursor extends Refusal {
  readonly kind = "invalid"
  sentence(locale: Locale) {
    return say(locale)("bad")
  }
}

const say = words(
  { bad: "ページの続きを読み取れませんでした。一覧の最初からやり直してください。" },
  { bad: "The position in the list could not be read. Please start again from the beginning." },
)
