import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { readConfig } from "../../src/config.ts"
import {
  accounts,
  apiTokens,
  passwords,
  permissions,
  sessions,
  staff,
  staffSessions,
} from "../../src/identity/index.ts"
import { memberships } from "../../src/membership/index.ts"
import { type StaffRole, staffRoles, system } from "../../src/platform/actors.ts"
import { transact } from "../../src/platform/db.ts"
import { newId } from "../../src/platform/ids.ts"
import * as settings from "../../src/platform/settings.ts"
import { folderStorage } from "../../src/platform/storage.ts"
import { buildApp } from "../../src/routes.ts"
import { address } from "../../src/content/signatures.ts"
import { wireReactions } from "../../src/reactions.ts"
import { aMember, aVideo } from "../support/content.ts"
import { testDatabase } from "../support/database.ts"
import { roles, table } from "./access-table.ts"

const db = await testDatabase()
const folder = await mkdtemp(join(tmpdir(), "musubi-access-"))
afterAll(() => rm(folder, { recursive: true, force: true }))
const config = readConfig({ DATA_DIR: folder })
const instance = await settings.instance(db)
wireReactions()
const app = await buildApp({
  config,
  db,
  databaseUrl: db.url,
  site: { publicUrl: config.PUBLIC_URL, secure: false, instance: instance.id, trustProxy: false, testClock: false },
  key: instance.key,
  storage: folderStorage(join(folder, "files")),
  uploads: join(folder, "uploads"),
  mail: undefined,
})

/** Every route of the product, once. */
const routes = [
  ...new Set(
    app.routes.filter(({ method }) => method !== "ALL").map(({ method, path }) => `${method} ${path}` as string),
  ),
].sort()
const classes = new Map<string, string>(
  Object.entries(table).flatMap(([name, lines]) =>
    lines.flatMap((line) => {
      const words = line.split(" ")
      const path = words.pop()!
      return words.map((method) => [`${method} ${path}`, name] as const)
    }),
  ),
)
const by = system("test")
const memberCookie = (word: string) => ({ Cookie: `musubi_${instance.id}_session=${word}` })
const staffCookie = (word: string) => ({ Cookie: `musubi_${instance.id}_staff=${word}` })
const token = (scopes: readonly string[], expiresAt?: Date) =>
  transact(db, (tx) =>
    apiTokens.create(tx, { name: "test", scopes: scopes as (typeof permissions)[number][], expiresAt }, by),
  )
const bearer = (secret: string): Record<string, string> => ({ Authorization: `Bearer ${secret}` })
const password = await passwords.hash("tanuki-no-shippo-9")
const staffIds = new Map<string, string>()
for (const role of staffRoles) {
  const draft = { name: role, address: `${role}@example.jp`, role, password, locale: "ja" as const }
  staffIds.set(role, (await transact(db, (tx) => staff.create(tx, draft, by))).id)
}
const staffWord = (role: StaffRole) => transact(db, (tx) => staffSessions.open(tx, staffIds.get(role)!, "test"))
const [none, full] = [(await token([])).secret, (await token(permissions)).secret]

type Who = { name: string; headers(): Promise<Record<string, string>> }
/** A session of its own for every request, since some of them end it. */
const everybody: Who[] = [
  { name: "visitor", headers: async () => ({}) },
  { name: "member", headers: async () => memberCookie((await person()).word) },
  ...staffRoles.map((role) => ({ name: role, headers: async () => staffCookie(await staffWord(role)) })),
  { name: "token without scopes", headers: async () => bearer(none) },
  { name: "token with all", headers: async () => bearer(full) },
]

/** What becomes of a caller at the guard of a class of routes: through, or with which status not. */
function expected(kind: string, who: string, path: string): "through" | number {
  const [isStaff, isToken] = [(staffRoles as readonly string[]).includes(who), who.startsWith("token")]
  // A token counts under /api alone; staff are known there and in the console.
  if (kind === "open") return "through"
  if (kind === "absent") return 404
  if (kind === "key") return 401
  if (kind === "signed") return 403
  if (kind === "member") return who === "member" ? "through" : 401
  if (kind === "visitors") return who === "member" ? 303 : "through"
  if (kind === "staff") return isStaff ? "through" : isToken ? 403 : 401
  const needed = kind.split(" ")
  if (!needed.every((one) => (permissions as readonly string[]).includes(one)))
    throw new Error(`no such class: ${kind}, of ${path}`)
  if (who === "token with all" || (isStaff && needed.every((one) => roles[who]!.includes(one)))) return "through"
  return isStaff || isToken ? 403 : 401
}

async function person() {
  const made = await aMember(db)
  await db.updateTable("account").set({ passwordHash: password.hash }).where("contactId", "=", made.contactId).execute()
  return made
}

async function ask(method: string, path: string, headers: Record<string, string>) {
  const body = ["GET", "HEAD", "OPTIONS"].includes(method) ? {} : { body: "{}" }
  const answer = await app.request(path, {
    method,
    headers: { "Content-Type": "application/json", Accept: "application/json", ...headers },
    ...body,
  })
  await answer.arrayBuffer().catch(() => undefined)
  return answer
}

test("every route has a row in the table, and every row a route", () => {
  expect(routes.filter((route) => !classes.has(route))).toEqual([])
  expect([...classes.keys()].filter((route) => !routes.includes(route))).toEqual([])
})

test("everybody gets through where they may and nowhere else", async () => {
  const wrong: string[] = []
  let asked = 0
  for (const route of routes) {
    const [method, pattern] = route.split(" ") as [string, string]
    const path = pattern
      .replace(/:path\{\.\+\}|\*/, "none")
      .replace(":part", "viewers")
      .replace(/:(slug|word|name|code)/, "none")
      .replace(/:id/, newId())
    for (const who of everybody) {
      const { status } = await ask(method, path, await who.headers())
      asked++
      const wanted = expected(classes.get(route)!, who.name, route)
      // Nobody without a word for it gets 401 or 403; whatever else comes is the business of the handler.
      const through = status !== 403 && (status !== 401 || route === "POST /api/staff-session") && status < 500
      if (wanted === "through" ? !through : status !== wanted)
        wrong.push(`${route} as ${who.name}: ${status}, not ${wanted}`)
    }
  }
  console.log(`${routes.length} routes × ${everybody.length} kinds of callers: ${asked} requests`)
  expect(wrong).toEqual([])
}, 120_000)

test("a video's address works for the session it was made for, and for nobody after a denial", async () => {
  const { id } = await aVideo(db)
  const [hanako, taro] = [await aMember(db), await aMember(db)]
  const { url } = address(instance.key, "video", id, hanako.session, new Date())
  const asks = async (headers: Record<string, string>, to = url) => (await ask("GET", to, headers)).status
  // The file itself is nowhere: 404 is beyond the guard.
  expect(await asks(memberCookie(hanako.word))).toBe(404)
  expect(await asks(memberCookie(taro.word))).toBe(403)
  expect(await asks({})).toBe(403)
  expect(await asks(staffCookie(await staffWord("owner")))).toBe(403)
  expect(await asks(bearer(full))).toBe(403)
  const other = await aVideo(db)
  expect(await asks(memberCookie(hanako.word), url.replace(id, other.id))).toBe(403)
  expect(
    await asks(
      memberCookie(hanako.word),
      url.replace(/signature=(.)/, (_, first) => `signature=${first === "A" ? "B" : "A"}`),
    ),
  ).toBe(403)
  expect(await asks(memberCookie(hanako.word), url.replace(/expires=\d+/, "expires=99999999999"))).toBe(403)
  const second = await transact(db, (tx) => sessions.open(tx, hanako.contactId, "another device"))
  expect(await asks(memberCookie(second))).toBe(403)
  await transact(db, (tx) => accounts.suspend(tx, hanako.contactId, "test", by, new Date()))
  expect(await asks(memberCookie(hanako.word))).toBe(403)
})

test("a suspended or withdrawn member loses everything with the next request, on every device", async () => {
  const pages = routes
    .filter((route) => classes.get(route) === "member")
    .map((route) => route.split(" ") as [string, string])
  const ways: Record<string, (contactId: string) => Promise<unknown>> = {
    suspended: (contactId) => transact(db, (tx) => accounts.suspend(tx, contactId, "test", by, new Date())),
    withdrawn: (contactId) => transact(db, (tx) => memberships.withdraw(tx, contactId, null, by)),
  }
  const { slug } = await aVideo(db)
  for (const [what, deny] of Object.entries(ways)) {
    const one = await aMember(db)
    const words = [one.word, await transact(db, (tx) => sessions.open(tx, one.contactId, "another device"))]
    for (const word of words) expect((await ask("GET", "/account", memberCookie(word))).status).toBe(200)
    expect((await ask("POST", `/videos/${slug}/play`, memberCookie(one.word))).status).toBe(200)
    await deny(one.contactId)
    for (const word of words) {
      for (const [method, path] of pages)
        expect([
          what,
          method,
          path,
          (await ask(method, path.replace(":slug", slug), memberCookie(word))).status,
        ]).toEqual([what, method, path, 401])
      expect((await ask("POST", `/videos/${slug}/play`, memberCookie(word))).status).toBe(403)
    }
  }
})

test("a member of staff who leaves, and a token that is revoked or has run out, are nobody with the next request", async () => {
  const editor = await staffWord("editor")
  expect((await ask("GET", "/api/videos", staffCookie(editor))).status).toBe(200)
  await transact(db, (tx) => staff.change(tx, staffIds.get("editor")!, { disabled: true }, by))
  expect((await ask("GET", "/api/videos", staffCookie(editor))).status).toBe(401)
  const marketer = await staffWord("marketer")
  expect((await ask("GET", "/api/scenarios", staffCookie(marketer))).status).toBe(200)
  await transact(db, (tx) => staff.change(tx, staffIds.get("marketer")!, { role: "support" }, by))
  expect((await ask("GET", "/api/scenarios", staffCookie(await staffWord("marketer")))).status).toBe(403)
  expect([401, 403]).toContain((await ask("GET", "/api/scenarios", staffCookie(marketer))).status)
  const made = await token(["contacts:read"])
  expect((await ask("GET", "/api/contacts", bearer(made.secret))).status).toBe(200)
  await transact(db, (tx) => apiTokens.revoke(tx, made.token.id, by))
  expect((await ask("GET", "/api/contacts", bearer(made.secret))).status).toBe(401)
  const old = await token(["contacts:read"], new Date(Date.now() - 1_000))
  expect((await ask("GET", "/api/contacts", bearer(old.secret))).status).toBe(401)
  expect((await ask("GET", "/api/contacts", bearer(`${full}x`))).status).toBe(401)
  // A good cookie beside a bad token does not help, and a token is no key to the members' pages.
  const both = { ...staffCookie(await staffWord("owner")), ...bearer("mst_wrong") }
  expect((await ask("GET", "/api/contacts", both)).status).toBe(401)
  expect((await ask("GET", "/account", bearer(full))).status).toBe(401)
})

test("nobody makes themselves or a token greater than they are", async () => {
  const post = async (method: string, path: string, headers: Record<string, string>, body: object) =>
    (
      await app.request(path, {
        method,
        headers: { "Content-Type": "application/json", ...headers },
        body: JSON.stringify(body),
      })
    ).status
  const admin = staffCookie(await staffWord("admin"))
  const owner = staffIds.get("owner")!
  expect(await post("PATCH", `/api/staff/${owner}`, admin, { disabled: true })).toBe(403)
  expect(await post("PATCH", `/api/staff/${owner}`, admin, { role: "analyst" })).toBe(403)
  expect(await post("PATCH", `/api/staff/${staffIds.get("admin")}`, admin, { role: "owner" })).toBe(403)
  expect(
    await post("POST", "/api/staff", admin, {
      name: "x",
      address: "x@example.jp",
      role: "owner",
      password: "tanuki-no-shippo-9",
    }),
  ).toBe(403)
  const keysOnly = bearer((await token(["keys:read", "keys:write"])).secret)
  expect(await post("POST", "/api/api-tokens", keysOnly, { name: "x", scopes: ["contacts:read"] })).toBe(403)
  expect(await post("POST", "/api/api-tokens", keysOnly, { name: "x", scopes: ["keys:read"] })).toBe(201)
  expect(
    await post("POST", "/api/setup", {}, { name: "x", address: "x@example.jp", password: "tanuki-no-shippo-9" }),
  ).toBe(409)
})
