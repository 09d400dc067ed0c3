import { expect, test } from "vitest"
import { sameOrigin, limitedBodies } from "./guards.ts"
import { answerErrors, anyone, type Env, routes } from "./http.ts"

const app = routes()
app.use((c, next) => {
  c.set("site", {
    publicUrl: "https://a.example.jp",
    secure: true,
    instance: "t",
    trustProxy: false,
    testClock: false,
  } satisfies Env["Variables"]["site"])
  c.set("locale", "ja")
  return next()
})
app.use(sameOrigin({ except: ["/u/"] }), limitedBodies({ except: ["/api/uploads"] }))
for (const path of ["/form", "/u/word", "/api/things", "/api/uploads/1"])
  app.post(path, anyone, async (c) => c.text(String((await c.req.text()).length)))
answerErrors(app, (c, problem) => c.text(problem.title))

const post = (path: string, headers: Record<string, string> = {}, body: BodyInit = "x") =>
  app.request(path, { method: "POST", headers, body, duplex: "half" } as RequestInit)

test("a changing request made by a foreign page is refused, whatever else it carries", async () => {
  const foreign: Record<string, string>[] = [
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { origin: "https://b.example" },
  ]
  for (const headers of foreign) {
    expect((await post("/form", headers)).status).toBe(403)
    expect((await post("/api/things", headers)).status).toBe(403)
    // Only the API answers by the token; a page would look at the cookie all the same.
    expect((await post("/form", { ...headers, authorization: "Basic eDp5" })).status).toBe(403)
    expect((await post("/api/things", { ...headers, authorization: "Bearer mst_x" })).status).toBe(200)
    expect((await post("/u/word", headers)).status).toBe(200)
  }
  const own: Record<string, string>[] = [{}, { "sec-fetch-site": "same-origin" }, { origin: "https://a.example.jp" }]
  for (const headers of own) expect((await post("/form", headers)).status).toBe(200)
})

test("a body that is too large is refused, told or not, and an upload is not asked", async () => {
  const large = "x".repeat(1_000_001)
  const untold = () => new Blob([large]).stream()
  expect((await post("/form", { "content-length": String(large.length) }, large)).status).toBe(413)
  expect((await post("/form", {}, untold())).status).toBe(413)
  expect(await (await post("/form", {}, new Blob(["x".repeat(1_000_000)]).stream())).text()).toBe("1000000")
  expect((await post("/api/uploads/1", {}, untold())).status).toBe(200)
})
