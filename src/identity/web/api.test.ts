import { beforeEach, expect, test } from "vitest"
import { emptyTables, testDatabase } from "../../../test/support/database.ts"
import type { StaffRole } from "../../platform/actors.ts"
import { transact } from "../../platform/db.ts"
import { contacts } from "../../events/index.ts"
import { now } from "../../platform/clock.ts"
import { anyone, answerErrors, foundation, policyName, routes, type Site } from "../../platform/http.ts"
import { problemPage } from "../../ui/index.ts"
import { accounts, can, passwords, permissions, staff, whoIs } from "../index.ts"
import { api } from "./api.ts"
import { site } from "./site.tsx"

const db = await testDatabase()
const password = "tanpopo-no-wata"
const hashed = await passwords.hash(password)
const product = { kind: "system", name: "test" } as const

const app = routes()
const face = { publicUrl: "http://localhost", secure: false, instance: "abcd1234", trustProxy: false, testClock: false }
app.use(foundation(db, face satisfies Site))
app.use(whoIs())
app.get("/page", anyone, (c) => c.json(c.var.actor))
app.get("/console/page", anyone, (c) => c.json(c.var.actor))
app.get("/apis", anyone, (c) => c.json(c.var.actor))
for (const permission of permissions) app.get(`/api/try/${permission}`, can(permission), (c) => c.body(null, 204))
app.route("/api", api)
app.route("/", site)
answerErrors(app, problemPage)

beforeEach(() => emptyTables(db))

type Sent = { cookie?: string; bearer?: string; body?: unknown }
async function send(method: string, path: string, { cookie, bearer, body }: Sent = {}) {
  const headers: Record<string, string> = {}
  if (cookie) headers.cookie = cookie
  if (bearer) headers.authorization = `Bearer ${bearer}`
  if (body !== undefined) headers["content-type"] = "application/json"
  const answer = await app.request(path, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return {
    status: answer.status,
    data: text ? JSON.parse(text) : undefined,
    cookie: answer.headers.get("set-cookie")?.split(";")[0] ?? "",
    setCookie: answer.headers.get("set-cookie"),
  }
}
async function on(role: StaffRole) {
  const address = `${role}@example.jp`
  const made = await transact(db, (tx) =>
    staff.create(tx, { name: role, address, role, password: hashed, locale: "ja" }, product),
  )
  const { cookie } = await send("POST", "/api/staff-session", { body: { address, password } })
  return { id: made.id, address, cookie }
}

test("the first visit sets up the owner, once, and signs in", async () => {
  expect((await send("GET", "/api/setup")).data).toEqual({ needed: true })
  const body = { name: "伊藤 健", address: "ito@example.jp", password }
  const weak = await send("POST", "/api/setup", { body: { ...body, password: "short" } })
  expect([weak.status, Object.keys(weak.data.errors)]).toEqual([422, ["password"]])
  const visits = await Promise.all([1, 2, 3].map(() => send("POST", "/api/setup", { body })))
  expect(visits.map((one) => one.status).toSorted((a, b) => a - b)).toEqual([201, 409, 409])
  const { cookie, setCookie } = visits.find((one) => one.status === 201)!
  expect(setCookie).toMatch(/^musubi_abcd1234_staff=[\w-]{65}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/)
  const who = await send("GET", "/api/staff-session", { cookie })
  expect(who.data).toMatchObject({ name: "伊藤 健", role: "owner", permissions, locale: "ja" })
  expect((await send("GET", "/api/setup")).data).toEqual({ needed: false })
})

test("staff sign in, choose their language, change their password and sign out", async () => {
  const { cookie, address } = await on("editor")
  expect((await send("PATCH", "/api/staff-session", { cookie, body: { locale: "en" } })).data.locale).toBe("en")
  expect((await send("GET", "/api/staff", { cookie })).data.title).toBe("Not permitted")
  const elsewhere = (await send("POST", "/api/staff-session", { body: { address, password } })).cookie
  const change = (typed: string) =>
    send("PUT", "/api/staff-session/password", { cookie, body: { password: typed, newPassword: "himawari-no-tane" } })
  expect((await change("wrong-wrong")).status).toBe(422)
  expect((await change(password)).status).toBe(204)
  expect((await send("GET", "/api/staff-session", { cookie: elsewhere })).status).toBe(401)
  expect((await send("DELETE", "/api/staff-session", { cookie })).status).toBe(204)
  expect((await send("GET", "/api/staff-session", { cookie })).status).toBe(401)
})

test("a failed sign-in of staff reads the same for known and unknown addresses", async () => {
  const { address } = await on("support")
  const tries = [address, "nobody@example.jp"].map((typed) =>
    send("POST", "/api/staff-session", { body: { address: typed, password: "wrong-wrong-wrong" } }),
  )
  const [known, unknown] = await Promise.all(tries)
  expect(known).toEqual(unknown)
  expect([known!.status, known!.cookie]).toEqual([401, ""])
})

test("every permission opens for exactly the roles of the table, by cookie", async () => {
  for (const role of ["owner", "admin", "marketer", "editor", "support", "analyst"] as const) {
    const { cookie } = await on(role)
    const allowed = (await send("GET", "/api/staff-session", { cookie })).data.permissions
    for (const permission of permissions) {
      const { status } = await send("GET", `/api/try/${permission}`, { cookie })
      expect([role, permission, status]).toEqual([role, permission, allowed.includes(permission) ? 204 : 403])
    }
  }
  expect((await send("GET", "/api/try/contacts:read")).status).toBe(401)
})

test("a staff cookie acts under /api and /console only", async () => {
  const { cookie } = await on("owner")
  expect((await send("GET", "/console/page", { cookie })).data.kind).toBe("staff")
  expect((await send("GET", "/page", { cookie })).data.kind).toBe("visitor")
  expect((await send("GET", "/apis", { cookie })).data.kind).toBe("visitor")
})

test("a bearer token acts under /api only; a wrong one is refused even beside a good cookie", async () => {
  const { cookie } = await on("owner")
  const made = await send("POST", "/api/api-tokens", { cookie, body: { name: "集計", scopes: ["contacts:read"] } })
  expect([made.status, made.data.secret.slice(0, 4)]).toEqual([201, "mst_"])
  const bearer = made.data.secret
  expect((await send("GET", "/api/try/contacts:read", { bearer })).status).toBe(204)
  expect((await send("GET", "/api/try/contacts:write", { bearer })).status).toBe(403)
  expect((await send("GET", "/api/staff-session", { bearer })).status).toBe(403)
  expect((await send("GET", "/page", { bearer })).data.kind).toBe("visitor")
  expect((await send("GET", "/console/page", { bearer })).data.kind).toBe("visitor")
  expect((await send("GET", "/api/try/contacts:read", { bearer: "mst_wrong", cookie })).status).toBe(401)
  const list = await send("GET", "/api/api-tokens", { cookie })
  expect(list.data.data).toMatchObject([{ name: "集計", scopes: ["contacts:read"], revokedAt: null }])
  expect(JSON.stringify(list.data)).not.toContain(bearer)
  expect((await send("DELETE", `/api/api-tokens/${made.data.id}`, { cookie })).data.revokedAt).toEqual(
    expect.any(String),
  )
  expect((await send("GET", "/api/try/contacts:read", { bearer })).status).toBe(401)
})

test("a member's cookie opens no door of the staff", async () => {
  await transact(db, async (tx) => {
    const contactId = await contacts.create(tx, now())
    await accounts.open(tx, { contactId, address: "hanako@example.jp", password: hashed, locale: "ja" }, now())
    await accounts.confirm(tx, contactId, now())
  })
  const form = new URLSearchParams({ address: "hanako@example.jp", password })
  const answer = await app.request("/sign-in", { method: "POST", body: form, headers: { accept: "text/html" } })
  const cookie = answer.headers.get("set-cookie")!.split(";")[0]!
  expect((await send("GET", "/api/try/contacts:read", { cookie })).status).toBe(401)
  const asStaff = cookie.replace("_session=", "_staff=")
  expect((await send("GET", "/api/try/contacts:read", { cookie: asStaff })).status).toBe(401)
})

test("staff are listed by page, taken on and changed, and the last owner stays", async () => {
  const { cookie, id } = await on("owner")
  const body = { name: "中村", address: "nakamura@example.jp", role: "support", password }
  const made = await send("POST", "/api/staff", { cookie, body })
  expect([made.status, made.data.role, made.data.passwordHash]).toEqual([201, "support", undefined])
  expect((await send("POST", "/api/staff", { cookie, body })).status).toBe(409)
  const first = await send("GET", "/api/staff?limit=1", { cookie })
  expect(first.data.data.map((one: { id: string }) => one.id)).toEqual([id])
  const second = await send("GET", `/api/staff?limit=1&cursor=${first.data.nextCursor}`, { cookie })
  expect([second.data.data[0].id, second.data.nextCursor]).toEqual([made.data.id, null])
  expect((await send("PATCH", `/api/staff/${id}`, { cookie, body: { disabled: true } })).status).toBe(409)
  expect((await send("PATCH", `/api/staff/${made.data.id}`, { cookie, body: { disabled: true } })).status).toBe(200)
  const unknown = "00000000-0000-7000-8000-000000000000"
  expect((await send("PATCH", `/api/staff/${unknown}`, { cookie, body: { name: "x" } })).status).toBe(404)
})

test("an admin cannot touch an owner", async () => {
  const [owner, admin] = [await on("owner"), await on("admin")]
  for (const body of [{ role: "analyst" }, { disabled: true }, { password }, { name: "x" }])
    expect((await send("PATCH", `/api/staff/${owner.id}`, { cookie: admin.cookie, body })).status).toBe(403)
  expect(
    (await send("PATCH", `/api/staff/${admin.id}`, { cookie: admin.cookie, body: { role: "owner" } })).status,
  ).toBe(403)
})

test("staff lock a member out and let them in again, with a reason", async () => {
  const { cookie } = await on("support")
  const contactId = await transact(db, async (tx) => {
    const id = await contacts.create(tx, now())
    await accounts.open(tx, { contactId: id, address: "hanako@example.jp", password: hashed, locale: "ja" }, now())
    return id
  })
  const path = `/api/contacts/${contactId}/account`
  expect((await send("GET", path, { cookie })).data).toMatchObject({ address: "hanako@example.jp", suspendedAt: null })
  expect((await send("PUT", `${path}/suspension`, { cookie, body: {} })).status).toBe(422)
  const locked = await send("PUT", `${path}/suspension`, { cookie, body: { reason: "迷惑行為" } })
  expect([locked.status, typeof locked.data.suspendedAt]).toEqual([200, "string"])
  expect((await send("DELETE", `${path}/suspension`, { cookie })).data.suspendedAt).toBeNull()
})

test("faulty input names its fields and harms nothing", async () => {
  const { cookie } = await on("owner")
  const bad = await send("POST", "/api/staff", { cookie, body: { name: "", role: "king" } })
  expect([bad.status, Object.keys(bad.data.errors).sort()]).toEqual([422, ["address", "name", "password", "role"]])
  const answer = await app.request("/api/staff-session", {
    method: "POST",
    body: "{",
    headers: { "content-type": "application/json" },
  })
  expect(answer.status).toBe(422)
})

test("every route names its policy before its handler", () => {
  for (const group of [api, site]) {
    const byRoute = Map.groupBy(group.routes, (route) => `${route.method} ${route.path}`)
    for (const [name, handlers] of byRoute) expect([name, policyName(handlers[0]!.handler)]).not.toContain(undefined)
  }
})
