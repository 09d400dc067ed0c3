import type { MiddlewareHandler } from "hono"
import { createContext, use } from "react"
import type { Ctx, Env } from "../platform/http.ts"
import type { Locale } from "../platform/words.ts"

/** What every page shows around its content. */
export type Frame = {
  locale: Locale
  /** Path and query of the page, to come back to. */
  path: string
  site: SiteFace
  /** The signed-in member; nothing for visitors. */
  member?: MemberFace
}
export type SiteFace = {
  name: string
  /** The operator's accent colour, `#rrggbb`. */
  accent?: string
  /** The public key of the tracker; without one no tracker is loaded. */
  browserKey?: string
  /** Legal pages, shown in the footer where the operator set them: path or full address. */
  legal?: { commerce?: string; privacy?: string; terms?: string }
}
export type MemberFace = { familyName: string; givenName: string; rankName?: string; rankColour?: string }

/** Finds the site's face and, when somebody is signed in, theirs. Asked at most once per request. */
export type FrameSource = (c: Ctx) => Promise<{ site: SiteFace; member?: MemberFace }>

const known = new WeakMap<Ctx, { site: SiteFace; member?: MemberFace }>()
const sources = new WeakMap<Ctx, FrameSource>()
let lastSite: SiteFace = { name: "Musubi" }

/** Lets `page()` find the frame by itself; the composition root mounts it once for all routes. */
export function framed(source: FrameSource): MiddlewareHandler<Env> {
  return async (c, next) => {
    sources.set(c, source)
    await next()
  }
}

/** Says the frame when a handler has already read it, which spares a query. */
export function setFrame(c: Ctx, face: { site: SiteFace; member?: MemberFace }): void {
  known.set(c, face)
}

/** The frame of this request. When it cannot be read (database away) the page still has the site's last known face. */
export async function frameOf(c: Ctx): Promise<Frame> {
  const face = known.get(c) ?? (await faceFrom(c))
  known.set(c, face)
  lastSite = face.site
  const url = new URL(c.req.url)
  return { locale: c.var.locale ?? "ja", path: url.pathname + url.search, ...face }
}

async function faceFrom(c: Ctx): Promise<{ site: SiteFace; member?: MemberFace }> {
  try {
    return (await sources.get(c)?.(c)) ?? { site: lastSite }
  } catch {
    return { site: lastSite }
  }
}

export const FrameContext = createContext<Frame>({ locale: "ja", path: "/", site: lastSite })

/** The frame, inside a component. */
export function useFrame(): Frame {
  return use(FrameContext)
}
