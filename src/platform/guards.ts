import type { MiddlewareHandler } from "hono"
import { bodyLimit } from "hono/body-limit"
import { type Ctx, type Env, ForeignRequest, TooLarge } from "./http.ts"

const reading = ["GET", "HEAD", "OPTIONS"]

/**
 * Refuses a changing request that a foreign page made the browser send (Fetch Metadata, else Origin). Left out are requests
 * to the API with a bearer token, which are answered without looking at cookies, and paths that begin with one of `except`.
 */
export function sameOrigin({ except = [] }: { except?: string[] } = {}): MiddlewareHandler<Env> {
  return async (c, next) => {
    const { method, path } = c.req
    if (reading.includes(method) || except.some((start) => path.startsWith(start))) return next()
    if (path.startsWith("/api/") && c.req.header("authorization")) return next()
    if (!fromOwnPage(c)) throw new ForeignRequest()
    return next()
  }
}

function fromOwnPage(c: Ctx): boolean {
  const fetchSite = c.req.header("sec-fetch-site")
  if (fetchSite) return ["same-origin", "none"].includes(fetchSite)
  const origin = c.req.header("origin")
  return !origin || origin === c.var.site.publicUrl || origin.replace(/^https?:\/\//, "") === c.req.header("host")
}

/** What a form or a document of the API may weigh. */
const mostBytes = 1_000_000

/** Refuses bodies beyond 1 MB before they are read, or while they are when their length is not told. Paths that begin with one of `except` see to it themselves. */
export function limitedBodies({ except = [] }: { except?: string[] } = {}): MiddlewareHandler<Env> {
  const whileRead = bodyLimit({
    maxSize: mostBytes,
    onError: () => {
      throw new TooLarge()
    },
  })
  return (c, next) => {
    if (reading.includes(c.req.method) || except.some((start) => c.req.path.startsWith(start))) return next()
    const length = c.req.header("content-length")
    if (length === undefined || c.req.header("transfer-encoding")) return whileRead(c, next)
    if (Number(length) > mostBytes) throw new TooLarge()
    return next()
  }
}

/** Headers every answer carries; a handler may say otherwise. Set before the answer is made, which spares copying it. Pages load nothing from other hosts. */
export function safeHeaders(): MiddlewareHandler<Env> {
  return (c, next) => {
    c.header("Cache-Control", "private, no-store")
    c.header("X-Content-Type-Options", "nosniff")
    c.header("Referrer-Policy", "same-origin")
    c.header("X-Frame-Options", "DENY")
    c.header("Content-Security-Policy", contentSecurityPolicy)
    if (c.get("site").secure) c.header("Strict-Transport-Security", "max-age=31536000")
    return next()
  }
}

const contentSecurityPolicy =
  "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
