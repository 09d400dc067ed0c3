import type { MiddlewareHandler } from "hono"
import { getCookie } from "hono/cookie"
import { now } from "../../platform/clock.ts"
import { type Ctx, type Env, policy } from "../../platform/http.ts"
import type { Locale } from "../../platform/words.ts"
import * as apiTokens from "../api-tokens.ts"
import { may, type Permission } from "../permissions.ts"
import { NoSuchToken, NotPermitted, NotSignedIn } from "../refusals.ts"
import * as sessions from "../sessions.ts"
import * as staffSessions from "../staff-sessions.ts"
import { keepWord, wordOf } from "./cookies.ts"
import { safeNext } from "./next.ts"

/**
 * Finds out who asks and sets `c.var.actor`: by bearer token (under /api only), by staff cookie (under /api and /console
 * only), else by member cookie. Looked up at each request, so that a suspension binds on the next one. A page in `except`
 * asks within its own query instead (`memberWord`, `sessions.live`) and sets the actor itself.
 */
export function whoIs(options: { except?: string[] } = {}): MiddlewareHandler<Env> {
  const except = new Set(options.except)
  return async (c, next) => {
    if (except.has(c.req.path)) return next()
    const forPrograms = under(c, "/api")
    if (forPrograms && c.req.header("authorization")) await byToken(c)
    else if (!((forPrograms || under(c, "/console")) && (await byStaffCookie(c)))) await byMemberCookie(c)
    return next()
  }
}

/** The word of the member's cookie, for a page that asks who is signed in within its own query. */
export function memberWord(c: Ctx): string | undefined {
  return wordOf(c, "session")
}

/** Signed-in members. Visitors who open a page are sent to sign in and come back; programs get 401. */
export const member = policy("member", async (c, next) => {
  if (c.var.actor.kind === "member") return next()
  const page = ["GET", "HEAD"].includes(c.req.method) && (c.req.header("accept") ?? "").includes("text/html")
  if (!page || under(c, "/api")) throw new NotSignedIn()
  const url = new URL(c.req.url)
  return c.redirect(`/sign-in?next=${encodeURIComponent(url.pathname + url.search)}`, 303)
})

/** Who is signed in; only behind `member`. */
export function memberOf(c: Ctx): string {
  if (c.var.actor.kind !== "member") throw new Error("a page of members was reached without one")
  return c.var.actor.contactId
}

/** People not signed in: sign-in, sign-up. A signed-in member is sent on. */
export const visitorOnly = policy("visitorOnly", async (c, next) => {
  if (c.var.actor.kind !== "member") return next()
  return c.redirect(safeNext(c.req.query("next")), 303)
})

/** Anybody of the staff, whatever the role; no tokens. */
export const staffOnly = policy("staffOnly", async (c, next) => {
  if (c.var.actor.kind === "staff") return next()
  throw c.var.actor.kind === "token" ? new NotPermitted() : new NotSignedIn()
})

const cans = new Map<Permission, MiddlewareHandler<Env>>()

/** Staff whose role, and tokens whose scopes, have a permission. */
export function can(permission: Permission): MiddlewareHandler<Env> {
  let guard = cans.get(permission)
  if (!guard) {
    guard = policy(`can ${permission}`, async (c, next) => {
      if (may(c.var.actor, permission)) return next()
      throw ["staff", "token"].includes(c.var.actor.kind) ? new NotPermitted() : new NotSignedIn()
    })
    cans.set(permission, guard)
  }
  return guard
}

async function byToken(c: Ctx): Promise<void> {
  const [, secret] = /^Bearer +(\S+)$/i.exec(c.req.header("authorization")!) ?? []
  const found = secret ? await apiTokens.who(c.var.db, secret) : undefined
  if (!found) throw new NoSuchToken()
  c.set("actor", { kind: "token", ...found })
}

async function byStaffCookie(c: Ctx): Promise<boolean> {
  const word = wordOf(c, "staff")
  const found = await staffSessions.who(c.var.db, word)
  if (!found || !word) return false
  c.set("actor", { kind: "staff", staffId: found.staffId, role: found.role })
  c.set("locale", found.locale)
  if (!sessions.isStale(found.seenAt, now())) return true
  await staffSessions.touch(c.var.db, word)
  keepWord(c, "staff", word, staffSessions.lifeSeconds)
  return true
}

async function byMemberCookie(c: Ctx): Promise<void> {
  const word = wordOf(c, "session")
  const found = await sessions.who(c.var.db, word)
  if (!found || !word) return
  c.set("actor", { kind: "member", contactId: found.contactId })
  speak(c, found.locale)
  if (!sessions.isStale(found.seenAt, now())) return
  await sessions.touch(c.var.db, word)
  keepWord(c, "session", word, sessions.lifeSeconds)
}

/** The account's language, unless another was chosen in this browser. */
function speak(c: Ctx, locale: Locale): void {
  if (!["ja", "en"].includes(getCookie(c, "lang") ?? "")) c.set("locale", locale)
}

function under(c: Ctx, folder: string): boolean {
  return c.req.path === folder || c.req.path.startsWith(`${folder}/`)
}
