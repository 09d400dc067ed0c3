import fc from "fast-check"
import { expect, test } from "vitest"
import { newId } from "../../src/platform/ids.ts"
import { transact } from "../../src/platform/db.ts"
import { sessions } from "../../src/identity/index.ts"
import * as settings from "../../src/platform/settings.ts"
import { condition } from "../support/conditions.ts"
import { canary, type Document, nasty, type Request, requests } from "./rubbish.ts"
import { answers, broken, installation, members, rules, until } from "./support.ts"

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31))
const each = 24

const here = await installation()
const { rankIds, scenarioId } = await rules(here.db)
const [hanako, taro] = await members(here.db, 6, rankIds[0]!)
const serve = here.start("serve")
const work = here.start("work")
await here.ready()
const { id: instance } = await settings.instance(here.db)
const word = await transact(here.db, (tx) => sessions.open(tx, hanako!.contactId, "test"))
const cookie = { Cookie: `musubi_${instance}_session=${word}` }
const bearer = { Authorization: `Bearer ${here.token}` }
const json = { "Content-Type": "application/json" }
const basic = (key: string) => ({ Authorization: `Basic ${btoa(`${key}:`)}`, ...json })

type Answer = { status: number; type: string; text: string; headers: Headers }
async function ask(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string | Buffer,
): Promise<Answer> {
  const answer = await fetch(`${here.url}${path}`, {
    method,
    headers,
    redirect: "manual",
    signal: AbortSignal.timeout(20_000),
    ...(body === undefined || method === "GET" ? {} : { body: body as string }),
  })
  return {
    status: answer.status,
    type: answer.headers.get("content-type") ?? "",
    text: await answer.text(),
    headers: answer.headers,
  }
}
/** What is wrong with an answer to a program, if anything. */
function fault({ status, type, text }: Answer): string | undefined {
  if (status >= 500) return `status ${status}`
  if (status < 400) return undefined
  if (!type.startsWith("application/problem+json")) return `${status} as ${type}`
  const problem = JSON.parse(text)
  return problem.detail && problem.status === status && problem.title ? undefined : `no detail: ${text.slice(0, 200)}`
}
const alive = () => [serve.child.exitCode, serve.child.signalCode, work.child.exitCode, work.child.signalCode]
const short = (request: Request) =>
  `${request.method} ${request.path.slice(0, 200)} ${request.body?.slice(0, 400) ?? ""}`

test("bodies that are no JSON, no text, too deep or too large are refused in the reader's language", async () => {
  const deep = (n: number) =>
    `{"name":"x","definition":${'{"not":'.repeat(n)}{"fact":"rank.position","is":{"gte":1}}${"}".repeat(n)}}`
  const cases: [string, string, number[]][] = [
    ["/api/contacts", '{"familyName":', [422]],
    ["/api/contacts", "[]", [422]],
    ["/api/contacts", "null", [422]],
    ["/api/contacts", '{"familyName":{"a":1}}', [422]],
    ["/api/contacts", '{"familyName":"a\\u0000b"}', [422, 201]],
    ["/api/contacts", '{"familyName":"\\ud800"}', [422, 201]],
    ["/api/contacts", JSON.stringify({ familyName: "あ".repeat(10_000) }), [422]],
    ["/api/contacts", JSON.stringify({ familyName: "x".repeat(3_000_000) }), [413]],
    ["/api/segments", deep(30), [201, 422]],
    ["/api/segments", deep(20_000), [422]],
    ["/api/conditions/preview", deep(5_000), [422]],
    ["/api/contacts", `${"[".repeat(200_000)}`, [422]],
    ["/api/contacts", `{"familyName":${"[".repeat(20_000)}${"]".repeat(20_000)}}`, [422]],
  ]
  for (const [path, body, statuses] of cases) {
    const answer = await ask("POST", path, { ...bearer, ...json, "Accept-Language": "en" }, body)
    expect([body.slice(0, 60), fault(answer)]).toEqual([body.slice(0, 60), undefined])
    expect(statuses, `${path} ${body.slice(0, 80)} → ${answer.status} ${answer.text.slice(0, 200)}`).toContain(
      answer.status,
    )
    if (answer.status >= 400) expect(JSON.parse(answer.text).detail).toMatch(/^[\x20-\x7e’]+$/)
  }
  // Without a length, piece by piece, as long as it is let.
  let sent = 0
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 65_536
      if (sent > 50_000_000) controller.close()
      else controller.enqueue(new Uint8Array(65_536).fill(97))
    },
  })
  const poured = await fetch(`${here.url}/sign-in`, {
    method: "POST",
    body: endless,
    duplex: "half",
    headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "text/html" },
  } as RequestInit).then(
    (answer) => answer.status,
    () => "cut off",
  )
  expect([413, "cut off"]).toContain(poured)
  expect(sent).toBeLessThan(20_000_000)
  const japanese = await ask("POST", "/api/contacts", { ...bearer, ...json, "Accept-Language": "ja" }, "{")
  expect(JSON.parse(japanese.text).detail).toContain("読み取れませんでした")
  expect(await answers(`${here.url}/readyz`)).toBe(true)
}, 60_000)

test("addresses bent out of shape lead nowhere, and a method is what it says", async () => {
  const guarded = ["/api/contacts", "/api/staff", "/api/deliveries"]
  const bent = (path: string) => [
    `${path}/`,
    `/${path}`,
    path.replace("/api/", "/api//"),
    path.replace("/api/", "/api/./"),
    path.replace("/api/", "/api/%2e/"),
    path.replace("/api/", "/x/%2e%2e/api/"),
    path.replace("/api/", "/API/"),
    `${path};a=b`,
    `${path}%00`,
    `${path}%2f`,
    `${path}.json`,
    `${path}?x=%ff%fe`,
    `${path}%ff`,
  ]
  for (const path of guarded.flatMap(bent)) {
    // A visitor: whatever the address is taken for, nothing behind the guard comes out.
    const answer = await ask("GET", path, { Accept: "application/json" })
    expect([path, [401, 404].includes(answer.status) || answer.status === 301]).toEqual([path, true])
    expect(answer.text).not.toContain(hanako!.address)
  }
  for (const name of ["X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"]) {
    const headers = { [name]: "DELETE" }
    await ask(
      "POST",
      `/api/segments?_method=DELETE`,
      { ...bearer, ...json, ...headers },
      JSON.stringify({ name: "_method" }),
    )
    const kept = await ask("GET", `/api/scenarios/${scenarioId}`, { ...bearer, ...headers })
    expect(kept.status).toBe(200)
  }
  for (const method of ["TRACE", "PROPFIND", "LOCK"]) {
    const { request } = await import("node:http")
    const status = await new Promise<number>((done, failed) => {
      request(`${here.url}/api/contacts`, { method, headers: bearer }, (answer) => {
        answer.resume()
        done(answer.statusCode!)
      })
        .on("error", failed)
        .end()
    })
    expect([method, status < 500 && status >= 400]).toEqual([method, true])
  }
})

test("cursors that are wrong, foreign or made up are refused or harmless, never a fault", async () => {
  const lists = [
    "/contacts",
    "/videos",
    "/deliveries",
    "/staff",
    "/api-tokens",
    `/contacts/${hanako!.contactId}/timeline`,
    `/scenarios/${scenarioId}/runs`,
    `/ranks/${rankIds[0]}/contacts`,
  ]
  const cursors = new Set<string>([
    "",
    "x",
    "null",
    "-1",
    "AAAA",
    btoa("[]"),
    btoa("{}"),
    btoa('["a","b"]'),
    btoa("[null,null]"),
    "0".repeat(5_000),
    ...nasty.filter((text) => text.length < 500),
  ])
  for (const list of lists) {
    const { body } = await here.api("GET", `${list}${list.includes("?") ? "&" : "?"}limit=1`)
    if (body?.nextCursor) cursors.add(body.nextCursor)
  }
  for (const list of lists)
    for (const cursor of cursors) {
      const answer = await ask("GET", `/api${list}?limit=2&cursor=${encodeURIComponent(cursor.toWellFormed())}`, bearer)
      expect([list, cursor.slice(0, 40), fault(answer)]).toEqual([list, cursor.slice(0, 40), undefined])
    }
  for (const limit of ["0", "-1", "1e9", "NaN", "9".repeat(30), "1.5", ""]) {
    const answer = await ask("GET", `/api/contacts?limit=${limit}`, bearer)
    expect([limit, fault(answer)]).toEqual([limit, undefined])
  }
})

test("the doors for events refuse what they must, item by item, and keep the rest", async () => {
  const server = basic(here.serverKey)
  const browser = basic(here.browserKey)
  const post = async (path: string, body: unknown, headers: Record<string, string>) => {
    const answer = await ask("POST", path, headers, typeof body === "string" ? body : JSON.stringify(body))
    expect([path, JSON.stringify(body).slice(0, 120), answer.status >= 500]).toEqual([
      path,
      JSON.stringify(body).slice(0, 120),
      false,
    ])
    return { ...answer, body: JSON.parse(answer.text) }
  }
  const track = { userId: "u-1", event: "bad.input" }
  expect((await post("/v1/track", track, basic("msk_unknown"))).status).toBe(401)
  expect((await post("/v1/track", track, json)).status).toBe(401)
  expect((await post("/v1/track", track, browser)).status).toBe(403)
  expect((await post("/v1/alias", { previousId: "a", userId: "b" }, browser)).status).toBe(403)
  expect((await post("/v1/identify", { anonymousId: "anon-12345", traits: { plan: "premium" } }, browser)).status).toBe(
    403,
  )
  expect(
    (
      await post(
        "/v1/track",
        { anonymousId: "anon-12345", event: "video.watched", properties: { videoId: newId(), ranges: [[0, 60]] } },
        browser,
      )
    ).status,
  ).toBe(403)
  expect((await post("/v1/batch", "x".repeat(1_000_000), server)).status).toBe(413)
  for (const body of [
    "{",
    "[]",
    "null",
    '"x"',
    "1",
    "",
    '{"batch":{}}',
    '{"batch":"x"}',
    '{"batch":[null,1,"x",[],{}]}',
    `{"batch":${"[".repeat(50_000)}${"]".repeat(50_000)}}`,
  ])
    expect((await post("/v1/batch", body, server)).status).toBeLessThan(500)
  const good = (n: number) => ({
    type: "track",
    messageId: `good-${n}`,
    userId: "u-1",
    event: "good.event",
    properties: { n },
  })
  const bad: unknown[] = [
    null,
    [],
    "x",
    { type: "track" },
    { type: "track", userId: "u-1" },
    { type: "track", userId: {}, event: "x" },
    { type: "track", userId: "u-1", event: ["x"] },
    { type: "teleport", userId: "u-1" },
    { type: "track", userId: "u-1", event: "x", timestamp: "2026-02-30T00:00:00Z" },
    { type: "track", userId: "u-1", event: "x", timestamp: "yesterday" },
    { type: "track", userId: "u-1", event: "x", timestamp: "0001-01-01T00:00:00Z" },
    { type: "track", userId: "u-1", event: "x".repeat(10_000) },
    { type: "track", userId: "u-1", event: "rank.rose", properties: {} },
    { type: "track", userId: "u-1", event: "x", messageId: { a: 1 } },
  ]
  const mixed = bad.flatMap((item, n) => [item, good(n)])
  const { status, body } = await post("/v1/batch", { batch: mixed }, server)
  expect(status).toBeLessThan(500)
  const { rows } = await here.db.pool.query("select count(*)::int n from event where name = 'good.event'")
  expect([rows[0].n, body.rejected?.map((one: { index: number }) => one.index % 2)]).toEqual([
    bad.length,
    bad.map(() => 0),
  ])
  expect(body.rejected.every((one: { reason: string }) => one.reason.length > 3)).toBe(true)

  // Odd, but nobody's fault: kept, with sane times, and never a fault of ours.
  const odd: object[] = [
    ...nasty.map((text) => ({
      type: "track",
      userId: "u-2",
      event: "odd.event",
      properties: { text, [text.slice(0, 50)]: text },
    })),
    ...nasty.map((text) => ({ type: "track", userId: text, event: "odd.event" })),
    ...nasty.map((text) => ({ type: "track", userId: "u-2", event: text })),
    ...nasty.map((text) => ({ type: "identify", userId: "u-2", traits: { email: text, name: text, phone: text } })),
    ...nasty.map((text) => ({ type: "track", userId: "u-2", event: "odd.event", timestamp: text, sentAt: text })),
    ...nasty.map((text) => ({ type: "page", anonymousId: text, name: text, context: { page: { url: text } } })),
    { type: "track", userId: "u-2", event: "odd.event", timestamp: "2999-01-01T00:00:00Z" },
    { type: "track", userId: "u-2", event: "odd.event", timestamp: "1970-01-01T00:00:00Z" },
    {
      type: "track",
      userId: "u-2",
      event: "odd.event",
      timestamp: "2999-01-01T00:00:00Z",
      sentAt: "2999-01-01T00:00:01Z",
    },
  ]
  for (const message of odd) {
    const { type, ...rest } = message as { type: string }
    for (const headers of [server, browser]) await post(`/v1/${type}`, rest, headers)
  }
  for (const item of odd) await post("/v1/batch", { batch: [item, good(1)] }, { ...server, "X-Musubi-History": "1" })
  const { rows: late } = await here.db.pool.query(
    "select count(*)::int n from event where happened_at > received_at + interval '1 second'",
  )
  expect(late[0].n).toBe(0)
}, 60_000)

test("ranges nobody can have watched, and files that are no videos, are refused or count for nothing", async () => {
  const bytes = Buffer.from("this is not a video, whatever its name says".repeat(20))
  const upload = async (content: Buffer, name: string) => {
    const made = await ask("POST", "/api/uploads", {
      ...bearer,
      "Tus-Resumable": "1.0.0",
      "Upload-Length": String(content.length),
      "Upload-Metadata": `filename ${Buffer.from(name).toString("base64")},kind ${btoa("video")}`,
    })
    expect(made.status).toBe(201)
    const id = made.headers.get("location")!.split("/").at(-1)!
    const patched = await ask(
      "PATCH",
      `/api/uploads/${id}`,
      { ...bearer, "Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream" },
      content,
    )
    expect(patched.status).toBe(204)
    return here.api("POST", "/files", { uploadId: id, kind: "video" })
  }
  for (const content of [
    bytes,
    Buffer.alloc(64),
    Buffer.concat([Buffer.from("0000001866747970", "hex"), Buffer.from("mp42"), Buffer.alloc(4_000, 255)]),
  ]) {
    const answer = await upload(content, "動画\u0000.mp4")
    expect([answer.status, answer.body.detail?.length > 5]).toEqual([422, true])
  }
  for (const [headers, expected] of [
    [{ "Upload-Length": "-1" }, 400],
    [{ "Upload-Length": "99999999999999" }, 413],
    [{}, 400],
  ] as const) {
    const answer = await ask("POST", "/api/uploads", { ...bearer, "Tus-Resumable": "1.0.0", ...headers } as Record<
      string,
      string
    >)
    expect([JSON.stringify(headers), answer.status]).toEqual([JSON.stringify(headers), expected])
  }
  expect((await here.api("POST", "/videos", { slug: "v-1", title: "動画" })).status).toBe(201)
  const watch = (body: unknown, headers: Record<string, string> = cookie) =>
    ask("POST", "/videos/v-1/watch", { ...headers, ...json }, typeof body === "string" ? body : JSON.stringify(body))
  for (const ranges of [
    [[10, 0]],
    [[-5, 5]],
    [[0, 1e12]],
    [[0]],
    ["0-5"],
    [[null, null]],
    [[0.5, 1.5]],
    [["0", "5"]],
    {},
    "x",
    [[0, 1, 2]],
    Array(5_000).fill([0, 1]),
  ]) {
    const answer = await watch({ ranges })
    expect([JSON.stringify(ranges).slice(0, 40), fault(answer)]).toEqual([
      JSON.stringify(ranges).slice(0, 40),
      undefined,
    ])
  }
  for (const body of ["{", "[]", "null", JSON.stringify({ ranges: [], play: "x".repeat(9_000) }), "x".repeat(300_000)])
    expect([body.slice(0, 20), fault(await watch(body))]).toEqual([body.slice(0, 20), undefined])
  expect((await watch({ ranges: [[0, 5]] }, {})).status).toBe(401)
  expect((await here.db.pool.query("select from watch")).rows).toEqual([])
}, 60_000)

test("whatever is written in a form comes back as text, and no form falls over", async () => {
  const html = { Accept: "text/html", "Content-Type": "application/x-www-form-urlencoded" }
  const forms: [string, string[]][] = [
    ["/sign-in", ["address", "password", "next"]],
    ["/join", ["familyName", "givenName", "familyKana", "givenKana", "address", "password", "terms", "advertising"]],
    ["/password/forgotten", ["address"]],
    ["/password/reset", ["word", "password"]],
    ["/verify", ["word"]],
    ["/language", ["language", "next", "locale"]],
    ["/account/address/confirm", ["word"]],
    ["/l/confirm", ["word", "token"]],
    ["/u/x", ["List-Unsubscribe"]],
    [
      "/account/profile",
      ["familyName", "givenName", "familyKana", "givenKana", "phone", "postalCode", "city", "company"],
    ],
    ["/account/mails", ["advertising"]],
    ["/account/address", ["address", "password"]],
    ["/account/password", ["current", "password"]],
    ["/account/withdrawal/confirm", ["reason"]],
  ]
  const faults: string[] = []
  for (const [path, fields] of forms)
    for (const text of [...nasty, "x".repeat(3_000_000)]) {
      const body = fields.map((field) => `${field}=${encodeURIComponent(text.toWellFormed())}`).join("&")
      const answer = await ask("POST", path, { ...html, ...cookie }, body)
      if (answer.status >= 500 || answer.text.includes(canary))
        faults.push(`${answer.status} ${path} ${text.slice(0, 40)}`)
    }
  for (const path of [
    "/sign-in?next=",
    "/join?next=",
    "/verify?word=",
    "/password/reset?word=",
    "/l/",
    "/u/",
    "/videos/",
    "/videos?q=",
    "/media/videos/",
    "/courses?x=",
    "/history?cursor=",
    "/account/address/confirm?word=",
  ])
    for (const text of nasty.filter((one) => one.length < 5_000)) {
      const answer = await ask("GET", `${path}${encodeURIComponent(text.toWellFormed())}`, {
        Accept: "text/html",
        ...cookie,
      })
      if (
        answer.status >= 500 ||
        answer.text.includes(canary) ||
        /^(\/\/|javascript:|https?:\/\/evil)/.test(answer.headers.get("location") ?? "")
      )
        faults.push(`${answer.status} GET ${path} ${text.slice(0, 40)}`)
    }
  expect(faults).toEqual([])

  // The name of a member, and of what they watch, on every page that shows it, and in a mail.
  const saved = await here.api("PATCH", `/contacts/${hanako!.contactId}`, {
    familyName: canary,
    givenName: canary,
    company: canary,
  })
  expect(saved.status).toBe(200)
  const video = await here.api("POST", "/videos", {
    slug: "v-canary",
    title: canary,
    description: canary,
    tags: [canary],
  })
  expect(video.status).toBe(201)
  let shown = 0
  expect((await ask("GET", "/account", { Accept: "text/html", ...cookie })).status).toBe(200)
  for (const path of ["/", "/account", "/account/profile", "/videos", "/videos/v-canary", "/history", "/rank"]) {
    const page = await ask("GET", path, { Accept: "text/html", ...cookie })
    expect([path, page.text.includes(canary)]).toEqual([path, false])
    if (page.text.includes("&lt;img src=x")) shown++
  }
  expect(shown).toBeGreaterThan(0)
  await here.track({ messageId: newId(), userId: hanako!.contactId, event: "lesson.finished", properties: {} })
  const mail = await until(
    async () => (await here.api("GET", `/deliveries?contactId=${hanako!.contactId}`)).body.data[0],
    20_000,
    "a mail is written",
  )
  const written = await ask("GET", `/api/deliveries/${mail.id}/html`, bearer)
  expect([written.status, written.text.includes(canary), written.text.includes("&lt;img src=x")]).toEqual([
    200,
    false,
    true,
  ])
}, 90_000)

test("no generated request to the API is answered with a fault of ours, and every refusal says what to do", async () => {
  const document = (await (await fetch(`${here.url}/api/openapi.json`)).json()) as Document
  const made = await here.api("POST", "/segments", { name: "s", definition: { fact: "rank.position", is: { gte: 1 } } })
  const video = await here.api("POST", "/videos", { slug: "v-2", title: "動画" })
  const course = await here.api("POST", "/courses", { slug: "c-1", title: "講座" })
  expect([made.status, video.status, course.status]).toEqual([201, 201, 201])
  const known = [
    hanako!.contactId,
    taro!.contactId,
    ...rankIds,
    scenarioId,
    made.body.id,
    video.body.id,
    course.body.id,
  ]
  const operations = requests(
    document,
    known,
    fc.oneof(condition, fc.constantFrom<unknown>({ fact: "x" }, { all: [] }, { not: { not: {} } })),
  )
  const all = operations
    .flatMap((one, index) => fc.sample(one, { numRuns: each, seed: seed + index }))
    .map((request, index) => ({ request, order: (index * 7919) % 10_007 }))
    .sort((a, b) => a.order - b.order)
    .map(({ request }) => request)
  const faults: string[] = []
  const counts = new Map<number, number>()
  const from = performance.now()
  let next = 0
  await Promise.all(
    Array.from({ length: 6 }, async () => {
      while (next < all.length) {
        const request = all[next++]!
        const answer = await ask(request.method, request.path, { ...bearer, ...json }, request.body)
        counts.set(answer.status, (counts.get(answer.status) ?? 0) + 1)
        const found = fault(answer)
        if (found) faults.push(`${found}: ${short(request)}`)
      }
    }),
  )
  const seen = [...counts].sort(([a], [b]) => a - b).map(([status, times]) => `${times}× ${status}`)
  console.log(`${all.length} requests in ${Math.round(performance.now() - from)} ms (seed ${seed}): ${seen.join(", ")}`)
  expect(faults, `seed ${seed}`).toEqual([])
  expect(all.length).toBeGreaterThanOrEqual(2_000)
  expect(alive()).toEqual([null, null, null, null])
}, 120_000)

test("after all of it nothing is broken, both processes live, and the queue is empty", async () => {
  await until(
    async () => (await here.db.pool.query("select from dirty")).rows.length === 0,
    30_000,
    "all is worked off",
  )
  expect(await broken(here.db, new Date(Date.now() + 1_000))).toEqual([])
  expect(alive()).toEqual([null, null, null, null])
  expect(serve.said().match(/"level":(50|60).*/g) ?? []).toEqual([])
  expect(work.said().match(/"level":(50|60).*/g) ?? []).toEqual([])
  expect(await Promise.all([serve.stop(), work.stop()])).toEqual([0, 0])
}, 60_000)
