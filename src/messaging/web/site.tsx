import { isbot } from "isbot"
import type { MiddlewareHandler } from "hono"
import { now } from "../../platform/clock.ts"
import { anyone, type Env, routes } from "../../platform/http.ts"
import { unpackToken } from "../../platform/tokens.ts"
import { page } from "../../ui/index.ts"
import * as links from "../links.ts"
import { UnknownLink } from "../refusals.ts"
import * as unsubscribing from "../unsubscribing.ts"
import { RefusedPage, RefusePage } from "./pages.tsx"

/** Where the links of mails lead. None of them signs anybody in. */
export const site = routes()

site.get("/l/:word", anyone, async (c) => {
  const word = c.req.param("word")
  const url =
    c.req.method === "HEAD" ? await links.peek(c.var.db, word) : await c.var.tx((tx) => links.follow(tx, word))
  if (!url) throw new UnknownLink()
  c.header("X-Robots-Tag", "noindex")
  return c.redirect(url, 302)
})

/** The landing page's tracker calls this with the word it found in `?m=`: somebody really looks at it. */
site.post("/l/confirm", anyone, async (c) => {
  const body = await c.req.parseBody().catch(() => ({}) as Record<string, unknown>)
  const word = typeof body.m === "string" ? body.m : ""
  if (!isbot(c.req.header("user-agent"))) await c.var.tx((tx) => links.confirm(tx, word))
  return c.body(null, 204)
})

site.get("/u/:word", anyone, async (c) => {
  const word = c.req.param("word")
  if (!(await unsubscribing.peek(c.var.db, word))) throw new UnknownLink()
  c.header("X-Robots-Tag", "noindex")
  return page(c, <RefusePage word={word} />)
})

/** RFC 8058: mail programs post here without cookies; the page's own button does too. As often as you like. */
site.post("/u/:word", anyone, async (c) => {
  await c.var.tx((tx) => unsubscribing.unsubscribe(tx, c.req.param("word"), now()))
  return page(c, <RefusedPage />)
})

/** Takes a click as human when the page it leads to is asked for by that very member, signed in. Mount it behind `whoIs`. */
export function confirmOwnClicks(): MiddlewareHandler<Env> {
  return async (c, next) => {
    await next()
    const word = c.req.query("m")
    if (!word || c.req.method !== "GET" || c.var.actor.kind !== "member") return
    if (unpackToken(word)?.id === c.var.actor.contactId) await c.var.tx((tx) => links.confirm(tx, word))
  }
}
