import { Hono } from "hono"
import { beforeEach, expect, test } from "vitest"
import { emptyTables, testDatabase } from "../../../test/support/database.ts"
import { announce, contacts, eventFacts, react } from "../../events/index.ts"
import type { Actor } from "../../platform/actors.ts"
import { now } from "../../platform/clock.ts"
import { transact } from "../../platform/db.ts"
import { answerErrors, type Env, foundation } from "../../platform/http.ts"
import { newId } from "../../platform/ids.ts"
import { audienceFacts, build, catalogue, changes, evaluation, onChange } from "../index.ts"
import { api } from "./api.ts"

const db = await testDatabase()
let actor: Actor = { kind: "staff", staffId: newId(), role: "marketer" }
const app = new Hono<Env>()
app.use(
  foundation(db, { publicUrl: "http://localhost", secure: false, instance: "t", trustProxy: false, testClock: false }),
)
app.use(async (c, next) => {
  c.set("actor", actor)
  await next()
})
app.route("/api", api)
answerErrors(app, (c) => c.text("page"))

const twice = { fact: "event.count", with: { event: "document.requested", within: "P30D" }, is: { gte: 2 } }

beforeEach(async () => {
  await emptyTables(db)
  catalogue.offer([...eventFacts, ...audienceFacts])
  react({ every: [changes.ofEvents], named: {} })
  onChange({})
  actor = { kind: "staff", staffId: newId(), role: "marketer" }
})

async function call(method: string, path: string, body?: unknown, locale = "ja") {
  const response = await app.request(`/api${path}`, {
    method,
    headers: { "content-type": "application/json", "accept-language": locale },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
  return { status: response.status, body: (text ? JSON.parse(text) : undefined) as any }
}

async function person(): Promise<string> {
  return transact(db, (tx) => contacts.create(tx, now()))
}

async function buildAll(): Promise<void> {
  for (const { id } of await db.selectFrom("condition").select("id").where("state", "<>", "live").execute())
    await build(db, { conditionId: id })
}

test("events, properties, plans and purposes that conditions mention have names in both languages", async () => {
  await transact(db, (tx) =>
    tx
      .insertInto("eventSchema")
      .values({
        name: "document.requested",
        label: JSON.stringify({ ja: "資料請求", en: "Asked for material" }),
        properties: "{}",
        protected: false,
        changedAt: now(),
      })
      .execute(),
  )
  const { status, body } = await call("GET", "/facts/names")
  expect(status).toBe(200)
  const label = (kind: string, name: string) =>
    body.data.find((one: { kind: string; name: string }) => one.kind === kind && one.name === name)?.label
  expect(label("event", "video.watched")).toEqual({ ja: "動画を視聴", en: "Watched a video" })
  expect(label("event", "document.requested")).toEqual({ ja: "資料請求", en: "Asked for material" })
  expect(label("property", "plan")).toEqual({ ja: "プラン", en: "Plan" })
  expect(label("plan", "standard")).toEqual({ ja: "スタンダード", en: "Standard" })
  expect(label("purpose", "advertising-mail")).toEqual({ ja: "広告メール", en: "Advertising mail" })
})

test("facts are listed with labels and the schema of their arguments", async () => {
  const { status, body } = await call("GET", "/facts")
  expect(status).toBe(200)
  const count = body.data.find((fact: { name: string }) => fact.name === "event.count")
  expect(count.label.ja).toBe("行動の回数")
  expect(count.with.required).toEqual(["event"])
  expect(count.comparisons).not.toContain("contains")
})

test("a condition with faults is answered with each fault by its path, in the reader's language", async () => {
  const definition = {
    all: [
      { fact: "event.cuont", is: { gte: 1 } },
      { ...twice, with: { event: "x", within: "30 days" } },
      { ...twice, is: { contains: "1" } },
    ],
  }
  const { status, body } = await call("POST", "/conditions/preview", { definition })
  expect(status).toBe(422)
  expect(Object.keys(body.errors)).toEqual([
    "definition.all.0.fact",
    "definition.all.1.with.within",
    "definition.all.2.is.contains",
  ])
  expect(body.errors["definition.all.0.fact"]).toBe("「event.cuont」という判定項目はありません。")
  const english = await call("POST", "/conditions/preview", { definition }, "en")
  expect(english.body.errors["definition.all.0.fact"]).toBe("There is no fact “event.cuont”.")
})

test("rubbish of every kind is refused, not stumbled over", async () => {
  let deep: unknown = twice
  for (let n = 0; n < 1_000; n++) deep = { not: deep }
  const many = { any: Array.from({ length: 101 }, () => twice) }
  for (const definition of [
    null,
    1,
    "x",
    [],
    {},
    { all: [] },
    { all: {} },
    { not: [] },
    deep,
    many,
    { all: [twice], any: [twice] },
    { ...twice, is: {} },
    { ...twice, is: { gte: 1, lte: 2 } },
    { ...twice, is: { gte: "1" } },
    { ...twice, is: { in: [] } },
    { ...twice, extra: 1 },
    { ...twice, with: { event: "a\0b" } },
    { ...twice, with: { event: "x", within: "P0D" } },
    { ...twice, with: { event: "x", since: "2026-02-30" } },
    { fact: "__proto__", is: { eq: 1 } },
  ])
    expect(
      (await call("POST", "/conditions/preview", { definition })).status,
      JSON.stringify(definition)?.slice(0, 80),
    ).toBe(422)
})

test("a preview says how many people there are and shows them with what was found", async () => {
  const contactId = await person()
  await person()
  for (let n = 0; n < 3; n++) await transact(db, (tx) => announce(tx, "document.requested", { contactId }))
  const { status, body } = await call("POST", "/conditions/preview", { definition: twice })
  expect(status).toBe(200)
  expect([body.count, body.people.length]).toEqual([1, 1])
  expect(body.people[0].reason.leaves[0]).toMatchObject({
    question: "30日以内の「document.requested」の回数",
    wanted: "2以上",
    found: "3",
    met: true,
  })
  const before = await call("POST", "/conditions/preview", { definition: twice, at: "2020-01-01T00:00:00Z" })
  expect(before.body.count).toBe(0)
  actor = { kind: "staff", staffId: newId(), role: "editor" }
  expect((await call("POST", "/conditions/preview", { definition: twice })).body).toMatchObject({
    count: 1,
    people: [],
  })
})

test("a segment is made, found, changed, looked into and put away", async () => {
  const contactId = await person()
  const made = await call("POST", "/segments", { name: "資料を2回以上", definition: twice })
  expect([made.status, made.body.state]).toEqual([201, "building"])
  await buildAll()
  expect((await call("POST", "/segments", { name: "資料を2回以上", definition: twice })).body.errors.name).toContain(
    "同じ名前",
  )
  for (let n = 0; n < 2; n++) await transact(db, (tx) => announce(tx, "document.requested", { contactId }))
  await evaluation.settleAll(db)
  const { id } = made.body
  expect((await call("GET", "/segments")).body.data).toMatchObject([{ id, state: "live", members: 1 }])
  const people = await call("GET", `/segments/${id}/contacts`, undefined, "en")
  expect(people.body.data[0]).toMatchObject({
    contactId,
    reason: { met: true, leaves: [{ wanted: "at least 2", found: "2" }] },
  })
  const changed = await call("PATCH", `/segments/${id}`, { definition: { ...twice, is: { gte: 3 } } })
  expect(changed.body.state).toBe("building")
  await buildAll()
  expect((await call("GET", `/segments/${id}/contacts`)).body.data).toEqual([])
  const stays = await call("GET", `/segments/${id}/history`)
  expect(stays.body.data).toMatchObject([
    { contactId, leftReason: { met: false, leaves: [{ found: "2", wanted: "3以上" }] } },
  ])
  const own = await call("GET", `/contacts/${contactId}/segments`)
  expect(own.body.data).toMatchObject([{ segmentId: id, in: false, reason: { met: false, leaves: [{ found: "2" }] } }])
  expect((await call("DELETE", `/segments/${id}`)).status).toBe(204)
  expect((await call("GET", "/segments")).body.data).toEqual([])
  expect((await call("PATCH", `/segments/${id}`, { name: "x" })).status).toBe(404)
})

test("members come in pages, each once", async () => {
  const all = await Promise.all(Array.from({ length: 7 }, person))
  const { id } = (await call("POST", "/segments", { name: "全員", definition: { not: twice } })).body
  await buildAll()
  const seen: string[] = []
  let cursor = ""
  do {
    const { body } = await call("GET", `/segments/${id}/contacts?limit=3${cursor && `&cursor=${cursor}`}`)
    seen.push(...body.data.map((member: { contactId: string }) => member.contactId))
    cursor = body.nextCursor ?? ""
  } while (cursor)
  expect(seen.sort()).toEqual(all.sort())
  expect((await call("GET", `/segments/${id}/contacts?cursor=rubbish`)).status).toBe(422)
})

test("a segment others ask for is not put away, and none may ask for itself", async () => {
  const inner = (await call("POST", "/segments", { name: "内側", definition: twice })).body.id
  const inside = { fact: "segment.in", with: { segment: inner }, is: { eq: true } }
  const outer = (await call("POST", "/segments", { name: "外側", definition: { not: inside } })).body.id
  expect((await call("DELETE", `/segments/${inner}`)).status).toBe(409)
  const circle = { fact: "segment.in", with: { segment: outer }, is: { eq: true } }
  expect((await call("PATCH", `/segments/${inner}`, { definition: circle })).status).toBe(422)
  expect(
    (await call("POST", "/segments", { name: "なし", definition: { ...inside, with: { segment: newId() } } })).status,
  ).toBe(422)
})

test("segments are for staff whose role allows it", async () => {
  actor = { kind: "visitor" }
  expect((await call("GET", "/segments")).status).toBe(401)
  actor = { kind: "member", contactId: newId() }
  expect((await call("POST", "/segments", { name: "x", definition: twice })).status).toBe(401)
  actor = { kind: "staff", staffId: newId(), role: "editor" }
  expect((await call("GET", "/segments")).status).toBe(200)
  expect((await call("POST", "/segments", { name: "x", definition: twice })).status).toBe(403)
})
