import { beforeEach, expect, test } from "vitest"
import { emptyTables, testDatabase } from "../../../test/support/database.ts"
import { audienceFacts, catalogue } from "../../audience/index.ts"
import { consents, contacts, profiles } from "../../crm/index.ts"
import * as events from "../../events/index.ts"
import { eventFacts, react } from "../../events/index.ts"
import { passwords } from "../../identity/index.ts"
import type { Actor } from "../../platform/actors.ts"
import * as clock from "../../platform/clock.ts"
import { transact } from "../../platform/db.ts"
import { answerErrors, foundation, routes } from "../../platform/http.ts"
import { newId } from "../../platform/ids.ts"
import { problemPage } from "../../ui/index.ts"
import { facts, memberships } from "../index.ts"
import { api } from "./api.ts"
import { site } from "./site.tsx"

const db = await testDatabase()
const place = { publicUrl: "http://localhost", secure: false, instance: "test", trustProxy: false, testClock: false }

beforeEach(async () => {
  await emptyTables(db)
  catalogue.offer([...eventFacts, ...audienceFacts, ...facts])
  react({ every: [], named: {} })
})

function appOf(actor: Actor) {
  const app = routes()
  app.use(foundation(db, place))
  app.use(async (c, next) => {
    c.set("actor", actor)
    await next()
  })
  app.route("/api", api)
  app.route("/", site)
  answerErrors(app, problemPage)
  return app
}
const visitor = appOf({ kind: "visitor" })

async function post(app: typeof visitor, path: string, fields: Record<string, string>) {
  const answer = await app.request(path, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { accept: "text/html" },
  })
  return { status: answer.status, to: answer.headers.get("location"), html: await answer.text() }
}
const valueOf = (html: string, name: string) =>
  new RegExp(`<input[^>]*name="${name}"[^>]*>`).exec(html)?.[0].match(/value="([^"]*)"/)?.[1]

const hanako = {
  familyName: "佐藤",
  givenName: "花子",
  familyKana: "さとう",
  givenKana: "ﾊﾅｺ",
  address: "hanako@example.jp",
  phone: "０９０ー１２３４ー５６７８",
  postalCode: "〒３９０－０８７４",
  street: "1-2-3",
  terms: "on",
}
const secret = "correct horse battery"

test("the postal code fills the address and leaves 番地 as typed", async () => {
  const { status, html } = await post(visitor, "/join", { ...hanako, do: "address" })
  expect(status).toBe(200)
  expect(["city", "town", "street", "postalCode"].map((name) => valueOf(html, name))).toEqual([
    "松本市",
    "大手",
    "1-2-3",
    "390-0874",
  ])
  expect(html).toMatch(/<option[^>]*value="長野県"[^>]*selected|<option[^>]*selected[^>]*value="長野県"/)
})

test("a code of two places offers both, and the chosen one is filled in", async () => {
  const asked = await post(visitor, "/join", { ...hanako, postalCode: "498-0000", do: "address" })
  expect(asked.html).toContain("愛知県弥富市")
  expect(asked.html).toContain("三重県桑名郡木曽岬町")
  const chosen = await post(visitor, "/join", { ...hanako, postalCode: "498-0000", place: "1", do: "address" })
  expect(valueOf(chosen.html, "city")).toBe("桑名郡木曽岬町")
})

test("input, confirmation, completion: she is a free member and a mail is on its way", async () => {
  const confirm = await post(visitor, "/join", {
    ...hanako,
    prefecture: "長野県",
    city: "松本市",
    town: "大手",
    do: "confirm",
  })
  expect(confirm.status).toBe(200)
  expect(confirm.html).toContain("サトウ ハナコ")
  expect(confirm.html).toContain("長野県松本市大手1-2-3")
  const fields = Object.fromEntries(Object.keys(hanako).map((name) => [name, valueOf(confirm.html, name) ?? ""]))
  const done = await post(visitor, "/join", { ...fields, prefecture: "長野県", password: secret, do: "send" })
  expect(done).toMatchObject({ status: 303, to: "/join/sent" })
  const [line] = (await contacts.list(db, { search: "佐藤花子" })).data
  expect(line).toMatchObject({ plan: "free", phone: "090-1234-5678" })
  expect(await profiles.get(db, line!.id)).toMatchObject({ street: "1-2-3", familyKana: "サトウ" })
  expect(await consents.granted(db, [line!.id], consents.advertisingMail)).toEqual(new Set())
  expect((await visitor.request("/join/sent")).status).toBe(200)
})

test("faults come back beside the fields with everything that was typed", async () => {
  const { status, html } = await post(visitor, "/join", {
    ...hanako,
    familyKana: "佐藤",
    phone: "12",
    terms: "",
    do: "confirm",
  })
  expect(status).toBe(422)
  expect(html).toContain("カタカナで入力してください")
  expect(html).toContain("利用規約への同意が必要です")
  expect(valueOf(html, "phone")).toBe("12")
  expect(valueOf(html, "address")).toBe("hanako@example.jp")
})

test("back keeps the input; a password never appears in a page", async () => {
  const back = await post(visitor, "/join", { ...hanako, password: secret, do: "back" })
  expect(valueOf(back.html, "street")).toBe("1-2-3")
  const weak = await post(visitor, "/join", { ...hanako, password: "short-pw", do: "send" })
  expect(weak.status).toBe(422)
  expect(weak.html).toContain("10文字以上")
  for (const { html } of [back, weak]) expect(html).not.toMatch(/correct horse|short-pw/)
  expect(await contacts.count(db)).toBe(0)
})

test("the answer does not tell whether an address is taken", async () => {
  const send = () => post(visitor, "/join", { ...hanako, password: secret, do: "send" })
  const free = await send()
  await db.updateTable("signInAddress").set({ verifiedAt: clock.now() }).execute()
  const taken = await send()
  expect(taken).toEqual(free)
  expect(await contacts.count(db)).toBe(1)
})

test("a confirmation page that was tampered with is checked again", async () => {
  const { status } = await post(visitor, "/join", { ...hanako, address: "nobody", password: secret, do: "send" })
  expect(status).toBe(422)
  expect(await contacts.count(db)).toBe(0)
})

test("withdrawal takes three screens, and only the last button does it", async () => {
  const draft = {
    profile: { familyName: "佐藤" },
    address: "hanako@example.jp",
    password: await passwords.hash(secret),
    locale: "ja" as const,
    agreed: { terms: "t" },
  }
  const id = (await transact(db, (tx) => memberships.join(tx, draft, { kind: "visitor" })))!
  const app = appOf({ kind: "member", contactId: id })
  for (const path of ["/account/withdrawal", "/account/withdrawal/reason"])
    expect((await app.request(path, { headers: { accept: "text/html" } })).status).toBe(200)
  const sure = await post(app, "/account/withdrawal/confirm", { reason: "time", more: "また来ます" })
  expect(sure.html).toContain("また来ます")
  expect((await memberships.find(db, id))!.withdrawnAt).toBeNull()
  expect(await post(app, "/account/withdrawal", { reason: "time", more: "また来ます" })).toMatchObject({
    status: 303,
    to: "/withdrawn",
  })
  expect((await db.selectFrom("membership").selectAll().executeTakeFirstOrThrow()).withdrawalReason).toBe(
    "time: また来ます",
  )
  expect((await post(app, "/account/withdrawal", {})).status).toBe(409)
})

test("the ladder is made, tried, changed and a rank held through the API", async () => {
  const app = appOf({
    kind: "token",
    tokenId: newId(),
    scopes: ["ranks:read", "ranks:write", "contacts:read", "contacts:write"],
  })
  const call = async (method: string, path: string, body?: object) => {
    const answer = await app.request(`/api${path}`, {
      method,
      headers: { "content-type": "application/json" },
      body: body && JSON.stringify(body),
    })
    return { status: answer.status, body: answer.status === 204 ? null : await answer.json() }
  }
  const rise = { fact: "event.count", with: { event: "lesson.done" }, is: { gte: 5 } }
  expect((await call("POST", "/ranks", { position: 0, name: { ja: "ブロンズ", en: "Bronze" } })).status).toBe(201)
  const silver = await call("POST", "/ranks", { position: 1, name: { ja: "シルバー", en: "Silver" }, rise })
  expect(silver).toMatchObject({ status: 201, body: { staysBy: { is: { gte: 5 } }, members: 0 } })
  expect(await call("POST", "/ranks", { position: 1, name: { ja: "x", en: "x" }, rise })).toMatchObject({
    status: 422,
    body: { errors: { position: expect.any(String) } },
  })
  const id = await transact(db, (tx) => events.contacts.create(tx, clock.now()))
  expect((await call("PUT", `/contacts/${id}/rank/hold`, { rankId: silver.body.id, reason: "招待" })).status).toBe(409)
  await transact(db, (tx) => memberships.enter(tx, id, clock.now()))
  expect((await call("GET", `/contacts/${id}/rank`)).body).toMatchObject({
    current: { rank: { name: { ja: "ブロンズ" } }, cause: "joined" },
    next: { rank: { name: { ja: "シルバー" } } },
    missing: [{ current: 0, needed: 5, met: false }],
  })
  expect(
    (await call("PUT", `/contacts/${id}/rank/hold`, { rankId: silver.body.id, reason: "招待" })).body,
  ).toMatchObject({ hold: { reason: "招待" }, current: { cause: "held" } })
  expect((await call("GET", `/ranks/${silver.body.id}/contacts`)).body.data).toMatchObject([{ id }])
  expect((await call("DELETE", `/contacts/${id}/rank/hold`)).body).toMatchObject({
    hold: null,
    current: { rank: { name: { ja: "ブロンズ" } } },
  })
  expect(
    (await call("POST", "/ranks/try-out", { rankId: silver.body.id, rise: { ...rise, is: { gte: 0 } } })).body,
  ).toMatchObject({ rises: 1, falls: 0 })
  expect((await call("PATCH", `/ranks/${silver.body.id}`, { graceDays: 7 })).body).toMatchObject({
    graceDays: 7,
    version: 2,
  })
  expect((await call("DELETE", `/ranks/${silver.body.id}`)).status).toBe(409)
  expect((await visitor.request("/api/ranks")).status).toBe(401)
})
