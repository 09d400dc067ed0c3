import { z } from "zod"
import { member, memberWord, sessions } from "../../identity/index.ts"
import { now } from "../../platform/clock.ts"
import { type App, anyone, type Ctx, Invalid, routes, TooLarge, Unreadable } from "../../platform/http.ts"
import { newId } from "../../platform/ids.ts"
import { decide, nobody, type Standing } from "../access.ts"
import * as catalogue from "../catalogue.ts"
import { Closed, NoSuchVideo } from "../refusals.ts"
import { address, type Holder, play, playStartedAt } from "../signatures.ts"
import * as standings from "../standings.ts"
import * as videos from "../videos.ts"
import * as watching from "../watching.ts"
import { keepGrant } from "./grants.ts"

const Said = z.object({
  /** Makes a report that is sent twice count once. */
  id: z.uuid().optional(),
  /** From the page or from `/play`: since when the player is open. */
  play: z.string().max(200).optional(),
  ranges: z.array(z.unknown()).max(2_000),
  position: z.number().optional(),
  /** How long ago the last of it was played, for reports that could not be sent at once. */
  ageSeconds: z.number().min(0).optional(),
})
const mostBytes = 100_000
/** A report without a word for its player counts as one of a player opened just before the usual pause between reports. */
const unknownPlaySeconds = 15
const latestDays = 7

/** What a player asks and says while it plays. */
export function plays(key: Buffer): App {
  const site = routes()
  site.post("/videos/:slug/play", anyone, async (c) => {
    const at = now()
    const { holder, standing, catalogueVersion } = await whoPlays(c, at)
    const video = (await catalogue.current(c.var.db, catalogueVersion)).bySlug.get(c.req.param("slug"))
    if (!video) throw new NoSuchVideo()
    if (!decide(video, standing, at).open) throw new Closed()
    const { url, expiresAt } = keepGrant(c, video.id, holder, key, at)
    return c.json({
      url,
      captionsUrl: video.captions && address(key, "captions", video.id, holder, at).url,
      expiresAt: expiresAt.toISOString(),
      play: holder ? play(key, video.id, holder.contactId, at) : null,
    })
  })
  site.post("/videos/:slug/watch", member, async (c) => {
    const at = now()
    const { contactId } = c.var.actor as { contactId: string }
    const said = await readReport(c)
    const slug = c.req.param("slug")
    const video = (await catalogue.current(c.var.db)).bySlug.get(slug)
    const videoId = video?.id ?? (await videos.find(c.var.db, slug))?.id
    if (!videoId) throw new NoSuchVideo()
    // A word that is not ours for this member and video, or a week old, says that the report belongs to somebody or something else.
    const startedAt = said.play ? playStartedAt(key, said.play, videoId, contactId, at) : undefined
    if (said.play && !startedAt) throw new Closed()
    // Our own word for a player is given to those alone to whom the video was open: what they played before it closed counts.
    if (!startedAt && !(video && (await isOpen(c, video, contactId, at)))) throw new Closed()
    const age = Math.min(said.ageSeconds ?? 0, latestDays * 86_400) * 1000
    const result = await c.var.tx((tx) =>
      watching.report(tx, {
        contactId,
        videoId,
        id: said.id ?? newId(at),
        ranges: said.ranges as unknown[][],
        position: said.position ?? 0,
        happenedAt: new Date(Math.max(at.getTime() - age, startedAt?.getTime() ?? 0)),
        receivedAt: at,
        startedAt: startedAt ?? new Date(at.getTime() - unknownPlaySeconds * 1000),
      }),
    )
    return c.json({ ...result, completedAt: result.completedAt?.toISOString() ?? null })
  })
  return site
}

async function isOpen(c: Ctx, video: catalogue.CatalogueVideo, contactId: string, at: Date): Promise<boolean> {
  return decide(video, (await standings.of(c.var.db, contactId, at)).standing, at).open
}

/** For whom addresses are made, and where they stand: the living session, or a visitor. */
async function whoPlays(
  c: Ctx,
  at: Date,
): Promise<{ holder: Holder; standing: Standing; catalogueVersion?: number | undefined }> {
  const session = sessions.parse(memberWord(c))
  const known = session && (await standings.ofLiving(c.var.db, session, at))
  return known ? { holder: session, ...known } : { holder: undefined, standing: nobody }
}

async function readReport(c: Ctx): Promise<z.infer<typeof Said>> {
  if (Number(c.req.header("content-length") ?? 0) > mostBytes) throw new TooLarge()
  const text = await c.req.text()
  if (text.length > mostBytes) throw new TooLarge()
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw new Unreadable()
  }
  const parsed = Said.safeParse(body)
  if (!parsed.success) throw Invalid.of(parsed.error)
  return parsed.data
}
