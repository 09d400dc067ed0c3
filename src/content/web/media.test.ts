import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { OpenAPIHono } from "@hono/zod-openapi"
import { afterAll, beforeAll, expect, test } from "vitest"
import { aMember, aRank, aSegment, aSession, hasRank, type Person } from "../../../test/support/content.ts"
import { testDatabase } from "../../../test/support/database.ts"
import { whoIs } from "../../identity/index.ts"
import * as clock from "../../platform/clock.ts"
import { sql, transact } from "../../platform/db.ts"
import { safeHeaders, sameOrigin } from "../../platform/guards.ts"
import { answerErrors, type Env, foundation } from "../../platform/http.ts"
import { folderStorage } from "../../platform/storage.ts"
import { courses, files, videos } from "../index.ts"
import { bytes, site } from "./site.tsx"

const db = await testDatabase()
const folder = await mkdtemp(join(tmpdir(), "musubi-media-"))
afterAll(() => rm(folder, { recursive: true }))
const storage = folderStorage(folder)
const key = Buffer.from("k".repeat(32))
const staff = { kind: "system", name: "test" } as const
const clip = await readFile("test/support/clip.mp4")

const app = new OpenAPIHono<Env>()
app.use(
  foundation(db, { publicUrl: "http://localhost", secure: false, instance: "abc", trustProxy: false, testClock: true }),
  safeHeaders(),
)
answerErrors(app, (c, problem) => c.html(`<p>${problem.detail}</p>`, problem.status as 403))
app.route("/", bytes(storage, key))
app.use(whoIs(), sameOrigin())
app.route("/", site(key))

let silver: string
let fileId: string
let captionsId: string
beforeAll(async () => {
  await aRank(db, 0, "ブロンズ", "Bronze")
  silver = await aRank(db, 2, "シルバー", "Silver")
  const stored = await files.store(storage, "test/support/clip.mp4", {
    kind: "video",
    name: "clip.mp4",
    uploadId: "a".repeat(32),
  })
  fileId = await transact(db, (tx) => files.keep(tx, stored, staff))
  const vtt = join(folder, "ja.vtt")
  await (await import("node:fs/promises")).writeFile(vtt, "WEBVTT\n\n00:00.000 --> 00:02.000\nこんにちは\n")
  const captions = await files.store(storage, vtt, { kind: "captions", name: "ja.vtt", uploadId: "b".repeat(32) })
  captionsId = await transact(db, (tx) => files.keep(tx, captions, staff))
})

async function published(slug: string, rules: Parameters<typeof videos.create>[1]["rules"] = [{}]): Promise<string> {
  return transact(db, async (tx) => {
    const id = await videos.create(tx, { slug, title: slug, fileId, captionsFileId: captionsId, rules }, staff)
    await videos.publish(tx, id, staff)
    return id
  })
}

type Init = { method?: string; body?: string; headers?: Record<string, string> }

function ask(path: string, who?: Pick<Person, "word">, init: Init = {}) {
  const headers = { accept: "text/html", ...(who ? { cookie: `musubi_abc_session=${who.word}` } : {}), ...init.headers }
  return app.request(path, { ...init, headers })
}

/** The signed address of the page's player, as the browser reads it. */
async function addressOn(slug: string, who?: Person): Promise<string> {
  const html = await (await ask(`/videos/${slug}`, who)).text()
  return html.match(/<video[^>]* src="([^"#]+)/)![1]!.replaceAll("&amp;", "&")
}

test("a member plays by range: 206, 416, suffixes, HEAD and If-Range behave as the standard says", async () => {
  await published("ranges")
  const who = await aMember(db)
  const url = await addressOn("ranges", who)
  const whole = await ask(url, who)
  expect(whole.status).toBe(200)
  expect(whole.headers.get("accept-ranges")).toBe("bytes")
  expect(whole.headers.get("cache-control")).toBe("private, no-store")
  expect(Buffer.from(await whole.arrayBuffer()).equals(clip)).toBe(true)
  const range = async (value: string, more: Record<string, string> = {}) => {
    const answer = await ask(url, who, { headers: { range: value, ...more } })
    return {
      status: answer.status,
      range: answer.headers.get("content-range"),
      body: Buffer.from(await answer.arrayBuffer()),
      etag: answer.headers.get("etag")!,
    }
  }
  const size = clip.length
  expect(await range("bytes=0-99")).toMatchObject({
    status: 206,
    range: `bytes 0-99/${size}`,
    body: clip.subarray(0, 100),
  })
  expect(await range("bytes=-50")).toMatchObject({
    status: 206,
    range: `bytes ${size - 50}-${size - 1}/${size}`,
    body: clip.subarray(-50),
  })
  expect(await range("bytes=100-")).toMatchObject({ status: 206, body: clip.subarray(100) })
  expect(await range(`bytes=10-${size * 9}`)).toMatchObject({ status: 206, range: `bytes 10-${size - 1}/${size}` })
  expect(await range(`bytes=${size}-`)).toMatchObject({ status: 416, range: `bytes */${size}` })
  expect(await range("bytes=-0")).toMatchObject({ status: 416 })
  for (const odd of ["bytes=5-2", "bytes=0-1,5-9", "lines=1-2", "bytes=a-b"])
    expect(await range(odd)).toMatchObject({ status: 200, body: clip })
  const { etag } = await range("bytes=0-0")
  expect(await range("bytes=0-0", { "if-range": etag })).toMatchObject({ status: 206 })
  expect(await range("bytes=0-0", { "if-range": '"old"' })).toMatchObject({ status: 200 })
  const head = await ask(url, who, { method: "HEAD" })
  expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([200, String(size), ""])
})

test("no guessed, shared, altered or expired address gives a byte", async () => {
  const [id, other] = [await published("guarded"), await published("guarded-too")]
  const [who, stranger] = [await aMember(db), await aMember(db)]
  const url = await addressOn("guarded", who)
  const at = (change: (url: URL) => void) => {
    const made = new URL(url, "http://x")
    change(made)
    return made.pathname + made.search
  }
  const status = async (path: string, person?: Pick<Person, "word">) =>
    (await ask(path, person, { headers: { range: "bytes=0-9" } })).status
  expect(await status(url, who)).toBe(206)
  expect(await status(`/media/videos/${id}`, who)).toBe(403)
  expect(await status(url)).toBe(403)
  expect(await status(url, stranger)).toBe(403)
  expect(await status(url, await aSession(db, who.contactId))).toBe(403)
  expect(await status(url.replace(id, other), who)).toBe(403)
  expect(await status(url.replace(id, "00000000-0000-4000-8000-000000000000"), who)).toBe(403)
  expect(
    await status(
      at((u) => u.searchParams.set("expires", String(Number(u.searchParams.get("expires")) + 60))),
      who,
    ),
  ).toBe(403)
  expect(
    await status(
      at((u) => u.searchParams.set("signature", "x".repeat(43))),
      who,
    ),
  ).toBe(403)
  expect(
    await status(
      at((u) => u.searchParams.delete("signature")),
      who,
    ),
  ).toBe(403)
  expect(
    await status(
      at((u) => (u.pathname = u.pathname.replace("/media/videos", "/media/videos/x/.."))),
      who,
    ),
  ).toBe(206)
  expect(
    await status(
      at((u) => (u.pathname += "/captions")),
      who,
    ),
  ).toBe(403)
  clock.shift(301_000)
  expect(await status(url, who)).toBe(403)
})

test("a renewed signature comes as an address and as a cookie of the video's own path, for this session only", async () => {
  const id = await published("renewed")
  const [who, stranger] = [await aMember(db), await aMember(db)]
  const url = await addressOn("renewed", who)
  clock.shift(299_000)
  const renewed = await ask("/videos/renewed/play", who, { method: "POST" })
  expect(renewed.status).toBe(200)
  const { url: fresh } = (await renewed.json()) as { url: string }
  const cookie = renewed.headers.get("set-cookie")!
  expect(cookie).toContain(`Path=/media/videos/${id}`)
  expect(cookie).toContain("HttpOnly")
  clock.shift(400_000)
  const [word] = cookie.split(";")
  const withGrant = (person: Person) => ({ headers: { cookie: `musubi_abc_session=${person.word}; ${word}` } })
  expect((await ask(fresh, who)).status).toBe(200)
  expect((await ask(url, who)).status).toBe(403)
  expect((await app.request(url, withGrant(who))).status).toBe(200)
  expect((await app.request(url, withGrant(stranger))).status).toBe(403)
  clock.shift(700_000)
  expect((await app.request(url, withGrant(who))).status).toBe(403)
})

test("suspension, withdrawal, sign-out, a fall of rank and archiving stop the very next range", async () => {
  const id = await published("silver-bytes", [{ minimumRankId: silver }])
  const open = async () => {
    const who = await aMember(db, { rankId: silver })
    const url = await addressOn("silver-bytes", who)
    const next = async () => (await ask(url, who, { headers: { range: "bytes=0-9" } })).status
    expect(await next()).toBe(206)
    return { who, next }
  }
  const suspended = await open()
  await sql`update account set suspended_at = ${clock.now()} where contact_id = ${suspended.who.contactId}`.execute(db)
  expect(await suspended.next()).toBe(403)
  const withdrawn = await open()
  await sql`update membership set withdrawn_at = ${clock.now()} where contact_id = ${withdrawn.who.contactId}`.execute(
    db,
  )
  expect(await withdrawn.next()).toBe(403)
  const away = await open()
  await sql`delete from session where contact_id = ${away.who.contactId}`.execute(db)
  expect(await away.next()).toBe(403)
  const fallen = await open()
  const bronze = await aRank(db, 1, "一般", "Plain")
  await hasRank(db, fallen.who.contactId, bronze, clock.now())
  expect(await fallen.next()).toBe(403)
  const last = await open()
  await transact(db, (tx) => videos.archive(tx, id, staff))
  expect(await last.next()).toBe(403)
})

test("changed rules, plans and segments bind on the next range too", async () => {
  const who = await aMember(db, { plan: "standard" })
  const segment = await aSegment(db, "対象者", [who.contactId])
  const id = await published("ruled", [{ plans: ["standard"] }])
  const url = await addressOn("ruled", who)
  const next = async () => (await ask(url, who)).status
  expect(await next()).toBe(200)
  await transact(db, (tx) => videos.change(tx, id, { rules: [{ plans: ["premium"] }] }, staff))
  expect(await next()).toBe(403)
  await transact(db, (tx) => videos.change(tx, id, { rules: [{ segmentId: segment }] }, staff))
  expect(await next()).toBe(200)
  await sql`delete from holding where contact_id = ${who.contactId}`.execute(db)
  expect(await next()).toBe(403)
  await transact(db, (tx) => videos.change(tx, id, { rules: [] }, staff))
  expect(await next()).toBe(403)
})

test("what is open to everyone plays for visitors, and a visitor's address opens nothing else", async () => {
  const [free, closed] = [await published("free", [{ everyone: true }]), await published("members-only")]
  const url = await addressOn("free")
  expect((await ask(url)).status).toBe(200)
  expect((await ask(url.replace(free, closed))).status).toBe(403)
  expect((await ask(url, { word: "x".repeat(65) })).status).toBe(200)
  expect((await ask("/videos/members-only/play", undefined, { method: "POST" })).status).toBe(403)
  await transact(db, (tx) => videos.change(tx, free, { rules: [{}] }, staff))
  expect((await ask(url)).status).toBe(403)
})

test("captions are signed like the video; a poster is public only while the video is offered", async () => {
  const id = await published("captioned")
  const [who, stranger] = [await aMember(db), await aMember(db)]
  const html = await (await ask("/videos/captioned", who)).text()
  const url = html.match(/<track[^>]* src="([^"]+)"/)![1]!.replaceAll("&amp;", "&")
  const captions = await ask(url, who)
  expect([captions.status, captions.headers.get("content-type")]).toEqual([200, "text/vtt; charset=utf-8"])
  expect(await captions.text()).toContain("こんにちは")
  expect((await ask(url, stranger)).status).toBe(403)
  expect((await ask(`/media/videos/${id}/captions`, who)).status).toBe(403)
  expect((await ask(`/media/videos/${id}/poster`)).status).toBe(404)
})

test("a closed page answers 403, says what would open it and carries no address of bytes", async () => {
  await published("silver-page", [{ minimumRankId: silver }])
  const who = await aMember(db)
  const answer = await ask("/videos/silver-page", who)
  const html = await answer.text()
  expect(answer.status).toBe(403)
  expect(html).toContain("シルバー会員になるとご覧いただけます。")
  expect(html).not.toContain("signature=")
  await sql`update account set locale = 'en' where contact_id = ${who.contactId}`.execute(db)
  const english = await (await ask("/videos/silver-page", who)).text()
  expect(english).toContain("It opens when you become a Silver member.")
  await hasRank(db, who.contactId, silver, clock.now())
  expect((await ask("/videos/silver-page", who)).status).toBe(200)
  const visitor = await ask("/videos/silver-page")
  expect([visitor.status, (await visitor.text()).includes("/sign-in?next=/videos/silver-page")]).toEqual([403, true])
})

test("beside a video not yet complete, what comes next does not claim that it is", async () => {
  const who = await aMember(db)
  const courseId = await transact(db, (tx) => courses.create(tx, { slug: "route", title: "道順" }, staff))
  for (const [coursePosition, slug] of ["route-1", "route-2"].entries())
    await transact(db, async (tx) =>
      videos.change(tx, await published(slug), { courseId, coursePosition: coursePosition + 1 }, staff),
    )
  const shown = async () => (await ask("/videos/route-1", who)).text()
  expect(await shown()).toContain("講座「道順」の次の一本です")
  expect(await shown()).not.toContain("を完了したため")
  await sql`insert into watch (contact_id, video_id, ranges, seconds, position, first_at, last_at, completed_at)
    select ${who.contactId}, id, '{[0,12)}', 12, 0, ${clock.now()}, ${clock.now()}, ${clock.now()} from video
    where slug = 'route-1'`.execute(db)
  expect(await shown()).toContain("を完了したため")
})

test("drafts, future and archived videos are nowhere, and unknown addresses say so", async () => {
  const who = await aMember(db)
  await transact(db, (tx) => videos.create(tx, { slug: "draft", title: "下書き", fileId, rules: [{}] }, staff))
  const future = await published("future")
  await transact(db, (tx) =>
    videos.change(tx, future, { publishedAt: new Date(clock.now().getTime() + 86_400_000) }, staff),
  )
  for (const slug of ["draft", "future", "nowhere"]) {
    expect((await ask(`/videos/${slug}`, who)).status).toBe(404)
    expect((await ask(`/videos/${slug}/play`, who, { method: "POST" })).status).not.toBe(200)
  }
  const list = await (await ask("/courses", who)).text()
  expect(list).not.toContain("下書き")
  expect(list).not.toContain("/videos/future")
})

test("published 40 days before joining is closed, 10 days before is open, by the default window", async () => {
  const joinedAt = clock.now()
  const who = await aMember(db, { joinedAt })
  const daysAgo = (days: number) => new Date(joinedAt.getTime() - days * 86_400_000)
  for (const days of [40, 10]) {
    const id = await published(`days-${days}`, [{ window: { kind: "rolling", months: 1 } }])
    await transact(db, (tx) => videos.change(tx, id, { publishedAt: daysAgo(days) }, staff))
  }
  expect((await ask("/videos/days-40", who)).status).toBe(403)
  expect((await ask("/videos/days-10", who)).status).toBe(200)
})

test("what was watched shows on every device, and resuming is exact", async () => {
  await published("resumed")
  const who = await aMember(db)
  const html = await (await ask("/videos/resumed", who)).text()
  const play = html.match(/data-play="([^"]+)"/)![1]!
  const send = (body: object | string, person: Pick<Person, "word"> | undefined = who) =>
    ask("/videos/resumed/watch", person, {
      method: "POST",
      body: typeof body === "string" ? body : JSON.stringify(body),
      headers: { accept: "*/*" },
    })
  clock.shift(7_000)
  const answer = await send({ id: "0198c0de-0000-7000-8000-000000000001", play, ranges: [[0, 7]], position: 7 })
  expect(await answer.json()).toEqual({ gained: 7, seconds: 7, completedAt: null })
  const phone = await aSession(db, who.contactId)
  const there = await (await ask("/videos/resumed", phone)).text()
  expect(there).toContain("#t=7")
  expect(there).toContain('data-ranges="[[0,7]]"')
  expect((await send("{", who)).status).toBe(422)
  expect((await send({ ranges: "x" })).status).toBe(422)
  expect(
    (await send({ play, ranges: [[0, 5]], position: 1, id: "0198c0de-0000-7000-8000-000000000002" }, await aMember(db)))
      .status,
  ).toBe(403)
  expect((await app.request("/videos/resumed/watch", { method: "POST", body: "{}" })).status).toBe(401)
  expect((await send(`{"ranges": [${"[0,1],".repeat(30_000)}[0,1]]}`)).status).toBe(413)
  const foreign = await ask("/videos/resumed/watch", who, {
    method: "POST",
    body: "{}",
    headers: { "sec-fetch-site": "cross-site" },
  })
  expect(foreign.status).toBe(403)
})

test("a report without a word for its player counts little, and what closed while playing still counts", async () => {
  const id = await published("half-open")
  const who = await aMember(db)
  const html = await (await ask("/videos/half-open", who)).text()
  const play = html.match(/data-play="([^"]+)"/)![1]!
  clock.shift(10_000)
  await transact(db, (tx) => videos.change(tx, id, { rules: [] }, staff))
  const send = (body: object) => ask("/videos/half-open/watch", who, { method: "POST", body: JSON.stringify(body) })
  expect((await send({ ranges: [[0, 5]] })).status).toBe(403)
  expect(await (await send({ play, ranges: [[0, 8]] })).json()).toMatchObject({ gained: 8 })
  await transact(db, (tx) => videos.archive(tx, id, staff))
  expect(await (await send({ play, ranges: [[8, 12]] })).json()).toMatchObject({ gained: 4 })
  expect((await send({ ranges: [[0, 5]] })).status).toBe(403)
})
