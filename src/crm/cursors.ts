import { BadCursor } from "./refusals.ts"

/** A place in a list as one opaque word. */
export function encode(parts: string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString("base64url")
}

/** The parts of a cursor; each is checked by its test. Refuses what is not ours. */
export function decode(cursor: string, tests: ((part: string) => boolean)[]): string[] {
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
