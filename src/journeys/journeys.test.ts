import { expect, test } from "vitest"
import { did, hours, journeys, mailStep, staff, waitStep } from "../../test/support/journeys.ts"
import { operator, person } from "../../test/support/mailing.ts"
import { changes, evaluation } from "../audience/index.ts"
import { announce } from "../events/index.ts"
import * as clock from "../platform/clock.ts"
import { sql, transact } from "../platform/db.ts"
import { runs, scenarios, stepsPerDay, trials } from "./index.ts"

const { db, sink, dying, live, buildAll, happen, later, send, states, mails, eventsOf } = await journeys()

test("whoever completes 基本 gets exactly one mail with name, footer and reason, however often the event comes", async () => {
  await live({ entry: did("basic.completed"), steps: [mailStep("next")] })
  const { contactId } = await person(db)
  await happen(contactId, "basic.completed")
  await happen(contactId, "basic.completed")
  await send()
  await send()
  expect(sink.received).toHaveLength(1)
  const [{ mail, raw }] = sink.received as [(typeof sink.received)[0]]
  expect(mail.subject).toBe("佐藤 花子 様、応用のご案内")
  expect(mail.text).toContain("長野県松本市大手1-2-3")
  expect(raw).toContain("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
  expect(await states()).toEqual(["finished"])
  expect(await eventsOf(contactId)).toEqual([
    "basic.completed",
    "scenario.entered",
    "scenario.finished",
    "basic.completed",
    "mail.sent",
  ])
  const { why } = await db.selectFrom("delivery").select("why").executeTakeFirstOrThrow()
  expect(why).toMatchObject({ entry: { met: true, leaves: [{ fact: "event.count", value: 1 }] } })
})

test("a wait ends when its time has come, not before", async () => {
  await live({
    entry: did("basic.completed"),
    steps: [waitStep("day", "P1D"), mailStep("next"), waitStep("more", "PT2H"), mailStep("last")],
  })
  const { contactId } = await person(db)
  await happen(contactId, "basic.completed")
  expect(await mails()).toEqual([])
  await later(hours(24) - 60_000)
  expect(await mails()).toEqual([])
  await later(61_000)
  expect(await mails()).toEqual(["next queued"])
  await later(hours(2) + 1000)
  expect(await mails()).toEqual(["next queued", "last queued"])
  expect(await states()).toEqual(["finished"])
})

test("the exit takes people out at once, before the mail they were waiting for", async () => {
  await live({
    entry: did("basic.completed"),
    exit: did("advanced.completed"),
    steps: [waitStep("day", "P1D"), mailStep("next")],
  })
  const { contactId } = await person(db)
  await happen(contactId, "basic.completed")
  await happen(contactId, "advanced.completed")
  expect(await states()).toEqual(["exited"])
  await later(hours(25))
  expect(await mails()).toEqual([])
  expect(await eventsOf(contactId)).toContain("scenario.exited")
})

test("whoever meets the exit already does not go in", async () => {
  await live({ entry: did("basic.completed"), exit: did("advanced.completed"), steps: [mailStep("next")] })
  const { contactId } = await person(db)
  await happen(contactId, "advanced.completed")
  await happen(contactId, "basic.completed")
  expect(await states()).toEqual([])
})

test("withdrawal takes people out in its own transaction, and their queued mail with it", async () => {
  await live({ entry: did("basic.completed"), steps: [mailStep("next"), waitStep("day", "P1D"), mailStep("last")] })
  const { contactId } = await person(db)
  await happen(contactId, "basic.completed")
  await transact(db, (tx) => announce(tx, "member.withdrew", { contactId }))
  expect(await states()).toEqual(["exited"])
  expect(await mails()).toEqual(["next suppressed"])
  await later(hours(25))
  await send()
  expect(sink.received).toEqual([])
})

test("who has withdrawn, is suspended or erased by the time of entering does not go in, though the answer was yes", async () => {
  const id = await live({ entry: did("basic.completed"), enterExisting: true, steps: [waitStep("day", "P1D")] })
  const gone = {
    withdrew: sql`update account set withdrawn_at = ${clock.now()}`,
    suspended: sql`update account set suspended_at = ${clock.now()}`,
    erased: sql`update contact set erased_at = ${clock.now()}`,
  }
  const contactIds: string[] = []
  for (const [index, what] of [...Object.values(gone), undefined].entries()) {
    const { contactId } = await person(db)
    contactIds.push(contactId)
    if (what) await sql`${what} where ${sql.ref(index < 2 ? "contact_id" : "id")} = ${contactId}`.execute(db)
  }
  const at = clock.now()
  const entered = contactIds.map((contactId) => ({
    contactId,
    ownerKind: "scenario.entry",
    ownerId: id,
    entered: true,
    happenedAt: at,
    decidedAt: at,
    reason: { met: true, leaves: [] },
    history: false,
    cause: "build" as const,
  }))
  await transact(db, (tx) => runs.enter(tx, entered as never))
  const inside = await db.selectFrom("scenarioRun").select("contactId").execute()
  expect(inside.map((run) => run.contactId)).toEqual([contactIds[3]])
})

test("who withdraws while others are entered either stays outside or is taken out again", async () => {
  const id = await live({ entry: did("basic.completed"), steps: [waitStep("day", "P1D")] })
  const { contactId } = await person(db)
  const at = clock.now()
  const change = { contactId, ownerKind: "scenario.entry", ownerId: id, entered: true, happenedAt: at, decidedAt: at }
  let leaving: Promise<unknown> | undefined
  await transact(db, async (tx) => {
    await runs.enter(tx, [{ ...change, reason: { met: true, leaves: [] }, history: false, cause: "change" }] as never)
    leaving = transact(db, async (other) => {
      await sql`update account set withdrawn_at = ${at} where contact_id = ${contactId}`.execute(other)
      await announce(other, "member.withdrew", { contactId })
    })
    await new Promise((resolve) => setTimeout(resolve, 100))
  })
  await leaving
  expect(await states()).toEqual(["exited"])
})

test("what is imported starts nothing, and who met the entry before stays outside unless the scenario wants them", async () => {
  const { contactId: before } = await person(db)
  await happen(before, "basic.completed")
  await live({ entry: did("basic.completed"), steps: [mailStep("next")] })
  const { contactId: imported } = await person(db)
  await happen(imported, "basic.completed", true)
  expect(await states()).toEqual([])
  await live(
    { entry: did("basic.completed"), enterExisting: true, steps: [mailStep("next", { class: "transactional" })] },
    { name: "全員" },
  )
  expect(await states()).toHaveLength(2)
})

test("re-entry follows the rule: once for ever, or again after the end", async () => {
  const lately = (event: string) => ({ fact: "event.count", with: { event, within: "P1D" }, is: { gte: 1 } })
  for (const [reentry, times] of [
    ["never", 1],
    ["after-exit", 2],
  ] as const) {
    const id = await live(
      { entry: lately(`visit.${reentry}`), steps: [mailStep("hello", { class: "transactional" })] },
      { reentry, name: reentry },
    )
    const { contactId } = await person(db)
    await happen(contactId, `visit.${reentry}`)
    clock.shift(clock.shifted() + hours(49))
    await transact(db, (tx) => changes.mark(tx, [{ contactId, changes: ["*"], happenedAt: clock.now() }]))
    await evaluation.settleAll(db)
    await happen(contactId, `visit.${reentry}`)
    expect(await db.selectFrom("scenarioRun").select("id").where("scenarioId", "=", id).execute()).toHaveLength(times)
  }
})

test("advertising waits through the quiet hours and goes out at eight; what a person needs goes at once", async () => {
  await operator(db, { quietFromHour: 21, quietToHour: 8 })
  await live({
    entry: did("basic.completed"),
    steps: [mailStep("needed", { class: "transactional" }), mailStep("next")],
  })
  const { contactId } = await person(db)
  clock.shift(new Date("2026-11-22T13:00:00Z").getTime() - Date.now())
  await happen(contactId, "basic.completed")
  expect(await mails()).toEqual(["needed queued"])
  const run = await db.selectFrom("scenarioRun").selectAll().executeTakeFirstOrThrow()
  expect(run).toMatchObject({ state: "running", step: "next", wakeAt: new Date("2026-11-22T23:00:00Z") })
  await later(hours(11))
  expect(await mails()).toEqual(["needed queued", "next queued"])
})

test("a loop is stopped by the day's budget of steps and goes on the next day", async () => {
  const steps = Array.from({ length: 30 }, (_, n) => mailStep(`m${n}`, { class: "transactional" }))
  await live({ entry: did("a"), steps }, { name: "a" })
  await live({ entry: did("a"), steps }, { name: "b" })
  const { contactId } = await person(db)
  await happen(contactId, "a")
  const before = await mails()
  expect(before.length).toBeLessThanOrEqual(stepsPerDay)
  expect(await states()).toContain("running")
  await later(hours(24))
  expect(await mails()).toHaveLength(60)
  expect(new Set(await states())).toEqual(new Set(["finished"]))
})

test("people inside finish on their version, or move when staff says so", async () => {
  const old = { entry: did("basic.completed"), steps: [waitStep("day", "P1D"), mailStep("old")] }
  const young = { ...old, steps: [waitStep("day", "P1D"), mailStep("young")] }
  for (const move of [false, true]) {
    const id = await live(old, { name: `move ${move}` })
    const { contactId } = await person(db)
    await happen(contactId, "basic.completed")
    const draft = { name: `move ${move}`, reentry: "never" as const, definition: young }
    const after = await transact(db, (tx) => scenarios.change(tx, id, draft, { move }, staff, clock.now()))
    expect(after.version).toBe(2)
    await later(hours(25))
    const [mail] = await db
      .selectFrom("delivery")
      .select("step")
      .where("scenarioId", "=", id)
      .where("contactId", "=", contactId)
      .execute()
    expect(mail!.step).toBe(move ? "young" : "old")
  }
})

test("saving the same again is no new version", async () => {
  const definition = { entry: did("a"), steps: [mailStep("m")] }
  const id = await live(definition)
  const again = await transact(db, (tx) =>
    scenarios.change(tx, id, { name: "改名", reentry: "never", definition }, { move: false }, staff, clock.now()),
  )
  expect(again).toMatchObject({ version: 1, name: "改名", state: "live" })
})

test("pausing holds entries, waits and queued mails; starting lets them go", async () => {
  const id = await live({
    entry: did("basic.completed"),
    steps: [mailStep("first"), waitStep("hour", "PT1H"), mailStep("second")],
  })
  const { contactId } = await person(db)
  await happen(contactId, "basic.completed")
  await transact(db, (tx) => scenarios.pause(tx, id, staff, clock.now()))
  const { contactId: late } = await person(db)
  await happen(late, "basic.completed")
  await later(hours(2))
  await send()
  expect(await mails()).toEqual(["first queued"])
  expect(sink.received).toEqual([])
  await transact(db, (tx) => scenarios.start(tx, id, staff, clock.now()))
  await later(0)
  await send()
  expect(await mails()).toEqual(["first sent", "second sent"])
})

test("archiving stops everybody and every mail that waits", async () => {
  const id = await live({
    entry: did("basic.completed"),
    steps: [mailStep("first"), waitStep("hour", "PT1H"), mailStep("second")],
  })
  const { contactId } = await person(db)
  await happen(contactId, "basic.completed")
  await transact(db, (tx) => scenarios.archive(tx, id, staff, clock.now()))
  await buildAll()
  await later(hours(2))
  expect(await mails()).toEqual(["first suppressed"])
  expect(await states()).toEqual(["stopped"])
  await expect(transact(db, (tx) => scenarios.start(tx, id, staff, clock.now()))).rejects.toThrow("Archived")
})

test("two workers waking the same runs move each on once; a killed one moves nobody", async () => {
  await live({ entry: did("basic.completed"), steps: [waitStep("hour", "PT1H"), mailStep("next")] })
  const people = await Promise.all(Array.from({ length: 40 }, () => person(db)))
  for (const { contactId } of people) await transact(db, (tx) => announce(tx, "basic.completed", { contactId }))
  await evaluation.settleAll(db)
  clock.shift(clock.shifted() + hours(1) + 1000)
  dying.now = true
  await expect(runs.turn(db)).rejects.toThrow("killed")
  dying.now = false
  expect(await mails()).toEqual([])
  await Promise.all(
    [1, 2, 3].map(async () => {
      while (await runs.turn(db));
    }),
  )
  while (await runs.turn(db));
  expect(await mails()).toEqual(Array.from({ length: 40 }, () => "next queued"))
  expect(new Set(await states())).toEqual(new Set(["finished"]))
})

test("a refused mail does not stop the scenario, and says why it was not sent", async () => {
  await live({
    entry: did("basic.completed"),
    steps: [mailStep("next"), mailStep("needed", { class: "transactional" })],
  })
  const { contactId } = await person(db, { consent: false })
  await happen(contactId, "basic.completed")
  expect(await mails()).toEqual(["next suppressed", "needed queued"])
})

test("trying out says who would have gone in and what would have become of the mails, and writes nothing", async () => {
  const definition = { entry: did("basic.completed"), steps: [mailStep("next")] }
  const [old, happy, refusing] = [await person(db), await person(db), await person(db, { consent: false })]
  await happen(old.contactId, "basic.completed")
  clock.shift(clock.shifted() + 40 * 86_400_000)
  await happen(happy.contactId, "basic.completed")
  await happen(refusing.contactId, "basic.completed")
  clock.shift(clock.shifted() + hours(1))
  const trial = await trials.tryOut(db, definition, 30, clock.now())
  expect(trial).toMatchObject({ entered: 2, mails: { sent: 1, refused: 1 } })
  expect(trial.people.map(({ contactId }) => contactId).sort()).toEqual([happy.contactId, refusing.contactId].sort())
  expect(await mails()).toEqual([])
})
