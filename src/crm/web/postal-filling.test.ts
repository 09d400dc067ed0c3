import { serve } from "@hono/node-server"
import { readFile } from "node:fs/promises"
import { stripTypeScriptTypes } from "node:module"
import type { AddressInfo } from "node:net"
import { afterAll, expect, test } from "vitest"
import { browser } from "../../../test/support/chromium.ts"
import { testDatabase } from "../../../test/support/database.ts"
import { anyone, foundation, routes } from "../../platform/http.ts"
import * as postal from "../postal.ts"
import { api } from "./api.ts"

const db = await testDatabase()
const script = stripTypeScriptTypes(await readFile("src/browser/postal.ts", "utf8"))
const app = routes()
app.use(
  foundation(db, { publicUrl: "http://localhost", secure: false, instance: "t", trustProxy: false, testClock: false }),
)
app.route("/api", api)
app.get("/postal.js", anyone, (c) => c.body(script, 200, { "Content-Type": "text/javascript" }))
app.get("/", anyone, (c) =>
  c.html(`<!doctype html><form><input name="postalCode" data-postal>
    <select name="prefecture"><option value="">-</option>${postal.prefectures.map((name) => `<option>${name}</option>`).join("")}</select>
    <input name="city"><input name="town"><input name="street"></form><script type="module" src="/postal.js"></script>`),
)
const listening = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" })
await new Promise((resolve) => listening.once("listening", resolve))
const url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}/`
afterAll(() => void listening.close())

test("a postal code fills the address while it is typed, and leaves alone what somebody wrote", async () => {
  const page = await (await (await browser()).newContext()).newPage()
  await page.goto(url)
  const value = (name: string) => page.locator(`[name=${name}]`).inputValue()
  await page.fill("[name=street]", "1-2-3")
  await page.locator("[name=postalCode]").pressSequentially("390-0874")
  await expect.poll(() => value("city")).toBe("松本市")
  expect([await value("prefecture"), await value("town"), await value("street")]).toEqual(["長野県", "大手", "1-2-3"])

  await page.fill("[name=postalCode]", "〒１００－０００１")
  await expect.poll(() => value("town")).toBe("千代田")
  expect([await value("prefecture"), await value("city")]).toEqual(["東京都", "千代田区"])

  await page.fill("[name=town]", "丸の内")
  await page.fill("[name=postalCode]", "390-0874")
  await expect.poll(() => value("city")).toBe("松本市")
  expect(await value("town")).toBe("丸の内")

  await page.fill("[name=postalCode]", "000-0000")
  await page.waitForTimeout(200)
  expect(await value("city")).toBe("松本市")
  await page.context().close()
})
