import { readFile } from "node:fs/promises"
import { expect, test } from "vitest"
import { newId } from "../../src/platform/ids.ts"
import { canary, nasty } from "./rubbish.ts"
import { until } from "./support.ts"
import { fault, target } from "./target.ts"

const { here, hanako, ask, unharmed, cookie, bearer, json } = await target()
const basic = (key: string) => ({ Authorization: `Basic ${btoa(`${key}:`)}`, ...json })

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
  const fileId = (await upload(await readFile("test/support/clip.mp4"), "動画.mp4")).body.id
  const video = await here.api("POST", "/videos", { slug: "v-1", title: "動画", fileId, rules: [{}] })
  expect((await here.api("POST", `/videos/${video.body.id}/publication`, {})).status).toBe(200)
  const watch = (body: unknown, headers: Record<string, string> = cookie) =>
    ask("POST", "/videos/v-1/watch", { ...headers, ...json }, typeof body === "string" ? body : JSON.stringify(body))
  const tell = async (ranges: unknown) => {
    const answer = await watch({ ranges })
    const said = JSON.stringify(ranges).slice(0, 40)
    expect([said, fault(answer)]).toEqual([said, undefined])
  }
  const watched = async () => (await here.db.pool.query("select ranges, seconds from watch")).rows
  const nothing = [[[10, 0]], [[0]], ["0-5"], [[null, null]], [["0", "5"]], {}, "x", Array(5_000).fill([0, 1])]
  for (const ranges of nothing) await tell(ranges)
  for (const body of ["{", "[]", "null", JSON.stringify({ ranges: [], play: "x".repeat(9_000) }), "x".repeat(300_000)])
    expect([body.slice(0, 20), fault(await watch(body))]).toEqual([body.slice(0, 20), undefined])
  expect((await watch({ ranges: [[0, 5]] }, {})).status).toBe(401)
  expect(await watched()).toEqual([])
  // Of what reaches beyond the video, or into half a second, that counts which can have been played.
  for (const ranges of [[[-5, 2]], [[3.5, 5.5]], [[7, 8, 9]]]) await tell(ranges)
  expect(await watched()).toEqual([{ ranges: "{[0,2),[3,5),[7,8)}", seconds: 5 }])
  await tell([[0, 1e12]])
  expect(await watched()).toEqual([{ ranges: "{[0,12)}", seconds: 12 }])
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
  const saved = await here.api("PATCH", `/contacts/${hanako.contactId}`, {
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
  await here.track({ messageId: newId(), userId: hanako.contactId, event: "lesson.finished", properties: {} })
  const mail = await until(
    async () => (await here.api("GET", `/deliveries?contactId=${hanako.contactId}`)).body.data[0],
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

test("after all of it nothing is broken, both processes live, and the queue is empty", unharmed, 60_000)
