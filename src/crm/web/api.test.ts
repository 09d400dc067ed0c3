import { OpenAPIHono } from "@hono/zod-openapi"
import { expect, test, vi } from "vitest"
import { testDatabase } from "../../../test/support/database.ts"
import type { Actor } from "../../platform/actors.ts"
import { answerErrors, type Env, foundation } from "../../platform/http.ts"
import { newId } from "../../platform/ids.ts"
import * as timeline from "../timeline.ts"
import { api } from "./api.ts"

const db = await testDatabase()
const site = { publicUrl: "http://localhost", secure: false, instance: "test", trustProxy: false, testClock: false }

function appOf(actor: Actor) {
  const app = new OpenAPIHono<Env>()
  app.use(foundation(db, site))
  app.use(async (c, next) => {
    c.set("actor", actor)
    await next()
  })
  app.route("/api", api)
  answerErrors(app, (c, problem) => c.json(problem))
  return async (method: string, path: string, body?: object) => {
    const headers = { "content-type": "application/json" }
    const answer = await app.request(`/api${path}`, { method, headers, body: body && JSON.stringify(body) })
    return { status: answer.status, body: await answer.json() }
  }
}
const write = appOf({ kind: "token", tokenId: newId(), scopes: ["contacts:read", "contacts:write"] })
const read = appOf({ kind: "token", tokenId: newId(), scopes: ["contacts:read"] })
const visitor = appOf({ kind: "visitor" })

test("a contact is added, found, changed, noted and read back", async () => {
  const draft = { familyName: "佐藤", familyKana: "さとう", email: "hanako@example.jp" }
  const made = await write("POST", "/contacts", draft)
  expect(made).toMatchObject({ status: 201, body: { familyKana: "サトウ", email: "hanako@example.jp", rank: null } })
  const { id } = made.body
  expect(await write("PATCH", `/contacts/${id}`, { postalCode: "3900874" })).toMatchObject({
    body: { postalCode: "390-0874" },
  })
  expect((await read("GET", `/contacts?search=${encodeURIComponent("サトウ")}`)).body).toMatchObject({
    data: [{ id }],
    nextCursor: null,
  })
  expect((await write("POST", `/contacts/${id}/notes`, { body: "電話希望" })).status).toBe(201)
  expect((await read("GET", `/contacts/${id}/notes`)).body.data).toMatchObject([{ body: "電話希望", writtenBy: null }])
  const consent = { purpose: "advertising-mail", granted: true, wording: "電話で確認" }
  expect((await write("POST", `/contacts/${id}/consents`, consent)).body.data).toMatchObject([
    { granted: true, place: "token" },
  ])
  expect(
    (await write("POST", `/contacts/${id}/properties`, { name: "plan", value: "standard" })).body.data,
  ).toContainEqual(expect.objectContaining({ name: "plan", value: "standard", source: "token" }))
  expect((await read("GET", `/contacts/${id}`)).body).toMatchObject({
    plan: "standard",
    planName: { ja: "スタンダード", en: "Standard" },
  })
  const later = { name: "plan", value: "premium", at: "9999-12-31T23:59:59Z" }
  const refused = await write("POST", `/contacts/${id}/properties`, later)
  expect([refused.status, Object.keys(refused.body.errors)]).toEqual([422, ["at"]])
  const { body } = await read("GET", `/contacts/${id}/timeline?kind=account,mail`)
  expect(body.data.map((entry: { name: string }) => entry.name).sort()).toEqual([
    "consent.given",
    "contact.changed",
    "contact.changed",
    "contact.changed",
  ])
})

test("the reasons of a timeline are said by whoever knows the questions, in the reader's language", async () => {
  const { id } = (await write("POST", "/contacts", { familyName: "佐藤" })).body
  const said = vi.fn()
  timeline.explainWith(async (_, answer, locale) => (said(answer, locale), answer))
  const { body } = await read("GET", `/contacts/${id}/timeline`)
  expect(said).toHaveBeenCalledWith(expect.objectContaining({ nextCursor: null }), "ja")
  expect(body.data).toHaveLength(1)
})

test("faults are named by field, and nothing is written", async () => {
  const before = (await read("GET", "/contacts")).body.data.length
  const refused = await write("POST", "/contacts", { familyName: "佐藤", phone: "x" })
  expect(refused).toMatchObject({ status: 422, body: { errors: { phone: expect.stringContaining("電話番号") } } })
  expect((await read("GET", "/contacts")).body.data).toHaveLength(before)
})

test("who may only read cannot write, and visitors see nothing", async () => {
  expect((await read("POST", "/contacts", { familyName: "佐藤" })).status).toBe(403)
  expect((await visitor("GET", "/contacts")).status).toBe(401)
  expect((await visitor("GET", `/contacts/${newId()}/timeline`)).status).toBe(401)
})

test("unknown contacts and unreadable questions get their answers", async () => {
  expect((await read("GET", `/contacts/${newId()}`)).status).toBe(404)
  expect((await read("GET", `/contacts/${newId()}/timeline`)).status).toBe(404)
  expect((await read("GET", "/contacts/not-an-id")).status).toBe(422)
  expect((await read("GET", "/contacts?cursor=zzz")).status).toBe(422)
  expect((await read("GET", "/contacts?limit=9999")).status).toBe(422)
})

test("anybody may ask for the places of a postal code", async () => {
  const { body } = await visitor("GET", `/postal-codes/${encodeURIComponent("〒３９０－０８７４")}`)
  expect(body.data).toEqual([{ postalCode: "390-0874", prefecture: "長野県", city: "松本市", town: "大手" }])
})
