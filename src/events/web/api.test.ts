import { expect, test } from "vitest"
import { testDatabase } from "../../../test/support/database.ts"
import type { Actor } from "../../platform/actors.ts"
import { answerErrors, foundation, policy, routes } from "../../platform/http.ts"
import { Refusal } from "../../platform/refusals.ts"
import { sql, transact } from "../../platform/db.ts"
import * as audit from "../audit.ts"
import * as contacts from "../contacts.ts"
import { api, site } from "../index.ts"

const db = await testDatabase()

class NotAllowed extends Refusal {
  readonly kind = "forbidden"
  sentence() {
    return "no"
  }
}
const permitted = new Set(["keys:read", "keys:write", "events:read", "events:write", "audit:read"])
const staff: Actor = { kind: "staff", staffId: "01932b5e-0000-7000-8000-000000000000", role: "owner" }
const app = routes()
app.use(
  foundation(db, { publicUrl: "http://localhost", secure: false, instance: "t", trustProxy: false, testClock: false }),
)
app.use(async (c, next) => {
  c.set("actor", staff)
  await next()
})
app.route("/", site)
app.route(
  "/api",
  api(
    (permission) =>
      policy(`can ${permission}`, (_, next) => {
        if (!permitted.has(permission)) throw new NotAllowed()
        return next()
      }),
    (_, permission) => permitted.has(permission),
  ),
)
answerErrors(app, (c, problem) => c.json(problem, problem.status as 400))

// biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
type Answer = { status: number; body: any }
async function call(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await app.request(path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
  })
  const text = await response.text()
  return { status: response.status, body: text ? JSON.parse(text) : null }
}

test("a key is made, shown once, used, listed without its word, and revoked at once in this process", async () => {
  const made = await call("POST", "/api/keys", { name: "本番サーバー", kind: "server" })
  expect([made.status, made.body.kind, made.body.publicKey]).toEqual([201, "server", null])
  expect(made.body.key).toMatch(/^msk_[\w-]{43}$/)
  const send = () => call("POST", "/v1/track", { writeKey: made.body.key, userId: "1", event: "購入" })
  expect((await send()).status).toBe(200)
  const { body } = await call("GET", "/api/keys")
  expect(body.data[0]).toMatchObject({ id: made.body.id, name: "本番サーバー", revokedAt: null })
  expect(JSON.stringify(body)).not.toContain(made.body.key)
  expect((await call("DELETE", `/api/keys/${made.body.id}`)).status).toBe(204)
  expect((await call("DELETE", `/api/keys/${made.body.id}`)).status).toBe(204)
  expect((await send()).status).toBe(401)
  expect((await call("DELETE", "/api/keys/01932b5e-0000-7000-8000-000000000009")).status).toBe(404)
  const acts = await db
    .selectFrom("audit")
    .select(["action", "actor", "after"])
    .where("subjectId", "=", made.body.id)
    .orderBy("happenedAt")
    .execute()
  expect(acts.map((act) => act.action)).toEqual(["key.create", "key.revoke"])
  expect(JSON.stringify(acts)).not.toContain(made.body.key)
})

test("a browser key can be read again", async () => {
  const made = await call("POST", "/api/keys", { name: "サイト", kind: "browser" })
  expect(made.body.publicKey).toBe(made.body.key)
})

test("drafts are checked and permissions asked for", async () => {
  expect((await call("POST", "/api/keys", { name: " ", kind: "server" })).status).toBe(422)
  expect((await call("POST", "/api/keys", { name: "x", kind: "root" })).status).toBe(422)
  permitted.delete("keys:write")
  expect((await call("POST", "/api/keys", { name: "x", kind: "server" })).status).toBe(403)
  permitted.add("keys:write")
})

test("a schema holds from the moment it is set until it is taken away, and names are listed with their labels", async () => {
  const { body: key } = await call("POST", "/api/keys", { name: "s", kind: "server" })
  const send = (properties: object) =>
    call("POST", "/v1/track", { writeKey: key.key, userId: "1", event: "資料請求", properties })
  const path = `/api/event-schemas/${encodeURIComponent("資料請求")}`
  const label = { ja: "資料請求", en: "Asked for material" }
  expect((await send({ pages: "12" })).status).toBe(200)
  expect((await call("PUT", path, { label, properties: { pages: { type: "number" } } })).body).toEqual({
    name: "資料請求",
    label,
    properties: { pages: { type: "number" } },
    protected: false,
  })
  expect((await send({ pages: "12" })).status).toBe(400)
  const { body: names } = await call("GET", "/api/events/names")
  expect(names.data).toContainEqual({ name: "資料請求", label, own: false, sent: true })
  expect(names.data).toContainEqual({
    name: "video.completed",
    label: { ja: "動画を完了", en: "Completed a video" },
    own: true,
    sent: false,
  })
  expect((await call("GET", "/api/event-schemas")).body.data.length).toBe(1)
  expect((await call("DELETE", path)).status).toBe(204)
  expect((await call("DELETE", path)).status).toBe(404)
  expect((await send({ pages: "12" })).status).toBe(200)
})

test("the audit names a contact only to those who may see contacts", async () => {
  const contactId = await transact(db, (tx) => contacts.create(tx, new Date("2026-01-01T00:00:00Z")))
  await sql`update profile set family_name = '佐藤', given_name = '花子' where contact_id = ${contactId}`.execute(db)
  await transact(db, (tx) => audit.record(tx, staff, "contact.change", { kind: "contact", id: contactId }))
  const nameNow = async () => (await call("GET", `/api/audit?subjectId=${contactId}`)).body.data[0].subjectName
  expect(await nameNow()).toBeNull()
  permitted.add("contacts:read")
  expect(await nameNow()).toEqual({ ja: "佐藤 花子", en: "佐藤 花子" })
})
