import { Readable } from "node:stream"
import { memberWord, sessions } from "../../identity/index.ts"
import { now } from "../../platform/clock.ts"
import { anyone, type App, type Ctx, policy, routes } from "../../platform/http.ts"
import type { Storage } from "../../platform/storage.ts"
import { decide, nobody } from "../access.ts"
import * as catalogue from "../catalogue.ts"
import { Closed, NoSuchFile } from "../refusals.ts"
import { type Holder, type Part, valid } from "../signatures.ts"
import * as standings from "../standings.ts"
import { grantOf } from "./grants.ts"

/** The bytes of videos, captions and posters. Answers by itself who may have them; needs no other guard before it. */
export function media(storage: Storage, key: Buffer): App {
  const site = routes()
  site.on(["GET", "HEAD"], "/media/videos/:id", holderOf("video", key), (c) => send(c, storage, granted.get(c)!.file))
  site.on(["GET", "HEAD"], "/media/videos/:id/captions", holderOf("captions", key), (c) => {
    const { captions } = granted.get(c)!
    if (!captions) throw new NoSuchFile()
    return send(c, storage, captions)
  })
  site.on(["GET", "HEAD"], "/media/videos/:id/poster", anyone, async (c) => {
    const video = (await catalogue.current(c.var.db)).byId.get(c.req.param("id"))
    const at = now()
    const shown = video && video.publishedAt <= at && (!video.unpublishedAt || video.unpublishedAt > at)
    if (!shown || !video.poster) throw new NoSuchFile()
    return send(c, storage, video.poster, "public, max-age=3600")
  })
  return site
}

/** The address of a video's poster picture, or nothing when it is drawn. */
export function posterOf(video: catalogue.CatalogueVideo): string | null {
  return video.poster && `/media/videos/${video.id}/poster?v=${video.poster.id.slice(-8)}`
}

const granted = new WeakMap<Ctx, catalogue.CatalogueVideo>()

/**
 * Whoever holds an address that we made for this very session (or for a visitor without one), while the session lives
 * and the video is open to its person: asked anew for each range, in one statement, so that a denial binds on the next one.
 */
function holderOf(part: Part, key: Buffer) {
  return policy("holder of a signed address", async (c, next) => {
    const at = now()
    const id = c.req.param("id") ?? ""
    const session = sessions.parse(memberWord(c))
    const given = [{ expires: c.req.query("expires"), signature: c.req.query("signature") }, grantOf(c)]
    const signedFor = (holder: Holder) => given.some((one) => one && valid(key, part, id, holder, one, at))
    const holder = session && signedFor(session) ? session : signedFor(undefined) ? undefined : null
    if (holder === null) throw new Closed()
    const known = holder
      ? await standings.ofLiving(c.var.db, holder, at)
      : { standing: nobody, catalogueVersion: undefined }
    if (!known) throw new Closed()
    const video = (await catalogue.current(c.var.db, known.catalogueVersion)).byId.get(id)
    if (!video || !decide(video, known.standing, at).open) throw new Closed()
    granted.set(c, video)
    return next()
  })
}

/** A file, whole or the range that was asked for (RFC 9110 §14). */
export async function send(
  c: Ctx,
  storage: Storage,
  file: catalogue.KeptFile,
  cache = "private, no-store",
): Promise<Response> {
  const found = await storage.head(file.storageKey)
  if (!found) throw new NoSuchFile()
  const { bytes } = found
  const etag = `"${file.id}"`
  const headers = new Headers({
    "Content-Type": file.contentType === "text/vtt" ? "text/vtt; charset=utf-8" : file.contentType,
    "Cache-Control": cache,
    "Accept-Ranges": "bytes",
    ETag: etag,
    "Last-Modified": file.uploadedAt.toUTCString(),
    "Content-Disposition": "inline",
    "Content-Security-Policy": "default-src 'none'; sandbox",
  })
  const range = rangeOf(c, bytes, etag, file.uploadedAt)
  if (range === "unsatisfiable") {
    headers.set("Content-Range", `bytes */${bytes}`)
    return new Response(null, { status: 416, headers })
  }
  if (!range && c.req.header("if-none-match") === etag) return new Response(null, { status: 304, headers })
  const { from, to } = range ?? { from: 0, to: bytes - 1 }
  headers.set("Content-Length", String(to - from + 1))
  if (range) headers.set("Content-Range", `bytes ${from}-${to}/${bytes}`)
  const body =
    c.req.method === "HEAD" ? null : (Readable.toWeb(storage.read(file.storageKey, { from, to })) as ReadableStream)
  return new Response(body, { status: range ? 206 : 200, headers })
}

function rangeOf(
  c: Ctx,
  bytes: number,
  etag: string,
  changedAt: Date,
): { from: number; to: number } | "unsatisfiable" | undefined {
  const condition = c.req.header("if-range")
  if (condition && condition !== etag && condition !== changedAt.toUTCString()) return undefined
  // One range only; whoever asks for several, or for something unreadable, gets the whole, as the standard allows.
  const found = /^bytes=(\d*)-(\d*)$/.exec(c.req.header("range")?.trim() ?? "")
  if (!found || (found[1] === "" && found[2] === "")) return undefined
  const [first, last] = [found[1]!, found[2]!]
  if (first === "") {
    const length = Number(last)
    return length === 0 ? "unsatisfiable" : { from: Math.max(0, bytes - length), to: bytes - 1 }
  }
  const [from, to] = [Number(first), last === "" ? bytes - 1 : Math.min(Number(last), bytes - 1)]
  if (last !== "" && Number(last) < from) return undefined
  return from >= bytes ? "unsatisfiable" : { from, to }
}
