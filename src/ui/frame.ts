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

/** Finds the site's face and, when somebody is signed in, theirs; each asked at most once per request. */
export type FrameSource = {
  site(c: Ctx): Promise<SiteFace>
  member(c: Ctx): Promise<MemberFace | undefined>
}

type Known = { source?: FrameSource; site?: SiteFace; member?: MemberFace | null }

const known = new WeakMap<Ctx, Known>()
let lastSite: SiteFace = { name: "Musubi" }

/** Lets `page()` find the frame by itself; the composition root mounts it once for all routes. */
export function framed(source: FrameSource): MiddlewareHandler<Env> {
  return async (c, next) => {
    known.set(c, { ...known.get(c), source })
    await next()
  }
}

/** Says what a handler has already read, which spares a query; `member: null` for a visitor. */
export function setFrame(c: Ctx, face: { site?: SiteFace; member?: MemberFace | null }): void {
  known.set(c, { ...known.get(c), ...face })
}

/** The frame of this request. When it cannot be read (database away) the page still has the site's last known face. */
export async function frameOf(c: Ctx): Promise<Frame> {
  const { source, ...said } = known.get(c) ?? {}
  const url = new URL(c.req.url)
  const frame = { locale: c.get("locale") ?? "ja", path: url.pathname + url.search }
  try {
    const site = said.site ?? (await source?.site(c)) ?? lastSite
    const member = said.member === undefined ? await source?.member(c) : (said.member ?? undefined)
    lastSite = site
    known.set(c, { source, site, member: member ?? null })
    return { ...frame, site, member }
  } catch {
    return { ...frame, site: said.site ?? lastSite, member: said.member ?? undefined }
  }
}

export const FrameContext = createContext<Frame>({ locale: "ja", path: "/", site: lastSite })

/** The frame, inside a component. */
export function useFrame(): Frame {
  return use(FrameContext)
}
