import { afterAll, beforeEach } from "vitest"
import { audienceFacts, build, catalogue, changes, evaluation, onChange } from "../../src/audience/index.ts"
import { announce, eventFacts, react } from "../../src/events/index.ts"
import { runs, scenarios } from "../../src/journeys/index.ts"
import { house, sending, suppressions } from "../../src/messaging/index.ts"
import { system } from "../../src/platform/actors.ts"
import * as clock from "../../src/platform/clock.ts"
import { transact } from "../../src/platform/db.ts"
import { smtp } from "../../src/platform/mail.ts"
import { emptyTables, testDatabase } from "./database.ts"
import { operator } from "./mailing.ts"
import { smtpSink } from "./smtp.ts"

export const staff = system("test")

/** Scenarios at work as in the product: what happens is evaluated, runs go on, mails go out to a sink. Each test begins empty, at ten in the morning in Japan. Call once, at the top of the file. */
export async function journeys() {
  const db = await testDatabase()
  const sink = await smtpSink()
  const transport = smtp({ url: sink.url })
  afterAll(() => transport.close())
  house.set({ publicUrl: "https://manabi.example", mailFrom: "no-reply@manabi.example", outbox: false })
  catalogue.offer([...eventFacts, ...audienceFacts])
  onChange({ "scenario.entry": runs.enter, "scenario.exit": runs.exit })
  /** While set, whoever finishes a scenario is killed while doing so. */
  const dying = { now: false }
  react({
    every: [changes.ofEvents],
    named: {
      "consent.refused": [suppressions.stopRefused],
      "member.withdrew": [suppressions.stopGone, runs.exitWithdrawn],
      "scenario.finished": [
        async () => {
          if (dying.now) throw new Error("killed")
        },
      ],
    },
  })
  beforeEach(async () => {
    await emptyTables(db)
    await operator(db)
    sink.received.length = 0
    clock.shift(new Date("2026-11-22T01:00:00Z").getTime() - Date.now())
  })

  async function buildAll() {
    for (const { id } of await db.selectFrom("condition").select("id").where("state", "<>", "live").execute())
      await build(db, { conditionId: id })
    await evaluation.settleAll(db)
  }
  /** A scenario that is live, and its conditions too. */
  async function live(
    definition: object,
    { reentry = "never", name = "応用のご案内" }: { reentry?: "never" | "after-exit"; name?: string } = {},
  ): Promise<string> {
    const { id } = await transact(db, (tx) => scenarios.create(tx, { name, reentry, definition }, staff, clock.now()))
    await transact(db, (tx) => scenarios.start(tx, id, staff, clock.now()))
    await buildAll()
    return id
  }
  async function happen(contactId: string, name: string, history = false) {
    await transact(db, (tx) => announce(tx, name, { contactId, history }))
    await evaluation.settleAll(db)
  }
  async function later(ms: number) {
    clock.shift(clock.shifted() + ms)
    await evaluation.settleAll(db)
    while (await runs.turn(db));
  }
  async function send() {
    while (await sending.turn(db, transport, "w"));
    await sending.settle(transport)
  }
  const states = async () =>
    (await db.selectFrom("scenarioRun").select("state").orderBy("enteredAt").orderBy("id").execute()).map(
      ({ state }) => state,
    )
  const mails = async () =>
    (await db.selectFrom("delivery").select(["step", "state"]).orderBy("id").execute()).map(
      ({ step, state }) => `${step} ${state}`,
    )
  const eventsOf = async (contactId: string) =>
    (
      await db
        .selectFrom("event")
        .select("name")
        .where("contactId", "=", contactId)
        .orderBy("happenedAt")
        .orderBy("id")
        .execute()
    ).map(({ name }) => name)
  return { db, sink, dying, live, buildAll, happen, later, send, states, mails, eventsOf }
}

export const did = (event: string) => ({ fact: "event.count", with: { event }, is: { gte: 1 } })
export const mailStep = (key: string, more: object = {}) => ({
  key,
  kind: "mail",
  class: "advertising",
  subject: "{{contact.fullName}} 様、応用のご案内",
  body: [
    { kind: "paragraph", text: "{{contact.fullName}} 様\n「基本」の修了、おめでとうございます。" },
    { kind: "button", label: "応用を見る", url: "/videos/oyo" },
  ],
  ...more,
})
export const waitStep = (key: string, length: string) => ({ key, kind: "wait", for: length })
export const hours = (n: number) => n * 3_600_000
