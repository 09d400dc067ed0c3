import { beforeEach, expect, test } from "vitest"
import { emptyTables, testDatabase } from "../../../test/support/database.ts"
import { operator, person } from "../../../test/support/mailing.ts"
import { react } from "../../events/index.ts"
import type { Actor } from "../../platform/actors.ts"
import * as clock from "../../platform/clock.ts"
import { sql, transact } from "../../platform/db.ts"
import { safeHeaders, sameOrigin } from "../../platform/guards.ts"
import { answerErrors, foundation, routes } from "../../platform/http.ts"
import { newId } from "../../platform/ids.ts"
import { problemPage } from "../../ui/index.ts"
import { house, suppressions, deliveries } from "../index.ts"
import { api } from "./api.ts"
import { confirmOwnClicks, site } from "./site.tsx"

const db = await testDatabase()
house.set({ publicUrl: "https://manabi.example", mailFrom: "no-reply@manabi.example", outbox: false })
react({ every: [], named: { "consent.refused": [suppressions.stopRefused] } })

let actor: Actor
const app = routes()
app.use(
  foundation(db, {
    publicUrl: "https://manabi.example",
    secure: true,
    instance: "t",
    trustProxy: false,
    testClock: false,
  }),
  safeHeaders(),
)
answerErrors(app, problemPage)
app.use(async (c, next) => {
  c.set("actor", actor)
  await next()
})
app.use(confirmOwnClicks(), sameOrigin())
app.route("/", site)
app.route("/api", api)
app.get("/videos/oyo", (c) => c.text("応用"))

const marketer: Actor = { kind: "staff", staffId: newId(), role: "marketer" }
const owner: Actor = { kind: "staff", staffId: newId(), role: "owner" }

beforeEach(async () => {
  await emptyTables(db)
  await operator(db)
  actor = { kind: "visitor" }
})

async function mailed(more: Partial<deliveries.Draft> = {}, to?: { contactId: string }) {
  const { contactId } = to ?? (await person(db))
  const { id } = await transact(db, (tx) =>
    deliveries.queue(tx, {
      contactId,
      runId: newId(),
      step: "mail",
      class: "advertising",
      subject: "応用のご案内",
      blocks: [{ kind: "button", label: "見る", url: "/videos/oyo?from=mail" }],
      scenarioId: newId(),
      at: clock.now(),
      ...more,
    }),
  )
  const body = await db.selectFrom("deliveryBody").selectAll().where("deliveryId", "=", id).executeTakeFirst()
  const link = body?.html.match(/manabi\.example(\/l\/[\w-]{65})/)?.[1] ?? ""
  const refusal = body?.html.match(/manabi\.example(\/u\/[\w-]{65})/)?.[1] ?? ""
  return { id, contactId, link, refusal, word: link.slice(3) }
}
const eventsOf = async (contactId: string) =>
  (await db.selectFrom("event").select("name").where("contactId", "=", contactId).execute()).map(({ name }) => name)
const form = (body: Record<string, string>, headers = {}) => ({
  method: "POST",
  body: new URLSearchParams(body),
  headers,
})
const browser = {
  "user-agent":
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1",
}

test("a link leads to the stored page, and scanners that open everything twice change nothing but a counter", async () => {
  const { link, refusal, contactId, word } = await mailed()
  for (let n = 0; n < 2; n++) {
    for (const method of ["HEAD", "GET"]) {
      const answer = await app.request(link, { method })
      expect(answer.status).toBe(302)
      expect(answer.headers.get("location")).toBe(`https://manabi.example/videos/oyo?from=mail&m=${word}`)
      expect(answer.headers.get("set-cookie")).toBeNull()
      expect((await app.request(refusal, { method })).status).toBe(200)
    }
  }
  expect(await db.selectFrom("mailLink").select(["clicks", "confirmedAt"]).execute()).toEqual([
    { clicks: 2, confirmedAt: null },
  ])
  expect(await eventsOf(contactId)).toEqual([])
  expect(await db.selectFrom("consent").select("granted").execute()).toEqual([{ granted: true }])
})

test("a click counts once the landing page says that somebody looks at it, and only once", async () => {
  const { contactId, word } = await mailed()
  await app.request(
    "/l/confirm",
    form({ m: word }, { "user-agent": "Googlebot/2.1 (+http://www.google.com/bot.html)" }),
  )
  expect(await eventsOf(contactId)).toEqual([])
  for (let n = 0; n < 3; n++) expect((await app.request("/l/confirm", form({ m: word }, browser))).status).toBe(204)
  expect(await eventsOf(contactId)).toEqual(["mail.clicked"])
})

test("a click counts when its own member opens the page signed in, and nobody else's visit does", async () => {
  const { contactId, word } = await mailed()
  actor = { kind: "member", contactId: newId() }
  await app.request(`/videos/oyo?m=${word}`)
  expect(await eventsOf(contactId)).toEqual([])
  actor = { kind: "member", contactId }
  await app.request(`/videos/oyo?m=${word}`)
  expect(await eventsOf(contactId)).toEqual(["mail.clicked"])
})

test("a link goes nowhere but to its stored address", async () => {
  const { link } = await mailed()
  for (const bad of ["//evil.example", "https://evil.example", "javascript:alert(1)", "\\evil"]) {
    const answer = await app.request(`${link}?url=${encodeURIComponent(bad)}&m=${bad}`)
    expect(new URL(answer.headers.get("location")!).host).toBe("manabi.example")
    expect((await app.request(`/l/${encodeURIComponent(bad)}`)).status).toBe(404)
  }
  const other = link.replace(/.$/, (last) => (last === "A" ? "B" : "A"))
  expect((await app.request(other)).status).toBe(404)
})

test("a link to another site gets no word of ours along", async () => {
  const { link } = await mailed({ blocks: [{ kind: "button", label: "外へ", url: "https://other.example/a?b=c" }] })
  expect((await app.request(link)).headers.get("location")).toBe("https://other.example/a?b=c")
})

test("one-click unsubscribe works without cookies, twice, and on an old mail", async () => {
  const { refusal, contactId } = await mailed()
  clock.shift(400 * 86_400_000)
  for (let n = 0; n < 2; n++) {
    const answer = await app.request(refusal, form({ "List-Unsubscribe": "One-Click" }))
    expect(answer.status).toBe(200)
    expect(answer.headers.get("set-cookie")).toBeNull()
  }
  const words = await db
    .selectFrom("consent")
    .select(["granted", "place"])
    .where("contactId", "=", contactId)
    .orderBy("since")
    .execute()
  expect(words).toEqual([
    { granted: true, place: "sign-up" },
    { granted: false, place: "unsubscribe" },
  ])
  expect(await db.selectFrom("audit").select("action").execute()).toEqual([{ action: "consent.refuse" }])
  expect(await db.selectFrom("delivery").select(["state", "reason"]).execute()).toEqual([
    { state: "suppressed", reason: "refused" },
  ])
  expect(await eventsOf(contactId)).toEqual(expect.arrayContaining(["consent.refused", "mail.suppressed"]))
})

test("the unsubscribe page asks with a button, in both languages", async () => {
  const { refusal } = await mailed()
  const page = await (await app.request(refusal)).text()
  expect(page).toContain(`action="${refusal}"`)
  expect(page).toContain("配信を停止する")
  expect(await (await app.request(refusal, { headers: { "accept-language": "en" } })).text()).toContain(
    "Stop these mails",
  )
  expect((await app.request(refusal, form({}, { ...browser, "sec-fetch-site": "same-origin" }))).status).toBe(200)
})

test("an unsubscribe word that is not one is refused politely and changes nothing", async () => {
  const { refusal } = await mailed()
  const wrong = refusal.replace(/.$/, (last) => (last === "A" ? "B" : "A"))
  for (const path of [wrong, "/u/x", `/u/${"%00".repeat(5)}`]) {
    expect((await app.request(path, { headers: { accept: "text/html" } })).status).toBe(404)
    expect((await app.request(path, form({ "List-Unsubscribe": "One-Click" }))).status).toBe(404)
  }
})

test("the list pages by cursor, filters, and its counts add up to the audience", async () => {
  actor = marketer
  const refused = await person(db, { consent: false })
  const scenarioId = newId()
  for (let n = 0; n < 7; n++) await mailed({ scenarioId }, n > 4 ? refused : undefined)
  await mailed({ class: "transactional", scenarioId: undefined })
  const seen: string[] = []
  for (let cursor: string | null = ""; cursor !== null; ) {
    const answer = await app.request(`/api/deliveries?limit=3${cursor && `&cursor=${cursor}`}`)
    const { data, nextCursor } = (await answer.json()) as { data: { id: string }[]; nextCursor: string | null }
    seen.push(...data.map(({ id }) => id))
    cursor = nextCursor
  }
  expect(new Set(seen).size).toBe(8)
  const counts = await (await app.request(`/api/deliveries/counts?scenarioId=${scenarioId}`)).json()
  expect(counts).toEqual({ queued: 5, sending: 0, sent: 0, suppressed: 2, failed: 0, uncertain: 0 })
  const suppressed = await (await app.request(`/api/deliveries?state=suppressed&contactId=${refused.contactId}`)).json()
  expect((suppressed as { data: object[] }).data).toHaveLength(2)
  for (const bad of ["cursor=x", "state=lost", "limit=0", "contactId=1"])
    expect((await app.request(`/api/deliveries?${bad}`)).status).toBe(422)
})

test("a preview cannot run, load or open anything", async () => {
  actor = marketer
  const { contactId } = await person(db, { familyName: "<script>alert(1)</script>" })
  const { id } = await mailed({ blocks: [{ kind: "paragraph", text: "{{contact.familyName}} 様" }] }, { contactId })
  const answer = await app.request(`/api/deliveries/${id}/html`)
  expect(answer.headers.get("content-security-policy")).toMatch(/^sandbox; default-src 'none'/)
  expect(await answer.text()).not.toContain("<script")
})

test("staff never sees the word of a reset mail; an owner does while there is no mail server", async () => {
  const word = "w".repeat(65)
  const { id } = await mailed({
    class: "transactional",
    scenarioId: undefined,
    secret: word,
    blocks: [{ kind: "button", label: "再設定", url: `/password/reset?token=${word}` }],
  })
  const looks = async () => {
    const whole = await (await app.request(`/api/deliveries/${id}`)).text()
    return whole + (await (await app.request(`/api/deliveries/${id}/html`)).text())
  }
  for (const who of [marketer, owner]) {
    actor = who
    expect(await looks()).not.toContain(word)
  }
  house.set({ ...house.get(), outbox: true })
  expect(await looks()).toContain(word)
  actor = marketer
  expect(await looks()).not.toContain(word)
  house.set({ ...house.get(), outbox: false })
})

test("only failed and uncertain mails can be sent again, by those who may, and it is recorded", async () => {
  actor = marketer
  const { id, contactId } = await mailed()
  const retry = () => app.request(`/api/deliveries/${id}/retry`, { method: "POST" })
  expect((await retry()).status).toBe(409)
  await sql`update delivery set state = 'uncertain', reason = 'worker-lost', next_try_at = null`.execute(db)
  actor = { kind: "staff", staffId: newId(), role: "support" }
  expect((await retry()).status).toBe(403)
  actor = marketer
  expect(await (await retry()).json()).toMatchObject({ state: "queued", id })
  expect(await db.selectFrom("audit").select("action").execute()).toEqual([{ action: "delivery.retry" }])
  await sql`update delivery set state = 'failed'`.execute(db)
  await sql`update consent set granted = false where contact_id = ${contactId}`.execute(db)
  expect((await retry()).status).toBe(409)
})

test("the sender is checked, kept and recorded; who may not change settings is refused", async () => {
  actor = owner
  const put = (body: object) =>
    app.request("/api/settings/sender", {
      method: "PUT",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    })
  const sender = {
    name: "まなび動画",
    postalAddress: "",
    contact: "kaiin@manabi.example",
    from: "hello@manabi.example",
  }
  expect(await (await put(sender)).json()).toMatchObject({ ...sender, isComplete: false })
  expect(await (await put({ ...sender, postalAddress: "松本市" })).json()).toMatchObject({ isComplete: true })
  for (const bad of [{ from: "x" }, { contact: "javascript:alert(1)" }, { name: "a\nBcc: b@example.jp" }])
    expect((await put({ ...sender, ...bad })).status).toBe(422)
  actor = marketer
  expect((await put(sender)).status).toBe(403)
  expect((await app.request("/api/settings/sender")).status).toBe(403)
  actor = { kind: "visitor" }
  expect((await app.request("/api/deliveries")).status).toBe(401)
})
