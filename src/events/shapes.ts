/** A JSON object as it was sent. */
export type Said = Record<string, unknown>

/** Whether it is a JSON object. */
export function isObject(value: unknown): value is Said {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

/** Whether a text can be a name or an id: something in it, at most 200 characters, storable. */
export function isWord(text: string): boolean {
  return text.length > 0 && text.length <= 200 && text.trim() !== "" && !text.includes("\0")
}

/** Whether something was said at all. */
export function isText(value: unknown): value is string {
  return typeof value === "string" && value !== ""
}
