import { expect, test } from "vitest"
import { did, hours, journeys, mailStep, staff, waitStep } from "../../test/support/journeys.ts"
import { person } from "../../test/support/mailing.ts"
import { evaluation } from "../audience/index.ts"
import { announce } from "../events/index.ts"
import * as clock from "../platform/clock.ts"
import { sql, transact } from "../platform/db.ts"
import { runs, scenarios, stepsPerDay, trials } from "./index.ts"

const { db, sink, live, happen, send, states, mails } = await journeys()
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

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
