import { same, sign } from "../platform/tokens.ts"

/** For whom an address of bytes was made: a session, or a visitor without one. */
export type Holder = { contactId: string; hash: Buffer } | undefined
export type Part = "video" | "captions"

/** Signed addresses are valid this long; the player asks for a new one before. */
export const validSeconds = 300

/** The address of a video's bytes or captions for one session, valid for five minutes. */
export function address(
  key: Buffer,
  part: Part,
  videoId: string,
  holder: Holder,
  at: Date,
): { url: string; expiresAt: Date } {
  const expires = Math.floor(at.getTime() / 1000) + validSeconds
  const path = part === "video" ? `/media/videos/${videoId}` : `/media/videos/${videoId}/captions`
  return {
    url: `${path}?expires=${expires}&signature=${mac(key, part, videoId, holder, expires)}`,
    expiresAt: new Date(expires * 1000),
  }
}

/** Whether an address was made by us for exactly this part, video and session, and has not run out. */
export function valid(
  key: Buffer,
  part: Part,
  videoId: string,
  holder: Holder,
  given: { expires: string | undefined; signature: string | undefined },
  at: Date,
): boolean {
  if (!given.signature || !/^\d{1,11}$/.test(given.expires ?? "")) return false
  const expires = Number(given.expires)
  const now = at.getTime() / 1000
  return (
    expires > now &&
    expires <= now + validSeconds + 1 &&
    same(given.signature, mac(key, part, videoId, holder, expires))
  )
}

function mac(key: Buffer, part: Part, videoId: string, holder: Holder, expires: number): string {
  return sign(
    key,
    "media",
    part,
    videoId,
    holder?.contactId ?? "",
    holder?.hash.toString("base64url") ?? "",
    String(expires),
  )
}

/** A word that says since when, by our clock, a contact has had a video open: reports are measured against it. */
export function play(key: Buffer, videoId: string, contactId: string, startedAt: Date): string {
  const started = String(startedAt.getTime())
  return `${started}.${sign(key, "play", videoId, contactId, started)}`
}

/** Since when, or nothing when the word is not ours for this contact and video, or older than a week. */
export function playStartedAt(
  key: Buffer,
  word: string,
  videoId: string,
  contactId: string,
  at: Date,
): Date | undefined {
  const [started, signature] = word.split(".")
  if (!started || !signature || !/^\d{1,15}$/.test(started)) return undefined
  if (!same(signature, sign(key, "play", videoId, contactId, started))) return undefined
  const age = at.getTime() - Number(started)
  return age >= 0 && age <= 7 * 86_400_000 ? new Date(Number(started)) : undefined
}
