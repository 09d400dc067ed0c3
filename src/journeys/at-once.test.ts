import { afterAll, beforeEach, expect, test } from "vitest"
import { emptyTables, testDatabase } from "../../test/support/database.ts"
import { operator, person } from "../../test/support/mailing.ts"
import { smtpSink } from "../../test/support/smtp.ts"
import { audienceFacts, build, catalogue, changes, evaluation, onChange } from "../audience/index.ts"
import { announce, eventFacts, react } from "../events/index.ts"
import { house, sending } from "../messaging/index.ts"
import { system } from "../platform/actors.ts"
import * as clock from "../platform/clock.ts"
import { sql, transact } from "../platform/db.ts"
import { smtp } from "../platform/mail.ts"
import { runs, scenarios, stepsPerDay, trials } from "./index.ts"

const db = await testDatabase()
const sink = await smtpSink()
const transport = smtp({ url: sink.url })
afterAll(() => transport.close())
house.set({ publicUrl: "https://manabi.example", mailFrom: "no-reply@manabi.example", outbox: false })
catalogue.offer([...eventFacts, ...audienceFacts])
onChange({ "scenario.entry": runs.enter, "scenario.exit": runs.exit })
react({ every: [changes.ofEvents], named: {} })
const staff = system("test")

beforeEach(async () => {
  await emptyTables(db)
  await operator(db)
  sink.received.length = 0
  clock.shift(new Date("2026-11-22T01:00:00Z").getTime() - Date.now())
})

const did = (event: string) => ({ fact: "event.count", with: { event }, is: { gte: 1 } })
const mailStep = (key: string) => ({
  key,
  kind: "mail",
  class: "advertising",
  subject: "応用のご案内",
  body: [{ kind: "paragraph", text: "「基本」の修了、おめでとうございます。" }],
})
const waitStep = (key: string, length: string) => ({ key, kind: "wait", for: length })
const hours = (n: number) => n * 3_600_000
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function live(definition: object, { name = "応用のご案内" } = {}) {
  const draft = { name, reentry: "never" as const, definition }
  const { id } = await transact(db, (tx) => scenarios.create(tx, draft, staff, clock.now()))
  await transact(db, (tx) => scenarios.start(tx, id, staff, clock.now()))
  for (const one of await db.selectFrom("condition").select("id").where("state", "<>", "live").execute())
    await build(db, { conditionId: one.id })
  await evaluation.settleAll(db)
  return id
}
async function happen(contactId: string, name: string) {
  await transact(db, (tx) => announce(tx, name, { contactId }))
  await evaluation.settleAll(db)
}
const send = async () => {
  while (await sending.turn(db, transport, "w"));
  await sending.settle(transport)
}
const states = async () => (await db.selectFrom("scenarioRun").select("state").execute()).map(({ state }) => state)
const mails = async () =>
  (await db.selectFrom("delivery").select(["step", "state"]).orderBy("id").execute()).map(
    ({ step, state }) => `${step} ${state}`,
  )

test("trying out compares everybody of both days, however many they are", async () => {
  const { contactId } = await person(db, { familyName: "愛田" })
  await sql`update profile set name_kana = 'アイダ' where contact_id = ${contactId}`.execute(db)
  await sql`insert into contact (id, anonymous, created_at)
    select gen_random_uuid(), false, ${clock.now()} from generate_series(1, 20001)`.execute(db)
  await sql`truncate dirty`.execute(db)
  await happen(contactId, "basic.completed")
  // Of nobody it has come true: one person went out, and nobody came.
  const definition = { entry: { not: did("basic.completed") }, steps: [mailStep("next")] }
  const trial = await trials.tryOut(db, definition, 30, new Date(clock.now().getTime() + 1_000))
  expect(trial).toEqual({ entered: 0, people: [], mails: {} })
})

test("nobody slips into a scenario that is being paused or ended, and no mail of theirs goes out", async () => {
  for (const end of [scenarios.pause, scenarios.archive]) {
    const id = await live({ entry: did("basic.completed"), steps: [mailStep("next")] }, { name: end.name })
    const { contactId } = await person(db)
    await transact(db, (tx) => announce(tx, "basic.completed", { contactId }))
    let commit = () => {}
    const committed = new Promise<void>((resolve) => {
      commit = resolve
    })
    const ending = transact(db, async (tx) => {
      await end(tx, id, staff, clock.now())
      await committed
    })
    await pause(200)
    const evaluated = evaluation.settleAll(db)
    await pause(200)
    commit()
    await Promise.all([ending, evaluated])
    await send()
  }
  expect([await states(), await mails(), sink.received]).toEqual([[], [], []])
})

test("a run of somebody who is being evaluated is left for the next turn, not waited for", async () => {
  await live({ entry: did("basic.completed"), steps: [waitStep("pause", "PT24H"), mailStep("next")] })
  const { contactId } = await person(db)
  await happen(contactId, "basic.completed")
  clock.shift(clock.shifted() + hours(25))
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const evaluating = transact(db, async (tx) => {
    await sql`select from contact where id = ${contactId} for no key update`.execute(tx)
    await released
  })
  await pause(100)
  const turned = runs.turn(db)
  expect(await Promise.race([turned, pause(1_000).then(() => "waiting")])).toBe(false)
  release()
  await Promise.all([evaluating, turned])
  expect(await mails()).toEqual([])
  await runs.turn(db)
  expect(await mails()).toEqual(["next queued"])
})

test("of several steps at once, those that the day's budget still allows are taken; yesterday's is forgotten", async () => {
  for (const name of ["一", "二", "三"])
    await live({ entry: did("basic.completed"), steps: [mailStep("next")] }, { name })
  const { contactId } = await person(db)
  await sql`insert into step_budget (contact_id, on_day, steps)
    values (${contactId}, '2026-11-21', 50), (${contactId}, '2026-11-22', ${stepsPerDay - 2})`.execute(db)
  await happen(contactId, "basic.completed")
  expect(await mails()).toEqual(["next queued", "next queued"])
  expect((await db.selectFrom("stepBudget").select("onDay").execute()).map(({ onDay }) => onDay)).toEqual([
    "2026-11-22",
  ])
})
