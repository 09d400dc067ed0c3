import * as argon2 from "@node-rs/argon2"
import { beforeEach, expect, test, vi } from "vitest"
import { emptyTables, testDatabase } from "../../../test/support/database.ts"
import { contacts } from "../../events/index.ts"
import { now, shift } from "../../platform/clock.ts"
import { transact } from "../../platform/db.ts"
import { answerErrors, foundation, routes, type Site } from "../../platform/http.ts"
import { problemPage } from "../../ui/index.ts"
import { accounts, mailTokens, member, passwords, steady, whoIs } from "../index.ts"
import { site } from "./site.tsx"

vi.mock("@node-rs/argon2", async (original) => {
  const real = await original<typeof argon2>()
  return { ...real, verify: vi.fn(real.verify), hash: vi.fn(real.hash) }
})

const db = await testDatabase()
const password = "tanpopo-no-wata"
const hashed = await passwords.hash(password)
await passwords.verify(null, "warm")
let numbered = 0

function app(secure = false) {
  const made = routes()
  const face = { publicUrl: "http://localhost", secure, instance: "abcd1234", trustProxy: true, testClock: false }
  made.use(foundation(db, face satisfies Site))
  made.use(whoIs())
  made.get("/videos", member, (c) => c.json({ member: c.var.actor, locale: c.var.locale }))
  made.route("/", site)
  answerErrors(made, problemPage)
  return made
}

beforeEach(() => emptyTables(db))

const html = { accept: "text/html" }
const get = (path: string, cookie = "", secure = false) => app(secure).request(path, { headers: { ...html, cookie } })
const post = (path: string, body: Record<string, string>, cookie = "", secure = false) =>
  app(secure).request(path, { method: "POST", body: new URLSearchParams(body), headers: { ...html, cookie } })
const cookieOf = (answer: Response) => answer.headers.get("set-cookie")?.split(";")[0] ?? ""

async function account(verified = true) {
  const address = `hanako${++numbered}@example.jp`
  const contactId = await transact(db, async (tx) => {
    const id = await contacts.create(tx, now())
    await accounts.open(tx, { contactId: id, address, password: hashed, locale: "ja" }, now())
    if (verified) await accounts.confirm(tx, id, now())
    return id
  })
  return { address, contactId }
}
const link = (contactId: string, purpose: string) =>
  transact(db, (tx) => mailTokens.issue(tx, contactId, purpose, {}, 24))
async function signedIn() {
  const known = await account()
  const answer = await post("/sign-in", { address: known.address, password })
  return { ...known, cookie: cookieOf(answer) }
}
async function eventsOf(contactId: string) {
  const rows = await db.selectFrom("event").select("name").where("contactId", "=", contactId).execute()
  return rows.map((row) => row.name)
}

test("signing in sets one cookie that scripts and other sites cannot use, and goes where one wanted to", async () => {
  const { address } = await account()
  const answer = await post("/sign-in", { address, password, next: "/videos?page=2" })
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/videos?page=2"])
  const set = answer.headers.get("set-cookie")!
  expect(set).toMatch(/^musubi_abcd1234_session=[\w-]{65}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/)
  const seen = await get("/videos", cookieOf(answer))
  expect(await seen.json()).toMatchObject({ member: { kind: "member" } })
})

test("on https the cookie is of this host alone", async () => {
  const { address } = await account()
  const answer = await post("/sign-in", { address, password }, "", true)
  expect(answer.headers.get("set-cookie")).toMatch(
    /^__Host-musubi_abcd1234_session=.*Path=\/; HttpOnly; Secure; SameSite=Lax/,
  )
  const plain = cookieOf(answer).replace("__Host-", "")
  expect((await get("/videos", plain, true)).status).toBe(303)
  expect((await get("/videos", cookieOf(answer), true)).status).toBe(200)
})

test("a visitor who opens a member's page signs in first and comes back; a program is told 401", async () => {
  const answer = await get("/videos?tag=税&page=2")
  expect(answer.status).toBe(303)
  expect(answer.headers.get("location")).toBe(`/sign-in?next=${encodeURIComponent("/videos?tag=%E7%A8%8E&page=2")}`)
  const program = await app().request("/videos")
  expect(program.status).toBe(401)
  expect(program.headers.get("content-type")).toContain("application/problem+json")
  const form = await (await get("/sign-in?next=//evil.example/x")).text()
  expect(form).toContain('name="next" value="/"')
})

test("a failed sign-in reads, costs and answers the same whether or not the address is known", async () => {
  const [known, unverified, suspended] = [await account(), await account(false), await account()]
  await transact(db, (tx) => accounts.suspend(tx, suspended.contactId, "x", { kind: "system", name: "x" }, now()))
  const seen: unknown[] = []
  const tries = [
    [known.address, "wrong-wrong-wrong"],
    [unverified.address, "wrong-wrong-wrong"],
    [suspended.address, password],
    [suspended.address, "wrong-wrong-wrong"],
    ["nobody@example.jp", "wrong-wrong-wrong"],
    ["not an address", "wrong-wrong-wrong"],
  ]
  for (const [address, typed] of tries as [string, string][]) {
    vi.mocked(argon2.verify).mockClear()
    const answer = await post("/sign-in", { address, password: typed })
    const text = (await answer.text()).replaceAll(address, "ADDRESS")
    seen.push([answer.status, [...answer.headers.keys()].sort(), text, vi.mocked(argon2.verify).mock.calls.length])
  }
  expect(seen[0]).toMatchObject([422, expect.anything(), expect.stringContaining("一致しません"), 1])
  for (const one of seen) expect(one).toEqual(seen[0])
})

test("a failed form comes back with what was typed, but never with the password", async () => {
  const text = await (await post("/sign-in", { address: "nobody@example.jp", password: "kimitsu-no-mono" })).text()
  expect(text).toContain("nobody@example.jp")
  expect(text).not.toContain("kimitsu-no-mono")
})

test("the right password of an unconfirmed account does not sign in but sends the confirmation again", async () => {
  const { address, contactId } = await account(false)
  const answer = await post("/sign-in", { address, password })
  expect([answer.status, answer.headers.get("set-cookie")]).toEqual([422, null])
  expect(await answer.text()).toContain("確認メールをお送りしました")
  expect(await eventsOf(contactId)).toContain("account.verification_requested")
})

test("looking at a link changes nothing; pressing its button confirms the address, once", async () => {
  const { contactId } = await account(false)
  const token = await link(contactId, "verify")
  for (let scans = 0; scans < 3; scans++) expect((await get(`/verify?token=${token}`)).status).toBe(200)
  expect((await accounts.get(db, contactId)).verifiedAt).toBeNull()
  const answer = await post("/verify", { token })
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/sign-in?done=verified"])
  expect(answer.headers.get("set-cookie")).toBeNull()
  expect((await accounts.get(db, contactId)).verifiedAt).not.toBeNull()
  expect((await post("/verify", { token })).status).toBe(410)
  expect((await get(`/verify?token=${token}`)).status).toBe(410)
})

test("asking for a reset answers the same for known and unknown addresses", async () => {
  const { address } = await account()
  const seen = []
  for (const typed of [address, "nobody@example.jp"]) {
    const answer = await post("/password/forgotten", { address: typed })
    seen.push([answer.status, [...answer.headers.keys()].sort(), (await answer.text()).replaceAll(typed, "ADDRESS")])
  }
  expect(seen[0]?.[0]).toBe(200)
  expect(seen[1]).toEqual(seen[0])
})

test("what is no address is said at once, beside the field, and no mail is counted", async () => {
  for (const typed of ["", "hanako", "hanako@@example.jp"]) {
    const answer = await post("/password/forgotten", { address: typed })
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain('id="f-address-error"')
  }
})

test("a reset by link sets the password, ends the sessions, and survives a weak first try", async () => {
  const { address, contactId, cookie } = await signedIn()
  const token = await link(contactId, "reset")
  expect((await get(`/password/reset?token=${token}`)).status).toBe(200)
  const weak = await post("/password/reset", { token, newPassword: "short" })
  expect(weak.status).toBe(422)
  expect(await weak.text()).toContain("10文字以上")
  expect((await post("/password/reset", { token, newPassword: "himawari-no-tane" })).status).toBe(303)
  expect((await get("/videos", cookie)).status).toBe(303)
  expect((await post("/sign-in", { address, password: "himawari-no-tane" })).status).toBe(303)
  expect((await post("/password/reset", { token, newPassword: "himawari-no-tane" })).status).toBe(410)
})

test("changing the password asks for the present one and keeps only this session", async () => {
  const { address, cookie } = await signedIn()
  const elsewhere = cookieOf(await post("/sign-in", { address, password }))
  const wrong = await post("/account/password", { password: "wrong-wrong", newPassword: "himawari-no-tane" }, cookie)
  expect([wrong.status, (await wrong.text()).includes("現在のパスワードが一致しません")]).toEqual([422, true])
  expect((await post("/account/password", { password, newPassword: "himawari-no-tane" }, cookie)).status).toBe(200)
  expect((await get("/videos", cookie)).status).toBe(200)
  expect((await get("/videos", elsewhere)).status).toBe(303)
})

test("a new mail address waits for its mailbox, whoever holds it", async () => {
  const { contactId, cookie } = await signedIn()
  const other = await account()
  const pages = []
  for (const address of ["atarashii@example.jp", other.address]) {
    const answer = await post("/account/address", { address, password }, cookie)
    pages.push([answer.status, (await answer.text()).replaceAll(address, "ADDRESS")])
  }
  expect(pages[0]?.[0]).toBe(200)
  expect(pages[1]).toEqual(pages[0])
  await post("/account/address", { address: "atarashii@example.jp", password }, cookie)
  const token = await link(contactId, "change-address")
  expect(await (await get(`/account/address/confirm?token=${token}`)).text()).toContain("atarashii@example.jp")
  expect((await post("/account/address/confirm", { token }, cookie)).headers.get("location")).toBe(
    "/account?done=address-changed",
  )
  expect((await accounts.get(db, contactId)).address).toBe("atarashii@example.jp")
})

test("signing out ends the session, not only the cookie; only POST does it", async () => {
  const { contactId, cookie } = await signedIn()
  expect((await get("/sign-out", cookie)).status).toBe(404)
  const answer = await post("/sign-out", {}, cookie)
  expect(answer.headers.get("set-cookie")).toMatch(/^musubi_abcd1234_session=; Max-Age=0/)
  expect((await get("/videos", cookie)).status).toBe(303)
  expect(await eventsOf(contactId)).toContain("account.signed_out")
})

test("a suspension binds on the next request", async () => {
  const { contactId, cookie } = await signedIn()
  expect((await get("/videos", cookie)).status).toBe(200)
  await transact(db, (tx) => accounts.suspend(tx, contactId, "x", { kind: "system", name: "x" }, now()))
  expect((await get("/videos", cookie)).status).toBe(303)
})

test("a visit is written down every five minutes at most, and renews the cookie then", async () => {
  const { cookie } = await signedIn()
  expect((await get("/videos", cookie)).headers.get("set-cookie")).toBeNull()
  shift(6 * 60_000)
  expect((await get("/videos", cookie)).headers.get("set-cookie")).toContain("Max-Age=2592000")
  expect((await get("/videos", cookie)).headers.get("set-cookie")).toBeNull()
})

test("the account's language is spoken unless this browser chose another", async () => {
  const { contactId, cookie } = await signedIn()
  await transact(db, (tx) => accounts.speak(tx, contactId, "en"))
  expect(await (await get("/videos", cookie)).json()).toMatchObject({ locale: "en" })
  expect(await (await get("/videos", `${cookie}; lang=ja`)).json()).toMatchObject({ locale: "ja" })
})

const signInFrom = (ip: string, body: Record<string, string>) =>
  app().request("/sign-in", {
    method: "POST",
    body: new URLSearchParams(body),
    headers: { ...html, "x-forwarded-for": ip },
  })

test("ten slips close the door to their network, the right password clears them, and nobody else is shut out", async () => {
  const { address } = await account()
  for (let slips = 0; slips < 9; slips++) await signInFrom("192.0.2.1", { address, password: "x" })
  expect((await signInFrom("192.0.2.1", { address, password })).status).toBe(303)
  for (let slips = 0; slips < 10; slips++)
    expect((await signInFrom("192.0.2.1", { address, password: "x" })).status).toBe(422)
  const refused = await signInFrom("192.0.2.1", { address, password })
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0)
  expect(await refused.text()).toContain("回数の上限")
  expect((await signInFrom("192.0.2.99", { address, password })).status).toBe(303)
  // Neither does the member's own success open the door to the one who guessed.
  expect((await signInFrom("192.0.2.1", { address, password })).status).toBe(429)
})

test("many networks that guess at one address together are stopped at three hundred", async () => {
  const { address } = await account()
  vi.mocked(argon2.verify).mockImplementation(async () => false)
  const statuses = []
  for (let tries = 0; tries < 302; tries++)
    statuses.push((await signInFrom(`198.51.100.${tries % 100}`, { address, password: "x" })).status)
  expect(statuses.indexOf(429)).toBe(300)
  vi.mocked(argon2.verify).mockReset()
  vi.mocked(argon2.verify).mockImplementation((await vi.importActual<typeof argon2>("@node-rs/argon2")).verify)
})

test("one network cannot try many addresses, wherever in its /64 it sits", async () => {
  vi.mocked(argon2.verify).mockImplementation(async () => false)
  const statuses = []
  for (let tries = 0; tries < 102; tries++) {
    const answer = await app().request("/sign-in", {
      method: "POST",
      body: new URLSearchParams({ address: `a${tries}@example.jp`, password: "x" }),
      headers: { ...html, "x-forwarded-for": `2001:db8:1:2::${tries.toString(16)}` },
    })
    statuses.push(answer.status)
  }
  expect(statuses.filter((status) => status === 429)).toHaveLength(2)
  vi.mocked(argon2.verify).mockReset()
  vi.mocked(argon2.verify).mockImplementation((await vi.importActual<typeof argon2>("@node-rs/argon2")).verify)
})

test("a form that is none is answered, not a fault of ours", async () => {
  const answer = await app().request("/sign-in", {
    method: "POST",
    body: "--x\r\nrubbish",
    headers: { ...html, "content-type": "multipart/form-data; boundary=y" },
  })
  expect(answer.status).toBe(422)
})

test("steady answers no sooner than agreed, whether it works or fails", async () => {
  for (const work of [() => Promise.resolve(1), () => Promise.reject(new Error("no"))]) {
    const before = performance.now()
    await steady(60, work).catch(() => undefined)
    expect(performance.now() - before).toBeGreaterThan(55)
  }
})

test("a second person at a browser whose first one never signed out gets a visitor's id of their own", async () => {
  const [first, second] = [await account(), await account()]
  const visitor = "musubi_aid=0190b2a4-aaaa-7bbb-8ccc-1234567890ab"
  const signIn = ({ address }: { address: string }) => post("/sign-in", { address, password }, visitor)
  const renewed = (answer: Response) => answer.headers.getSetCookie().some((one) => one.startsWith("musubi_aid=;"))
  expect(renewed(await signIn(first))).toBe(false)
  expect(renewed(await signIn(first))).toBe(false)
  expect(renewed(await signIn(second))).toBe(true)
})
