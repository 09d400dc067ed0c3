import { createHash, randomFillSync } from "node:crypto"
import { now } from "./clock.ts"

let lastMs = 0
let counter = 0

// Fetched for many ids at once: asking the system each time costs a tenth of what accepting an event does.
const entropy = Buffer.alloc(4_096)
let used = entropy.length

/** Where the next `count` random bytes lie in `entropy`. */
function fresh(count: number): number {
  if (used + count > entropy.length) {
    randomFillSync(entropy)
    used = 0
  }
  used += count
  return used - count
}

/** A UUID version 7 (RFC 9562 §5.7): sorts by the time it was made, also within one millisecond of this process. */
export function newId(at: Date = now()): string {
  const ms = at.getTime()
  counter = ms === lastMs ? counter + 1 : entropy.readUInt16BE(fresh(2)) & 0x7ff
  lastMs = ms
  const bytes = Buffer.alloc(16)
  bytes.writeUIntBE(ms, 0, 6)
  bytes.writeUInt16BE(0x7000 | (counter & 0xfff), 6)
  const from = fresh(8)
  entropy.copy(bytes, 8, from, from + 8)
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return format(bytes)
}

/** A UUID version 5 (RFC 9562 §5.5) of a name within one of our kinds, e.g. `("anonymous", id)`: the same name always gives the same id. */
export function idOf(kind: string, name: string): string {
  const bytes = createHash("sha1")
    .update("8f0b4c1e-musubi:")
    .update(kind)
    .update("\0")
    .update(name)
    .digest()
    .subarray(0, 16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x50
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return format(bytes)
}

/** Whether a text is a UUID in the usual form. */
export function isId(text: unknown): text is string {
  return typeof text === "string" && /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text)
}

function format(bytes: Buffer): string {
  const hex = bytes.toString("hex")
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
