import { deleteCookie, getCookie, setCookie } from "hono/cookie"
import type { Ctx, Site } from "../../platform/http.ts"

type CookieKind = "session" | "staff"

/** A cookie's name: of this instance, and of this very host when the site is https (RFC 6265bis `__Host-`). */
function cookieName(site: Site, kind: CookieKind): string {
  return `${site.secure ? "__Host-" : ""}musubi_${site.instance}_${kind}`
}

/** The word a request brought. */
export function wordOf(c: Ctx, kind: CookieKind): string | undefined {
  return getCookie(c)[cookieName(c.var.site, kind)]
}

/** Keeps a word in the browser for so long. */
export function keepWord(c: Ctx, kind: CookieKind, word: string, seconds: number): void {
  setCookie(c, cookieName(c.var.site, kind), word, { ...flags(c), maxAge: seconds })
}

/** Takes the word out of the browser. */
export function dropWord(c: Ctx, kind: CookieKind): void {
  deleteCookie(c, cookieName(c.var.site, kind), flags(c))
}

/** The id under which the tracker knows this browser, until somebody signs in. */
export function anonymousId(c: Ctx): string | undefined {
  const id = getCookie(c)[visitorCookie]
  return id && /^[\w-]{8,100}$/.test(id) ? id : undefined
}

/** Who signs out leaves no trace for the next person at this browser: the tracker takes a new id. */
export function forgetVisitor(c: Ctx): void {
  deleteCookie(c, visitorCookie, { path: "/" })
}

const visitorCookie = "musubi_aid"

function flags(c: Ctx) {
  return { path: "/", httpOnly: true, sameSite: "Lax", secure: c.var.site.secure } as const
}
