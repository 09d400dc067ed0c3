import { Analytics } from "@segment/analytics-node"
import { gzipSync } from "node:zlib"
import { expect, test } from "vitest"
import { testDatabase } from "../../../test/support/database.ts"
import { as, type Body, eventsOf, trackingSite } from "../../../test/support/tracking.ts"
import { system } from "../../platform/actors.ts"
import { transact } from "../../platform/db.ts"
import { idOf, newId } from "../../platform/ids.ts"
import { react, schemas } from "../index.ts"

const db = await testDatabase()
const { app, host, server, browser, post } = await trackingSite(db)

test("an unmodified Segment library of a server is understood", async () => {
  const claims: unknown[] = []
  react({ every: [], named: {}, traits: [async (_, said) => void claims.push(...said)] })
  const faults: unknown[] = []
  const analytics = new Analytics({ writeKey: server, host, flushInterval: 50 })
  analytics.on("error", (error) => faults.push(error))
  analytics.identify({ userId: "kaiin-1", traits: { email: "hanako@example.jp", firstName: "花子" } })
  analytics.track({ userId: "kaiin-1", event: "資料請求", properties: { kind: "料金表", pages: 12 } })
  analytics.page({ userId: "kaiin-1", name: "料金", properties: { path: "/pricing" } })
  analytics.screen({ userId: "kaiin-1", name: "ホーム" })
  analytics.group({ userId: "kaiin-1", groupId: "azumi", traits: { name: "株式会社あずみ製作所" } })
  analytics.track({ anonymousId: "anon-1", event: "資料請求" })
  analytics.alias({ previousId: "anon-1", userId: "kaiin-1" })
  await analytics.closeAndFlush()
  expect(faults).toEqual([])
  const contactId = idOf("user", "kaiin-1")
  const stored = await eventsOf(db, contactId)
  expect(stored.map((event) => event.name).sort()).toEqual(
    ["contact.aliased", "contact.identified", "group.joined", "page.viewed", "screen.viewed", "資料請求"].sort(),
  )
  expect(stored.find((event) => event.name === "contact.identified")?.properties).toEqual({
    fields: ["email", "firstName"],
  })
  expect(JSON.stringify(stored)).not.toMatch(/hanako|花子|あずみ/)
  expect(claims).toMatchObject([
    { contactId, traits: { email: "hanako@example.jp", firstName: "花子" }, protectedAllowed: true, history: false },
  ])
  expect(await db.selectFrom("contact").select("anonymous").where("id", "=", contactId).executeTakeFirst()).toEqual({
    anonymous: false,
  })
  expect(
    await db.selectFrom("alias").select("contactId").where("originId", "=", idOf("anonymous", "anon-1")).execute(),
  ).toEqual([{ contactId }])
  react({ every: [], named: {} })
})

test("a batch keeps its good messages and names each bad one with its reason in the reader's language", async () => {
  const batch = [
    { type: "track", userId: "batch", event: "良い", messageId: "good-1" },
    { type: "track", userId: "batch", messageId: "bad-1" },
    "nonsense",
    { type: "dance", userId: "batch" },
    { type: "track", event: "誰の" },
    { type: "track", userId: "batch", event: "日付", timestamp: "2026-02-30T00:00:00Z" },
    { type: "track", userId: "batch", event: "古い", timestamp: "2001-01-01T00:00:00Z" },
    { type: "track", userId: "batch", event: "型", properties: ["x"] },
    { type: "track", userId: "batch", event: "id", messageId: 7 },
    { type: "track", userId: "batch", event: "大きい", properties: { text: "あ".repeat(40_000) } },
    { type: "identify", userId: "batch", traits: "x" },
    { type: "track", userId: "batch", event: "良い2", messageId: "good-2" },
  ]
  const answer = await post("/v1/batch", { batch }, { ...as(server), "Accept-Language": "en" })
  expect([answer.status, answer.body.success, answer.body.accepted]).toEqual([200, true, 2])
  const rejected = answer.body.rejected as { index: number; messageId: string | null; status: number; reason: string }[]
  expect(rejected.map((one) => one.index)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(rejected[0]).toEqual({
    index: 1,
    messageId: "bad-1",
    status: 400,
    type: "urn:musubi:event",
    reason: "event must be a string of 1 to 200 characters.",
  })
  expect(rejected[5]!.reason).toMatch(/history mode/)
  expect((await eventsOf(db, idOf("user", "batch"))).map((event) => event.name).sort()).toEqual(["良い", "良い2"])
  const japanese = await post("/v1/batch", { batch: batch.slice(0, 2) }, as(server))
  expect((japanese.body.rejected as { reason: string }[])[0]!.reason).toMatch(/行動名/)
  const forbidden = await post("/v1/batch", {
    batch: [{ type: "track", anonymousId: "x", userId: "y", event: "z" }],
    writeKey: browser,
  })
  expect([forbidden.status, (forbidden.body.rejected as unknown[]).length]).toEqual([403, 1])
})

test("what cannot be read is 400 and what is too large 413", async () => {
  for (const body of ["{", "", "[]", '"x"', "null", "\u0000"])
    expect([(await post("/v1/track", body, as(server))).status, body]).toEqual([400, body])
  expect((await post("/v1/batch", {}, as(server))).status).toBe(400)
  const large = JSON.stringify({
    batch: [{ type: "track", userId: "u", event: "e", properties: { text: "x".repeat(500_000) } }],
  })
  expect((await post("/v1/batch", large, as(server))).status).toBe(413)
  expect((await post("/v1/batch", { batch: Array(501).fill({}) }, as(server))).status).toBe(413)
  const send = (body: BodyInit, headers: Record<string, string> = {}) =>
    fetch(`${host}/v1/batch`, {
      method: "POST",
      body,
      headers: { ...as(server), ...headers },
      duplex: "half",
    } as RequestInit)
  const unannounced = new ReadableStream({
    start(controller) {
      for (let sent = 0; sent < 12; sent++) controller.enqueue(new Uint8Array(50_000).fill(32))
      controller.close()
    },
  })
  expect((await send(unannounced)).status).toBe(413)
  expect((await send(gzipSync(Buffer.alloc(5_000_000, 32)), { "Content-Encoding": "gzip" })).status).toBe(413)
  const packed = gzipSync(JSON.stringify({ batch: [{ type: "track", userId: "zip", event: "届いた" }] }))
  expect((await send(packed, { "Content-Encoding": "gzip" })).status).toBe(200)
  expect((await send(Buffer.from("not gzip"), { "Content-Encoding": "gzip" })).status).toBe(400)
})

test("other sites may send with a browser key", async () => {
  const headers = {
    Origin: "https://www.example.jp",
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "content-type",
  }
  const asked = await app.request("/v1/batch", { method: "OPTIONS", headers })
  expect(asked.status).toBe(204)
  expect(asked.headers.get("access-control-allow-origin")).toBe("*")
  expect(asked.headers.get("access-control-allow-headers")).toMatch(/content-type/i)
  const sent = await post(
    "/v1/track",
    { anonymousId: "other", event: "見た", writeKey: browser },
    { Origin: "https://www.example.jp" },
  )
  expect([sent.status, sent.headers.get("access-control-allow-origin")]).toEqual([200, "*"])
})

test("page views of bots are answered and not kept", async () => {
  const bot = { "User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)" }
  expect((await post("/v1/page", { anonymousId: "bot", writeKey: browser }, bot)).status).toBe(200)
  expect(await eventsOf(db, idOf("anonymous", "bot"))).toEqual([])
})

test("mail addresses, phone numbers and secrets in addresses do not reach the timeline", async () => {
  const properties = {
    note: "連絡先は hanako@example.jp か ０９０ー１２３４ー５６７８",
    nested: { list: ["taro.yamada+x@mail.example.co.jp", "03-1234-5678", "order 20261122"] },
    id: "0193c2e5-0123-7456-8901-234567890123",
    broken: "a\u0000b\ud800",
  }
  expect((await post("/v1/track", { userId: "mask", event: "問い合わせ", properties }, as(server))).status).toBe(200)
  const page = {
    path: "/reset?token=secret",
    url: "https://example.jp/reset?token=secret&utm_source=mail#x",
    referrer: "https://example.jp/a?q=1",
  }
  expect((await post("/v1/page", { userId: "mask2", properties: page }, as(server))).status).toBe(200)
  expect((await eventsOf(db, idOf("user", "mask")))[0]!.properties).toEqual({
    note: "連絡先は ***@*** か ***-****",
    nested: { list: ["***@***", "***-****", "order 20261122"] },
    id: "0193c2e5-0123-7456-8901-234567890123",
    broken: "ab\ufffd",
  })
  expect((await eventsOf(db, idOf("user", "mask2")))[0]!.properties).toEqual({
    path: "/reset",
    url: "https://example.jp/reset?utm_source=mail",
    referrer: "https://example.jp/a",
  })
})

test("an event with a schema is checked by it", async () => {
  await transact(db, (tx) =>
    schemas.put(
      tx,
      {
        name: "見積依頼",
        label: { ja: "見積依頼", en: "Asked for an estimate" },
        properties: { amount: { type: "number", required: true }, contact: { type: "string" }, on: { type: "date" } },
        protected: true,
      },
      system("test"),
    ),
  )
  schemas.forget(db)
  const send = (properties: Body, more: Body = { userId: "s" }, headers = as(server)) =>
    post("/v1/track", { ...more, event: "見積依頼", properties }, headers)
  expect((await send({ amount: "1" })).status).toBe(400)
  expect((await send({})).body.detail).toMatch(/amount/)
  expect((await send({ amount: 1, on: "いつか" })).status).toBe(400)
  expect((await send({ amount: 1 }, { anonymousId: "s", writeKey: browser }, {} as never)).status).toBe(403)
  expect((await send({ amount: 1, contact: "a@example.jp", other: "a@example.jp", on: "2026-11-22" })).status).toBe(200)
  expect((await eventsOf(db, idOf("user", "s")))[0]!.properties).toEqual({
    amount: 1,
    contact: "a@example.jp",
    other: "***@***",
    on: "2026-11-22",
  })
})

test("while the database is away the answer is 503 and nothing is lost by sending again", async () => {
  const away = Object.assign(new Error("terminating connection"), { code: "57P01" })
  let down = true
  react({
    every: [
      async () => {
        if (down) throw away
      },
    ],
    named: {},
  })
  const message = { userId: "away", event: "届け", messageId: newId() }
  const refused = await post("/v1/track", message, as(server))
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "5"])
  expect(await eventsOf(db, idOf("user", "away"))).toEqual([])
  down = false
  expect((await post("/v1/track", message, as(server))).status).toBe(200)
  expect((await post("/v1/track", message, as(server))).status).toBe(200)
  expect((await eventsOf(db, idOf("user", "away"))).length).toBe(1)
  react({ every: [], named: {} })
})

test("what anybody may send is limited by address, /64 for IPv6, and answered with when to come back; server keys are not", async () => {
  const from = (address: string) => ({ incoming: { socket: { remoteAddress: address } } })
  const send = (writeKey: string, address: string, count = 1) =>
    app.request(
      "/v1/batch",
      {
        method: "POST",
        headers: { Origin: "https://shop.example" },
        body: JSON.stringify({
          writeKey,
          batch: Array(count).fill({ type: "track", anonymousId: "flood", event: "flood" }),
        }),
      },
      from(address),
    )
  const statuses = async (key: string, addresses: (n: number) => string) => {
    const answers = await Promise.all(Array.from({ length: 500 }, async (_, n) => send(key, addresses(n))))
    return Map.groupBy(answers, (answer) => answer.status)
  }
  const flood = await statuses(browser, (n) => `2001:db8:0:1::${n.toString(16)}`)
  expect(flood.get(200)!.length).toBeGreaterThanOrEqual(300)
  const refused = flood.get(429)!
  expect(refused.length).toBeGreaterThan(50)
  expect(Number(refused[0]!.headers.get("retry-after"))).toBeGreaterThan(0)
  expect(refused[0]!.headers.get("content-type")).toMatch(/problem\+json/)
  expect(refused[0]!.headers.get("access-control-allow-origin")).toBe("*")
  expect((await refused[0]!.json()) as Body).toMatchObject({ type: "urn:musubi:too-many", status: 429 })
  expect((await send(browser, "2001:db8:0:2::1")).status).toBe(200)
  expect((await statuses(server, () => "2001:db8:0:3::1")).get(200)).toHaveLength(500)
  // Guessing at server keys is no way round.
  expect((await statuses(`msk_${"x".repeat(43)}`, () => "192.0.2.7")).get(429)!.length).toBeGreaterThan(50)
  // A large request counts for more.
  const large = await Promise.all(Array.from({ length: 20 }, async () => send(browser, "192.0.2.8", 500)))
  expect(large.filter((answer) => answer.status === 429).length).toBeGreaterThan(0)
})
