import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto"

/** 32 random bytes as base64url, for links, sessions and keys. Only its hash is ever stored. */
export function newToken(): string {
  return randomBytes(32).toString("base64url")
}

/** SHA-256 of a token, as stored. */
export function hashToken(token: string): Buffer {
  return createHash("sha256").update(token).digest()
}

/** Joins an id and a token into one opaque word for cookies and links, so that the row is found by `(id, hash)`. */
export function packToken(id: string, token: string): string {
  return Buffer.from(id.replaceAll("-", ""), "hex").toString("base64url") + token
}

/** The id and the token of a packed word, or nothing when it is not one. */
export function unpackToken(word: string): { id: string; hash: Buffer } | undefined {
  if (!/^[\w-]{65}$/.test(word)) return undefined
  const hex = Buffer.from(word.slice(0, 22), "base64url").toString("hex")
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  return { id, hash: hashToken(word.slice(22)) }
}

/** HMAC-SHA256 over the parts, base64url; for addresses that are valid for a short time. */
export function sign(key: Buffer, ...parts: string[]): string {
  const mac = createHmac("sha256", key)
  for (const part of parts) mac.update(`${Buffer.byteLength(part)}:`).update(part)
  return mac.digest("base64url")
}

/** Compares two texts in constant time. */
export function same(a: string, b: string): boolean {
  const left = createHash("sha256").update(a).digest()
  const right = createHash("sha256").update(b).digest()
  return timingSafeEqual(left, right)
}
