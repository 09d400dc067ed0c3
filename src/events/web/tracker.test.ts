import { serve } from "@hono/node-server"
import { readFile } from "node:fs/promises"
import { stripTypeScriptTypes } from "node:module"
import type { AddressInfo } from "node:net"
import { afterAll, expect, test } from "vitest"
import { browser } from "../../../test/support/chromium.ts"
import { testDatabase } from "../../../test/support/database.ts"
import { system } from "../../platform/actors.ts"
import { transact } from "../../platform/db.ts"
import { sameOrigin } from "../../platform/guards.ts"
import { anyone, answerErrors, foundation, routes } from "../../platform/http.ts"
import { idOf } from "../../platform/ids.ts"
import { keys, site } from "../index.ts"

const db = await testDatabase()
const key = (await transact(db, (tx) => keys.create(tx, { kind: "browser", name: "site" }, system("test")))).key
const script = stripTypeScriptTypes(await readFile("src/browser/tracker.ts", "utf8"))
const confirmed: string[] = []
let away = false

const app = routes()
app.use(
  foundation(db, { publicUrl: "http://localhost", secure: false, instance: "t", trustProxy: false, testClock: false }),
)
app.use("/v1/*", async (c, next) => (away ? c.text("away", 503) : next()))
app.route("/", site)
app.use(sameOrigin())
app.get("/tracker.js", anyone, (c) => c.body(script, 200, { "Content-Type": "text/javascript" }))
app.post("/l/confirm", anyone, async (c) => {
  confirmed.push((await c.req.parseBody<{ m: string }>()).m)
  return c.body(null, 204)
})
app.get("/shop", anyone, (c) =>
  c.html(`<!doctype html><title>店</title><script defer src="${host}/tracker.js" data-key="${key}"></script>`),
)
app.get("*", anyone, (c) =>
  c.html(`<!doctype html><title>講座</title><h1>講座</h1>
    <a id="next" href="/next?token=secret&utm_source=top">次の   講座へ</a>
    <p data-private><a id="own" href="/me">佐藤 花子 様</a></p>
    <script defer src="/tracker.js" data-key="${key}" ${c.req.query("renew") ? "data-renew" : ""} ${c.req.query("member") ? "data-member" : ""}></script>`),
)
answerErrors(app, (c, problem) => c.json(problem, problem.status as 400))
const listening = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" })
await new Promise((resolve) => listening.once("listening", resolve))
const host = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`
afterAll(() => void listening.close())

/** A browser that does not call itself headless: views by what calls itself a robot are not kept. */
async function visitor() {
  const context = await (await browser()).newContext({
    userAgent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/153.0.0.0 Safari/537.36",
  })
  const page = await context.newPage()
  const faults: string[] = []
  page.on("pageerror", (error) => faults.push(error.message))
  return { page, context, faults }
}

type Page = Awaited<ReturnType<typeof visitor>>["page"]
const idIn = async (page: Page) =>
  (await page.context().cookies()).find((cookie) => cookie.name === "musubi_aid")?.value
async function told(anonymousId: string, count: number) {
  for (let waited = 0; ; waited += 50) {
    const rows = await db
      .selectFrom("event")
      .select(["name", "properties", "sequence"])
      .where("contactId", "=", idOf("anonymous", anonymousId))
      .orderBy("sequence")
      .execute()
    if (rows.length >= count || waited > 8_000) return rows
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

test("pages, clicks and time on page are told in order, each once, without what is secret in addresses", async () => {
  const { page, context, faults } = await visitor()
  await page.goto(`${host}/courses/tax?token=secret&utm_source=mail#part`)
  await page.waitForTimeout(1_200)
  await page.click("#next")
  await page.waitForURL("**/next*")
  const anonymousId = (await idIn(page))!
  await page.evaluate(() =>
    document.querySelector("#own")!.addEventListener("click", (event) => event.preventDefault()),
  )
  await page.click("#own")
  const events = await told(anonymousId, 5)
  expect(events.map((event) => [event.name, event.properties])).toEqual([
    ["page.viewed", { path: "/courses/tax?utm_source=mail", title: "講座", referrer: "" }],
    ["link.clicked", { href: "/next?utm_source=top", text: "次の 講座へ" }],
    ["page.left", { path: "/courses/tax?utm_source=mail", seconds: expect.any(Number) }],
    ["page.viewed", { path: "/next?utm_source=top", title: "講座", referrer: "/courses/tax?utm_source=mail" }],
    ["link.clicked", { href: "/me", text: "" }],
  ])
  expect(events.map((event) => Number(event.sequence))).toEqual([1, 2, 3, 4, 5])
  await page.waitForFunction(() => localStorage.musubi_queue === "[]")
  expect((await told(anonymousId, 5)).length).toBe(5)
  expect(faults).toEqual([])
  await context.close()
})

test("what could not be sent is kept over the end of the page and told once when the server is back", async () => {
  const { page, context } = await visitor()
  away = true
  await page.goto(`${host}/one`)
  await page.waitForTimeout(1_500)
  await page.goto(`${host}/two`)
  const anonymousId = (await idIn(page))!
  expect(await told(anonymousId, 0)).toEqual([])
  away = false
  await page.reload()
  const events = await told(anonymousId, 4)
  expect(events.filter((event) => event.name === "page.viewed").map((event) => event.properties.path)).toEqual([
    "/one",
    "/two",
    "/two",
  ])
  await context.close()
})

test("who asks not to be tracked is not, but for members signed in", async () => {
  const { page, context } = await visitor()
  await page.addInitScript(() => Object.defineProperty(navigator, "globalPrivacyControl", { value: true }))
  await page.goto(`${host}/quiet`)
  await page.waitForTimeout(300)
  expect(await idIn(page)).toBeUndefined()
  expect(await page.evaluate(() => localStorage.length)).toBe(0)
  await page.goto(`${host}/quiet?member=1`)
  expect(await idIn(page)).toBeDefined()
  await context.close()
})

test("the anonymous id lasts over pages and is a new one after sign-out", async () => {
  const { page, context } = await visitor()
  await page.goto(`${host}/a`)
  const first = await idIn(page)
  await page.goto(`${host}/b`)
  expect(await idIn(page)).toBe(first)
  await page.goto(`${host}/signed-out?renew=1`)
  const second = await idIn(page)
  expect(second).not.toBe(first)
  await page.goto(`${host}/c`)
  expect(await idIn(page)).toBe(second)
  await context.close()
})

test("a page reached from a mail confirms the click and takes the word out of its address", async () => {
  const { page, context } = await visitor()
  const word = "w".repeat(65)
  await page.goto(`${host}/landing?m=${word}&x=1`)
  await expect.poll(() => confirmed).toEqual([word])
  expect(page.url()).toBe(`${host}/landing?x=1`)
  await page.goto(`${host}/landing?m=3`)
  await page.waitForTimeout(200)
  expect(page.url()).toBe(`${host}/landing?m=3`)
  expect(confirmed.length).toBe(1)
  await context.close()
})

test("another site that embeds the tracker is heard without asking first", async () => {
  const { page, context } = await visitor()
  await page.goto(`${host.replace("127.0.0.1", "localhost")}/shop`)
  await expect.poll(() => idIn(page)).toBeDefined()
  const events = await told((await idIn(page))!, 1)
  expect(events.map((event) => [event.name, event.properties.title])).toEqual([["page.viewed", "店"]])
  await context.close()
})
