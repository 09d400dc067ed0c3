import { getCookie, setCookie } from "hono/cookie"
import type { Ctx } from "../../platform/http.ts"
import { address, type Holder, validSeconds } from "../signatures.ts"

/**
 * A player that has played for five minutes asks for a new signature. It comes back as a cookie of the video's own path
 * as well, because a new address would make the browser load the video anew and interrupt it.
 */
export function keepGrant(
  c: Ctx,
  videoId: string,
  holder: Holder,
  key: Buffer,
  at: Date,
): { url: string; expiresAt: Date } {
  const signed = address(key, "video", videoId, holder, at)
  const query = new URL(signed.url, "http://here.invalid").searchParams
  setCookie(c, nameOf(c), `${query.get("expires")}.${query.get("signature")}`, {
    path: `/media/videos/${videoId}`,
    maxAge: validSeconds,
    httpOnly: true,
    sameSite: "Strict",
    secure: c.var.site.secure,
  })
  return signed
}

/** The signature a request brought as a cookie. */
export function grantOf(c: Ctx): { expires: string; signature: string } | undefined {
  const [expires, signature] = getCookie(c)[nameOf(c)]?.split(".") ?? []
  return expires && signature ? { expires, signature } : undefined
}

function nameOf(c: Ctx): string {
  return `musubi_${c.var.site.instance}_play`
}
