import { isbot } from "isbot"
import type { Ctx } from "../../platform/http.ts"
import * as keys from "../keys.ts"
import type { Sender } from "../senders.ts"
import { limits } from "./limits.ts"

/**
 * Who sends, by the write key: user name of Basic authentication, bearer token, or `writeKey` in the body. What anybody may
 * send is counted, by address and by key, and refused beyond the limits; server keys are not.
 */
export async function senderOf(c: Ctx, body: Record<string, unknown>, messages = 1): Promise<Sender> {
  const word = fromHeader(c.req.header("authorization")) ?? body.writeKey
  const secret = typeof word === "string" && word.startsWith("msk_")
  if (!secret) limits.network(c, messages)
  const key = typeof word === "string" ? await keys.find(c.var.db, word) : undefined
  if (!key) {
    if (secret) limits.network(c, messages)
    throw new keys.UnknownKey()
  }
  if (key.kind === "browser") limits.key(key.id, messages)
  if (key.kind === "server") return { kind: "server", keyId: key.id, history: wantsHistory(c) }
  const { actor } = c.var
  const contactId = actor.kind === "member" && fromOwnPage(c) ? actor.contactId : null
  const bot = !contactId && isbot(c.req.header("user-agent") ?? "")
  return { kind: "browser", keyId: key.id, contactId, bot }
}

function fromHeader(authorization: string | undefined): string | undefined {
  const [, scheme, word] = /^(basic|bearer) +(\S+)$/i.exec(authorization ?? "") ?? []
  if (!word) return undefined
  if (scheme!.toLowerCase() === "bearer") return word
  return Buffer.from(word, "base64").toString("utf8").split(":", 1)[0]
}

function wantsHistory(c: Ctx): boolean {
  return c.req.header("x-musubi-history") === "1" || (c.req.url.includes("?") && c.req.query("history") === "1")
}

/** A page of another site may send with a browser key, but never as the member who happens to be signed in here. */
function fromOwnPage(c: Ctx): boolean {
  const fetchSite = c.req.header("sec-fetch-site")
  if (fetchSite) return fetchSite === "same-origin"
  const origin = c.req.header("origin")
  return !origin || origin === c.var.site.publicUrl || origin.replace(/^https?:\/\//, "") === c.req.header("host")
}
