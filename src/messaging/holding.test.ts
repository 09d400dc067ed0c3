import { beforeEach, expect, test } from "vitest"
import { emptyTables, testDatabase } from "../../test/support/database.ts"
import { operator, person } from "../../test/support/mailing.ts"
import { react } from "../events/index.ts"
import * as clock from "../platform/clock.ts"
import { sql, transact, type Tx } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import * as deliveries from "./deliveries.ts"
import * as fates from "./fates.ts"
import * as holding from "./holding.ts"
import * as house from "./house.ts"
import * as sending from "./sending.ts"

const db = await testDatabase()
house.set({ publicUrl: "https://manabi.example", mailFrom: "no-reply@manabi.example", outbox: false })
react({ every: [], named: {} })

beforeEach(async () => {
  await emptyTables(db)
  await operator(db)
  clock.shift(0)
})

/** A mail of a scenario that a worker has claimed. */
async function inHand(scenarioId: string, kind: "advertising" | "transactional" = "advertising") {
  const { contactId } = await person(db)
  await transact(db, (tx) =>
    deliveries.queue(tx, {
      contactId,
      runId: newId(),
      step: "mail",
      class: kind,
      subject: "応用のご案内",
      blocks: [{ kind: "paragraph", text: "応用のご案内です。" }],
      scenarioId,
      at: clock.now(),
    }),
  )
  const { mails } = await transact(db, (tx) => sending.claim(tx, "w", 10))
  return mails[0]!
}

const comesBack = (mail: sending.Claimed, fate: { state: "sent" | "queued"; reason: string | null }) =>
  transact(db, (tx) => fates.record(tx, [{ mail, workerId: "w", ...fate }], clock.now()))
const unsent = { state: "queued", reason: "450" } as const
const claimedLater = async () => {
  clock.shift(clock.shifted() + 3_600_000)
  return (await transact(db, (tx) => sending.claim(tx, "w", 10))).mails.length
}
const told = async () => (await db.selectFrom("event").select("name").execute()).map(({ name }) => name)
const said = async () => {
  const { state, reason } = await db.selectFrom("delivery").select(["state", "reason"]).executeTakeFirstOrThrow()
  return reason ? `${state}: ${reason}` : state
}

test("a mail that SMTP gives back while its scenario is paused waits until it goes on", async () => {
  const scenarioId = newId()
  const mail = await inHand(scenarioId)
  await transact(db, (tx) => holding.hold(tx, scenarioId))
  await comesBack(mail, unsent)
  expect([await said(), await claimedLater()]).toEqual(["queued: 450", 0])
  await transact(db, (tx) => holding.release(tx, scenarioId, clock.now()))
  expect(await claimedLater()).toBe(1)
})

test("a pause that waits for a claim under way holds what was claimed", async () => {
  const scenarioId = newId()
  await inHand(scenarioId)
  await sql`update delivery set state = 'queued', attempts = 0`.execute(db)
  let pausing: Promise<void> | undefined
  const mail = await transact(db, async (tx) => {
    const { mails } = await sending.claim(tx, "w", 10)
    pausing = transact(db, (other: Tx) => holding.hold(other, scenarioId))
    await new Promise((resolve) => setTimeout(resolve, 100))
    return mails[0]!
  })
  await pausing
  await comesBack(mail, unsent)
  expect(await claimedLater()).toBe(0)
})

test("a pause that is over when SMTP gives a mail back changes nothing", async () => {
  const scenarioId = newId()
  const mail = await inHand(scenarioId)
  await transact(db, (tx) => holding.hold(tx, scenarioId))
  await transact(db, (tx) => holding.release(tx, scenarioId, clock.now()))
  await comesBack(mail, unsent)
  expect(await claimedLater()).toBe(1)
})

test("a mail that SMTP gives back after its scenario was archived is suppressed and says so; one that went out was sent", async () => {
  const scenarioId = newId()
  const mail = await inHand(scenarioId)
  await transact(db, (tx) => holding.drop(tx, scenarioId))
  await comesBack(mail, unsent)
  expect([await said(), await told(), await claimedLater()]).toEqual([
    "suppressed: scenario-archived",
    ["mail.suppressed"],
    0,
  ])
  await emptyTables(db)
  await operator(db)
  const other = await inHand(scenarioId)
  await transact(db, (tx) => holding.drop(tx, scenarioId))
  await comesBack(other, { state: "sent", reason: null })
  expect([await said(), await told()]).toEqual(["sent", ["mail.sent"]])
})

test("a mail lost with its worker waits when its scenario is paused, and is left to staff when it was archived", async () => {
  for (const [end, state] of [
    [holding.hold, "queued: worker-lost"],
    [holding.drop, "uncertain: worker-lost"],
  ] as const) {
    await emptyTables(db)
    await operator(db)
    const scenarioId = newId()
    await inHand(scenarioId, "transactional")
    await transact(db, (tx) => end(tx, scenarioId))
    clock.shift(clock.shifted() + 61_000)
    await transact(db, (tx) => sending.recover(tx, "other", new Set()))
    expect([await said(), await claimedLater()]).toEqual([state, 0])
  }
})
