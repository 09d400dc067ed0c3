import { memberWord, sessions } from "../../identity/index.ts"
import { now } from "../../platform/clock.ts"
import { type App, anyone, type Ctx, routes } from "../../platform/http.ts"
import type { Storage } from "../../platform/storage.ts"
import { Page, page } from "../../ui/index.ts"
import { decide, nobody } from "../access.ts"
import * as catalogue from "../catalogue.ts"
import * as recommendations from "../recommendations.ts"
import { NoSuchVideo } from "../refusals.ts"
import { address, type Holder, play } from "../signatures.ts"
import * as standings from "../standings.ts"
import { CourseList } from "./list-page.tsx"
import { media } from "./media.ts"
import { plays } from "./plays.ts"
import { ClosedVideo, OpenVideo } from "./video-page.tsx"
import { say } from "./words.ts"

/** Courses, videos and what their player says, for members and visitors. The bytes are `media`. */
export function site(key: Buffer): App {
  const pages = routes()
  pages.get("/courses", anyone, list)
  pages.get("/videos", anyone, list)
  pages.get("/videos/:slug", anyone, (c) => show(c, key))
  pages.route("/", plays(key))
  return pages
}

/** The bytes, as a group of routes to be mounted before whoever asks who is there: it asks by itself, in one query. */
export function bytes(storage: Storage, key: Buffer): App {
  return media(storage, key)
}

async function list(c: Ctx): Promise<Response> {
  const at = now()
  const { standing, watched, shelf } = await visit(c, at)
  return page(
    c,
    <Page title={say(c.var.locale)("list.title")}>
      <CourseList shelf={shelf} standing={standing} watched={watched} at={at} locale={c.var.locale} />
    </Page>,
  )
}

async function show(c: Ctx, key: Buffer): Promise<Response> {
  const at = now()
  const { holder, standing, watched, shelf } = await visit(c, at)
  const video = shelf.bySlug.get(c.req.param("slug") ?? "")
  if (!video || video.publishedAt > at) throw new NoSuchVideo()
  const decision = decide(video, standing, at)
  const props = { video, decision, shelf, standing, at, locale: c.var.locale, watched }
  if (!decision.open)
    return page(
      c,
      <Page title={video.title} width="narrow">
        <ClosedVideo {...props} visitor={!holder} />
      </Page>,
      403,
    )
  // What comes after this one: it counts as seen already.
  const afterwards: Map<string, recommendations.Seen> = new Map(watched)
  afterwards.set(video.id, { seconds: video.duration, position: 0, lastAt: at, completedAt: at })
  const next = recommendations.next(shelf, standing, afterwards, at, 3)
  const signed = address(key, "video", video.id, holder, at)
  return page(
    c,
    <Page title={video.title} description={video.description} scripts={["player.js"]}>
      <OpenVideo
        {...props}
        url={signed.url}
        expiresAt={signed.expiresAt}
        captionsUrl={video.captions ? address(key, "captions", video.id, holder, at).url : null}
        play={holder ? play(key, video.id, holder.contactId, at) : null}
        next={next}
      />
    </Page>,
  )
}

/** Who is there and what they have watched; a visitor when there is no living session. */
async function visit(c: Ctx, at: Date) {
  const session = sessions.parse(memberWord(c))
  const home = session && (await standings.ofSession(c.var.db, session, at))
  const shelf = await catalogue.current(c.var.db, home?.catalogueVersion)
  const holder: Holder = home ? session : undefined
  const watched: ReadonlyMap<string, standings.Watched> = home?.watched ?? new Map<string, standings.Watched>()
  return { holder, standing: home?.standing ?? nobody, watched, shelf }
}
