import { beforeEach, expect, test } from "vitest"
import { emptyTables, testDatabase } from "../../../test/support/database.ts"
import { operator, person } from "../../../test/support/mailing.ts"
import { audienceFacts, build, catalogue, changes, evaluation, onChange } from "../../audience/index.ts"
import { announce, eventFacts, react } from "../../events/index.ts"
import { house } from "../../messaging/index.ts"
import type { Actor } from "../../platform/actors.ts"
import { transact } from "../../platform/db.ts"
import { answerErrors, foundation, routes } from "../../platform/http.ts"
import { newId } from "../../platform/ids.ts"
import { problemPage } from "../../ui/index.ts"
import { runs } from "../index.ts"
import { api } from "./api.ts"

const db = await testDatabase()
house.set({ publicUrl: "https://manabi.example", mailFrom: "no-reply@manabi.example", outbox: false })
catalogue.offer([...eventFacts, ...audienceFacts])
onChange({ "scenario.entry": runs.enter, "scenario.exit": runs.exit })
react({ every: [changes.ofEvents], named: {} })

let actor: Actor
const app = routes()
app.use(
  foundation(db, {
    publicUrl: "https://manabi.example",
    secure: true,
    instance: "t",
    trustProxy: false,
    testClock: false,
  }),
)
answerErrors(app, problemPage)
app.use(async (c, next) => {
  c.set("actor", actor)
  await next()
})
app.route("/api", api)

beforeEach(async () => {
  await emptyTables(db)
  await operator(db)
  actor = { kind: "staff", staffId: newId(), role: "marketer" }
})

type Answer = {
  status: number
  body: { [name: string]: never } & {
    id: string
    data: { id: string; state: string }[]
    errors: Record<string, string>
  }
}
async function ask(method: string, path: string, body?: object): Promise<Answer> {
  const answer = await app.request(`/api${path}`, {
    method,
    body: body && JSON.stringify(body),
    headers: { "content-type": "application/json" },
  })
  return { status: answer.status, body: (await answer.json()) as Answer["body"] }
}

const entry = { fact: "event.count", with: { event: "basic.completed" }, is: { gte: 1 } }
const mail = {
  key: "next",
  kind: "mail",
  class: "advertising",
  subject: "{{contact.fullName}} 様へ",
  body: [{ kind: "paragraph", text: "{{contact.fullName}} 様" }],
}
const draft = (more: object = {}) => ({ name: "応用のご案内", definition: { entry, steps: [mail], ...more } })

test("a scenario is made, started, followed and ended over the API", async () => {
  const made = await ask("POST", "/scenarios", draft())
  expect(made).toMatchObject({ status: 201, body: { state: "draft", version: 1, reentry: "never" } })
  const { id } = made.body
  expect((await ask("POST", `/scenarios/${id}/start`)).body).toMatchObject({ state: "live" })
  for (const condition of await db.selectFrom("condition").select("id").execute())
    await build(db, { conditionId: condition.id })
  for (let n = 0; n < 3; n++) {
    const { contactId } = await person(db, { consent: n > 0 })
    await transact(db, (tx) => announce(tx, "basic.completed", { contactId }))
  }
  await evaluation.settleAll(db)
  const first = (await ask("GET", `/scenarios/${id}/runs?limit=2`)).body
  const second = (await ask("GET", `/scenarios/${id}/runs?limit=2&cursor=${first.nextCursor}`)).body
  expect([...first.data, ...second.data].map((run) => run.state)).toEqual(["finished", "finished", "finished"])
  expect(new Set([...first.data, ...second.data].map((run) => run.id)).size).toBe(3)
  expect((await ask("GET", `/scenarios/${id}/counts`)).body).toMatchObject({
    entered: 3,
    finished: 3,
    running: 0,
    mails: { queued: 2, suppressed: 1 },
  })
  expect(
    (await ask("PUT", `/scenarios/${id}`, draft({ steps: [{ key: "day", kind: "wait", for: "P1D" }, mail] }))).body,
  ).toMatchObject({ version: 2 })
  expect((await ask("GET", `/scenarios/${id}/versions`)).body.data).toHaveLength(2)
  expect((await ask("POST", `/scenarios/${id}/pause`)).body).toMatchObject({ state: "paused" })
  expect((await ask("POST", `/scenarios/${id}/archive`)).body).toMatchObject({ state: "archived" })
  expect((await ask("PUT", `/scenarios/${id}`, draft())).status).toBe(409)
  const acts = await db.selectFrom("audit").select("action").orderBy("happenedAt").orderBy("id").execute()
  expect(acts.map(({ action }) => action)).toEqual([
    "scenario.create",
    "scenario.start",
    "scenario.change",
    "scenario.pause",
    "scenario.archive",
  ])
})

test.each([
  ["an unknown tag", { steps: [{ ...mail, subject: "{{contact.password}}" }] }, "steps.0.subject"],
  ["no class", { steps: [{ ...mail, class: undefined }] }, "steps.0.class"],
  [
    "a script for a link",
    { steps: [{ ...mail, body: [{ kind: "button", label: "x", url: "javascript:alert(1)" }] }] },
    "steps.0.body.0.url",
  ],
  ["a wait of no length", { steps: [{ key: "w", kind: "wait", for: "PT0H" }] }, "steps.0.for"],
  ["two steps of one key", { steps: [mail, mail] }, "steps.1.key"],
  ["no steps", { steps: [] }, "steps"],
  ["an unknown fact", { entry: { fact: "no.such", is: { gte: 1 } } }, "entry"],
  ["rubbish for an exit", { exit: { all: 3 } }, "exit"],
])("a scenario with %s is refused, naming the field", async (_, more, field) => {
  const { status, body } = await ask("POST", "/scenarios", draft(more))
  expect(status).toBe(422)
  expect(Object.keys(body.errors).some((name) => name.startsWith(field))).toBe(true)
})

test("a name is used once", async () => {
  await ask("POST", "/scenarios", draft())
  expect((await ask("POST", "/scenarios", draft())).status).toBe(409)
})

test("a test mail looks as that member's would, and queues nothing", async () => {
  const { id } = (await ask("POST", "/scenarios", draft())).body
  const { contactId } = await person(db, { familyName: "小林", givenName: "美咲" })
  const { status, body } = await ask("POST", `/scenarios/${id}/test-mail`, { contactId })
  expect(status).toBe(200)
  expect(body).toMatchObject({ subject: "小林 美咲 様へ" })
  expect(String(body.html)).toContain("長野県松本市大手1-2-3")
  expect(await db.selectFrom("delivery").selectAll().execute()).toEqual([])
  expect((await ask("POST", `/scenarios/${id}/test-mail`, { contactId, step: "none" })).status).toBe(404)
})

test("a draft is tried on the past over the API", async () => {
  const { contactId } = await person(db)
  await transact(db, (tx) => announce(tx, "basic.completed", { contactId }))
  const { body } = await ask("POST", "/scenarios/try", { definition: draft().definition, days: 7 })
  expect(body).toMatchObject({ entered: 1, people: [{ contactId, familyName: "佐藤" }], mails: { sent: 1 } })
})

test("who may only read cannot change, who may neither sees nothing", async () => {
  const { id } = (await ask("POST", "/scenarios", draft())).body
  actor = { kind: "staff", staffId: newId(), role: "analyst" }
  expect((await ask("GET", `/scenarios/${id}`)).status).toBe(200)
  for (const path of ["start", "pause", "archive"])
    expect((await ask("POST", `/scenarios/${id}/${path}`)).status).toBe(403)
  actor = { kind: "staff", staffId: newId(), role: "editor" }
  expect((await ask("GET", "/scenarios")).status).toBe(403)
  actor = { kind: "member", contactId: newId() }
  expect((await ask("GET", "/scenarios")).status).toBe(401)
})
