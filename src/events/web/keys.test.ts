import { expect, test } from "vitest"
import { testDatabase } from "../../../test/support/database.ts"
import { as, type Body, eventsOf, trackingSite } from "../../../test/support/tracking.ts"
import { system } from "../../platform/actors.ts"
import { transact } from "../../platform/db.ts"
import { idOf, newId } from "../../platform/ids.ts"
import { keys } from "../index.ts"

const db = await testDatabase()
const { server, browser, memberId, post, is } = await trackingSite(db)

test("the key may come as user name, as bearer or in the body, and an unknown one is 401", async () => {
  const message = { anonymousId: "keys", event: "見た" }
  expect((await post("/v1/t", message, as(server))).status).toBe(200)
  expect((await post("/v1/track", message, { Authorization: `Bearer ${server}` })).status).toBe(200)
  expect((await post("/v1/track", { ...message, writeKey: browser })).status).toBe(200)
  for (const headers of [{}, as("msk_nobody"), as(`msk_${"x".repeat(43)}`), { Authorization: "Basic %%%" }]) {
    const refused = await post("/v1/track", message, headers as Record<string, string>)
    expect([refused.status, refused.body.type]).toEqual([401, "urn:musubi:unknown-key"])
  }
})

test("a revoked key is refused", async () => {
  const made = await transact(db, (tx) => keys.create(tx, { kind: "server", name: "short" }, system("test")))
  expect((await post("/v1/track", { userId: "r", event: "a" }, as(made.key))).status).toBe(200)
  await transact(db, (tx) => keys.revoke(tx, made.id, system("test")))
  keys.forget(db)
  expect((await post("/v1/track", { userId: "r", event: "a" }, as(made.key))).status).toBe(401)
})

test("of a server key only the hash is kept", async () => {
  const rows = await db.selectFrom("eventKey").selectAll().execute()
  expect(JSON.stringify(rows)).not.toContain(server.slice(4))
  expect(rows.find((row) => row.kind === "browser" && row.publicKey === browser)).toBeDefined()
})

test("a browser key speaks only for its own visitor and sets nothing protected", async () => {
  const refused: [string, Body][] = [
    ["/v1/track", { userId: "someone", anonymousId: "b", event: "見た" }],
    ["/v1/identify", { anonymousId: "b", userId: memberId, traits: {} }],
    ["/v1/alias", { previousId: "b", userId: "someone" }],
    ["/v1/identify", { anonymousId: "b", traits: { plan: "gold" } }],
    ["/v1/identify", { anonymousId: "b", traits: { Rank: 3 } }],
    ["/v1/identify", { anonymousId: "b", traits: { "consent.advertising": true } }],
    ["/v1/identify", { anonymousId: "b", traits: { emailVerified: true } }],
    ["/v1/track", { anonymousId: "b", event: "見た", context: { traits: { plan: "gold" } } }],
    ["/v1/track", { anonymousId: "b", event: "video.watched", properties: { videoId: newId(), ranges: [[0, 600]] } }],
    ["/v1/track", { anonymousId: "b", event: "rank.rose" }],
    ["/v1/track", { anonymousId: "b", event: "見た", context: { history: true } }],
  ]
  for (const [path, body] of refused) {
    const answer = await post(path, { ...body, writeKey: browser })
    expect([answer.status, path, body.event ?? body.traits]).toEqual([403, path, body.event ?? body.traits])
    expect(answer.body.detail).toMatch(/。$/)
  }
  expect(await eventsOf(db, idOf("anonymous", "b"))).toEqual([])
  expect(
    (await post("/v1/identify", { anonymousId: "b", traits: { firstName: "花子" }, writeKey: browser })).status,
  ).toBe(200)
})

test("a browser key speaks for the member signed in on the same site, and on no other", async () => {
  is({ kind: "member", contactId: memberId })
  const body = { anonymousId: "device", userId: memberId, event: "見た", writeKey: browser }
  expect((await post("/v1/track", body, { "Sec-Fetch-Site": "same-origin" })).status).toBe(200)
  expect((await post("/v1/track", body, { "Sec-Fetch-Site": "cross-site" })).status).toBe(403)
  expect((await post("/v1/track", { ...body, userId: newId() }, { "Sec-Fetch-Site": "same-origin" })).status).toBe(403)
  is({ kind: "visitor" })
  expect((await eventsOf(db, memberId)).map((event) => event.originId)).toEqual([memberId])
})

test("server keys tell what Musubi records itself only in history mode", async () => {
  const watched = {
    userId: "h",
    event: "video.watched",
    timestamp: "2014-02-03T04:05:06Z",
    properties: { videoId: newId(), ranges: [[0, 30]] },
  }
  expect((await post("/v1/track", { ...watched, timestamp: undefined }, as(server))).status).toBe(403)
  expect((await post("/v1/track", watched, { ...as(server), "X-Musubi-History": "1" })).status).toBe(200)
  expect((await post("/v1/track?history=1", { ...watched, userId: "h2" }, as(server))).status).toBe(200)
  expect((await post("/v1/track", { ...watched, userId: "h3", context: { history: true } }, as(server))).status).toBe(
    200,
  )
  for (const event of ["account.reset_requested", "member.withdrew", "rank.rose", "contact.identified"])
    expect([(await post("/v1/track?history=1", { userId: "h", event }, as(server))).status, event]).toEqual([
      403,
      event,
    ])
  const [event] = await eventsOf(db, idOf("user", "h"))
  expect([event!.happenedAt.toISOString(), event!.history]).toEqual(["2014-02-03T04:05:06.000Z", true])
  const impossible = [[[5, 5]], [[-1, 4]], [[0.5, 3]], [["0", 3]], [], "x", [[0, 1e9]]]
  for (const ranges of impossible) {
    const answer = await post(
      "/v1/track?history=1",
      { ...watched, properties: { videoId: newId(), ranges } },
      as(server),
    )
    expect([answer.status, ranges]).toEqual([400, ranges])
  }
})
