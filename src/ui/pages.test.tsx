import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { answerErrors, foundation, routes } from "../platform/http.ts"
import type { Db } from "../platform/db.ts"
import {
  asset,
  framed,
  honorific,
  Page,
  page,
  palette,
  problemPage,
  render,
  setAssetVersions,
  setFrame,
} from "./index.ts"

const site = { name: "まなび動画" }
const frame = { locale: "ja" as const, path: "/history?show=completed", site }
const nasty = `<script>alert("髙﨑")</script>`

test("names, titles and site names come out as text, never as markup", () => {
  const member = { familyName: nasty, givenName: "花子", rankName: nasty, rankColour: `red"><script>` }
  const legal = { privacy: `/"><script>` }
  const html = render(<Page title={nasty} children={nasty} />, { ...frame, site: { name: nasty, legal }, member })
  expect(html).not.toContain("<script>")
  expect(html).toContain("&lt;script&gt;alert(&quot;髙﨑&quot;)&lt;/script&gt;")
})

test("様 stands behind a name only", () => {
  expect(honorific({ familyName: "佐藤", givenName: "花子" }, "ja")).toBe("佐藤 花子 様")
  expect(honorific({ familyName: "佐藤", givenName: "" }, "ja")).toBe("佐藤 様")
  expect(honorific({ familyName: "", givenName: "" }, "ja")).toBe("")
  expect(honorific({ familyName: "佐藤", givenName: "花子" }, "en")).toBe("佐藤 花子")
  const nameless = render(<Page title="ホーム" children="" />, { ...frame, member: { familyName: "", givenName: "" } })
  expect(nameless).not.toContain("様")
})

test("the menu marks the area one is in, and visitors are offered a way in", () => {
  const member = { familyName: "佐藤", givenName: "花子" }
  const html = render(<Page title="学習の記録" children="" />, { ...frame, member })
  expect(html).toMatch(/href="\/history" aria-current="page">学習の記録/)
  expect(html.match(/aria-current/g)).toHaveLength(1)
  const video = render(<Page title="動画" children="" />, { ...frame, path: "/videos/bokin", member })
  expect(video).toMatch(/href="\/courses" aria-current="true"/)
  const visitor = render(<Page title="動画" children="" />, frame)
  expect(visitor).toContain(`href="/join"`)
  expect(visitor).not.toContain("学習の記録")
})

test("an accent that is no colour is left out", () => {
  const styled = (accent: string) => render(<Page title="x" children="" />, { ...frame, site: { ...site, accent } })
  expect(styled("#7a3640")).toContain(`data-brand="" style="--brand:#7a3640"`)
  expect(styled("red;background:url(//evil)")).not.toContain("--brand")
})

test("built files carry their content hash", () => {
  setAssetVersions({ "site.css": "3fa9c1" })
  expect([asset("site.css"), asset("player.js")]).toEqual(["/assets/site.css?v=3fa9c1", "/assets/player.js"])
  setAssetVersions({})
})

test("a page still has the site's last known face when the frame cannot be read", async () => {
  let away = false
  const app = routes()
  const own = { publicUrl: "http://localhost", secure: false, instance: "a", trustProxy: false, testClock: false }
  app.use(foundation({} as Db, own))
  app.use(
    framed({
      site: async () => {
        if (away) throw new Error("connection refused")
        return { name: "信州アカデミー" }
      },
      member: async () => undefined,
    }),
  )
  app.get("/here", (c) => page(c, <Page title="ここ" children="本文" />))
  app.get("/known", (c) => {
    setFrame(c, { member: { familyName: "小林", givenName: "美咲" } })
    return page(c, <Page title="ここ" children="" />)
  })
  answerErrors(app, problemPage)
  const headers = { accept: "text/html" }
  expect(await (await app.request("/here")).text()).toContain("<title>ここ — 信州アカデミー</title>")
  expect(await (await app.request("/known")).text()).toContain("小林 美咲 様")
  away = true
  const missing = await app.request("/nowhere", { headers })
  expect(missing.status).toBe(404)
  const html = await missing.text()
  expect(html).toContain("信州アカデミー")
  expect(html).toContain("お探しのページは見つかりませんでした")
})

test("the tokens of mails and console are those of the site, and every colour has its dark one", () => {
  const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8")
  for (const [name, value] of Object.entries(palette)) {
    const token = `--${name.replace(/([A-Z]|\d)/g, (part) => `-${part.toLowerCase()}`)}: light-dark(${value}, #`
    expect(css).toContain(token)
  }
  // A colour that is said once would be the same by night.
  expect(css.match(/(?<!light-dark\()#[0-9a-f]{6}(?=;)/g)).toBeNull()
})
