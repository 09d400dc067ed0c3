import { afterAll, beforeEach, expect, test } from "vitest"
import { emptyTables, testDatabase } from "../../test/support/database.ts"
import { operator, person } from "../../test/support/mailing.ts"
import { crookedServer, friendly, refuse, smtpSink } from "../../test/support/smtp.ts"
import { react } from "../events/index.ts"
import { system } from "../platform/actors.ts"
import * as clock from "../platform/clock.ts"
import { sql, transact } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import { type MailTransport, smtp } from "../platform/mail.ts"
import * as deliveries from "./deliveries.ts"
import * as fates from "./fates.ts"
import * as house from "./house.ts"
import * as outbox from "./outbox.ts"
import * as sending from "./sending.ts"
import { stopRefused } from "./suppressions.ts"
import type { MailClass } from "./tables.ts"

const db = await testDatabase()
const sink = await smtpSink()
const open: MailTransport[] = []
const transportTo = (url: string) => {
  const transport = smtp({ url })
  open.push(transport)
  return transport
}
afterAll(() => open.forEach((transport) => transport.close()))
house.set({ publicUrl: "https://manabi.example", mailFrom: "no-reply@manabi.example", outbox: false })
react({ every: [], named: { "consent.refused": [stopRefused] } })

beforeEach(async () => {
  await emptyTables(db)
  await operator(db)
  sink.received.length = 0
  sink.hooks.data = sink.hooks.recipient = undefined
})

async function queued(
  kind: MailClass = "advertising",
  to?: { contactId: string },
): Promise<{ id: string; contactId: string }> {
  const { contactId } = to ?? (await person(db))
  return transact(db, (tx) =>
    deliveries.queue(tx, {
      contactId,
      runId: newId(),
      step: "mail",
      class: kind,
      subject: "{{contact.fullName}} 様へ",
      blocks: [{ kind: "paragraph", text: "{{contact.fullName}} 様" }],
      at: clock.now(),
    }),
  )
}

/** A queued mail with a word in it that changes an account. */
async function reset(word: string): Promise<string> {
  const { contactId } = await person(db)
  const { id } = await transact(db, (tx) =>
    deliveries.queue(tx, {
      contactId,
      runId: newId(),
      step: "reset",
      class: "transactional",
      subject: "パスワードの再設定",
      blocks: [{ kind: "button", label: "設定する", url: `/reset/${word}` }],
      secret: word,
      askedFor: true,
      at: clock.now(),
    }),
  )
  return id
}

async function run(transport: MailTransport, worker = "w1"): Promise<void> {
  while (await sending.turn(db, transport, worker));
  await sending.settle(transport)
}

const states = async () =>
  (await db.selectFrom("delivery").select(["state", "reason"]).orderBy("id").execute()).map(({ state, reason }) =>
    reason ? `${state}: ${reason}` : state,
  )
const events = async () =>
  (await db.selectFrom("event").select("name").orderBy("happenedAt").orderBy("id").execute()).map(({ name }) => name)
const later = (seconds: number) => clock.shift(clock.shifted() + seconds * 1000)

test("a queued mail is sent once and the timeline says so", async () => {
  const transport = transportTo(sink.url)
  const { contactId } = await queued()
  await run(transport)
  await run(transport)
  expect(await states()).toEqual(["sent"])
  expect(sink.received).toHaveLength(1)
  expect(sink.received[0]!.mail).toMatchObject({ subject: "佐藤 花子 様へ", from: { name: "まなび動画" } })
  expect(await db.selectFrom("event").select(["name", "contactId"]).execute()).toEqual([
    { name: "mail.sent", contactId },
  ])
})

test("two senders at once never double a mail, and everybody gets their own", async () => {
  const people = await Promise.all(
    Array.from({ length: 200 }, (_, n) => person(db, { familyName: `canary${n}x`, address: `canary${n}x@example.jp` })),
  )
  await transact(db, (tx) =>
    deliveries.queueAll(
      tx,
      people.map(({ contactId }) => ({
        contactId,
        runId: newId(),
        step: "mail",
        class: "advertising",
        subject: "{{contact.familyName}} 様",
        blocks: [
          { kind: "paragraph", text: "{{contact.fullName}} 様" },
          { kind: "button", label: "見る", url: "/" },
        ],
        scenarioId: newId(),
        at: clock.now(),
      })),
    ),
  )
  await Promise.all([
    run(transportTo(sink.url), "w1"),
    run(transportTo(sink.url), "w2"),
    run(transportTo(sink.url), "w3"),
  ])
  expect(sink.received).toHaveLength(200)
  expect(new Set(sink.received.map(({ mail }) => mail.messageId)).size).toBe(200)
  for (const { to, mail } of sink.received) {
    const canaries = new Set(`${mail.subject} ${mail.html} ${mail.text} ${mail.to![0]!.address}`.match(/canary\d+x/g))
    expect([...canaries].map((canary) => `${canary}@example.jp`)).toEqual(to)
  }
  expect(new Set(await states())).toEqual(new Set(["sent"]))
})

test("killed before the hand-over: what a person needs is sent, advertising is listed and never sent by itself", async () => {
  await queued("transactional")
  await queued("advertising")
  await transact(db, (tx) => sending.claim(tx, "dead", 10))
  const transport = transportTo(sink.url)
  await run(transport, "alive")
  expect(sink.received).toHaveLength(0)
  later(61)
  await transact(db, (tx) => sending.recover(tx, "alive", new Set()))
  await run(transport, "alive")
  expect(await states()).toEqual(["sent", "uncertain: worker-lost"])
  expect(sink.received).toHaveLength(1)
  expect(await events()).toEqual(["mail.failed", "mail.sent"])
})

test("killed between the 250 and the commit: at most one advertising mail, the same Message-ID for the other", async () => {
  await queued("transactional")
  await queued("advertising")
  const transport = transportTo(sink.url)
  const dying = { ...transport, send: transport.send.bind(transport) }
  const { mails, sender } = await transact(db, (tx) => sending.claim(tx, "dead", 10))
  for (const mail of mails)
    await dying.send({
      ...mail,
      from: { name: sender.name, address: sender.from },
      to: mail.recipient,
      date: mail.queuedAt,
    })
  later(61)
  await transact(db, (tx) => sending.recover(tx, "alive", new Set()))
  await run(transport, "alive")
  expect(await states()).toEqual(["sent", "uncertain: worker-lost"])
  const byId = Map.groupBy(sink.received, ({ mail }) => mail.messageId)
  expect([...byId.values()].map((copies) => copies.length).sort((a, b) => a - b)).toEqual([1, 2])
})

test("a worker that slept and woke up may still say that a mail was sent, but nothing else", async () => {
  await queued("advertising")
  await queued("advertising")
  const { mails } = await transact(db, (tx) => sending.claim(tx, "zombie", 10))
  later(61)
  await transact(db, (tx) => sending.recover(tx, "alive", new Set()))
  await transact(db, (tx) =>
    fates.record(
      tx,
      [
        { mail: mails[0]!, workerId: "zombie", state: "sent", reason: null },
        { mail: mails[1]!, workerId: "zombie", state: "queued", reason: "451" },
      ],
      clock.now(),
    ),
  )
  expect(await states()).toEqual(["sent", "uncertain: worker-lost"])
})

test("a worker that slept does not overwrite what another did with the mail since", async () => {
  await queued("transactional")
  const { mails } = await transact(db, (tx) => sending.claim(tx, "zombie", 10))
  later(61)
  await transact(db, (tx) => sending.recover(tx, "alive", new Set()))
  await run(transportTo(sink.url), "alive")
  await transact(db, (tx) =>
    fates.record(tx, [{ mail: mails[0]!, workerId: "zombie", state: "failed", reason: "550" }], clock.now()),
  )
  expect(await states()).toEqual(["sent"])
})

test("who refuses before the claim gets nothing, also when the mail was queued long before", async () => {
  const { contactId } = await queued()
  const other = await queued("transactional", { contactId })
  await sql`update consent set granted = false where contact_id = ${contactId}`.execute(db)
  await run(transportTo(sink.url))
  expect(await states()).toEqual(["suppressed: refused", "sent"])
  expect(sink.received).toHaveLength(1)
  expect(other.contactId).toBe(contactId)
})

test("refusals in the middle of a big sending: no mail is claimed after its refusal committed", async () => {
  const people = await Promise.all(Array.from({ length: 120 }, () => person(db)))
  for (const one of people) await queued("advertising", one)
  const refusedAt = new Map<string, number>()
  const refusing = (async () => {
    for (const { contactId } of people.filter((_, n) => n % 2)) {
      await transact(db, async (tx) => {
        await sql`update consent set granted = false where contact_id = ${contactId}`.execute(tx)
        await stopRefused(tx, [{ contactId, properties: { purpose: "advertising-mail" } } as never])
      })
      refusedAt.set(contactId, clock.now().getTime())
    }
  })()
  await Promise.all([run(transportTo(sink.url), "w1"), run(transportTo(sink.url), "w2"), refusing])
  const rows = await db.selectFrom("delivery").selectAll().execute()
  for (const row of rows.filter((one) => one.state === "sent" && refusedAt.has(one.contactId)))
    expect(row.claimedAt!.getTime()).toBeLessThanOrEqual(refusedAt.get(row.contactId)!)
  const sum = { sent: 0, suppressed: 0 } as Record<string, number>
  for (const { state } of rows) sum[state]!++
  expect(sum.sent! + sum.suppressed!).toBe(120)
  expect(sink.received).toHaveLength(sum.sent!)
})

test("a mail follows its person to a new address", async () => {
  const { contactId } = await queued()
  await sql`update contact_email set address = 'neu@example.jp', address_key = 'neu@example.jp' where contact_id = ${contactId}`.execute(
    db,
  )
  await run(transportTo(sink.url))
  expect(sink.received.map(({ to }) => to)).toEqual([["neu@example.jp"]])
})

test("the server is down for an hour: everything waits, is tried again, and nothing is doubled", async () => {
  await queued("transactional")
  await queued("advertising")
  const down = transportTo("smtp://127.0.0.1:1")
  for (let minutes = 0; minutes < 60; minutes += 2) {
    await run(down)
    later(120)
  }
  const tries = await db.selectFrom("delivery").select("attempts").execute()
  for (const { attempts } of tries) expect(attempts).toBeGreaterThan(4)
  expect((await states()).every((state) => state.startsWith("queued"))).toBe(true)
  const up = transportTo(sink.url)
  for (let minutes = 0; minutes < 30; minutes += 2) {
    await run(up)
    later(120)
  }
  expect(await states()).toEqual(["sent", "sent"])
  expect(sink.received).toHaveLength(2)
})

test("after three days of trying a mail has failed, and says so", async () => {
  await queued()
  const down = transportTo("smtp://127.0.0.1:1")
  for (let day = 0; day < 4; day++) {
    await run(down)
    later(86_400)
  }
  expect(await states()).toEqual([expect.stringMatching(/^failed/)])
  expect(await events()).toEqual(["mail.failed"])
})

test("an unknown recipient fails at once, and the address is not used again", async () => {
  const { contactId } = await queued()
  sink.hooks.recipient = () => {
    throw refuse(550, "5.1.1 no such user")
  }
  await run(transportTo(sink.url))
  await queued("advertising", { contactId })
  expect(await states()).toEqual(["failed: 550 5.1.1", "suppressed: bounced"])
})

test("one bad recipient holds nobody else up", async () => {
  const bad = await person(db, { address: "bad@example.jp" })
  sink.hooks.recipient = (address) => {
    if (address.startsWith("bad")) throw refuse(550, "5.1.1 no such user")
  }
  for (let n = 0; n < 10; n++) await queued("advertising", n === 3 ? bad : undefined)
  await run(transportTo(sink.url))
  expect((await states()).filter((state) => state === "sent")).toHaveLength(9)
})

test("a greylisted mail is sent later", async () => {
  await queued()
  sink.hooks.recipient = () => {
    throw refuse(450, "4.2.0 come again")
  }
  const transport = transportTo(sink.url)
  await run(transport)
  expect(await states()).toEqual(["queued: 450 4.2.0"])
  sink.hooks.recipient = undefined
  await run(transport)
  expect(await states()).toEqual(["queued: 450 4.2.0"])
  later(30)
  await run(transport)
  expect(await states()).toEqual(["sent"])
})

test("a line lost after the content: advertising is uncertain, the other goes again with its Message-ID", async () => {
  const cutting = await crookedServer((command) => (command === "." ? "cut" : friendly(command)))
  await queued("advertising")
  await queued("transactional")
  await run(transportTo(cutting.url))
  expect((await states())[0]).toMatch(/^uncertain/)
  expect((await states())[1]).toMatch(/^queued/)
  const [advertising, transactional] = await db.selectFrom("delivery").select("messageId").orderBy("id").execute()
  later(60)
  await run(transportTo(sink.url))
  expect(sink.received.map(({ mail }) => mail.messageId)).toEqual([transactional!.messageId])
  expect(advertising!.messageId).not.toBe(transactional!.messageId)
})

test("advertising that is late waits for the morning; what a person needs does not", async () => {
  await operator(db, { quietFromHour: 21, quietToHour: 8 })
  clock.shift(new Date("2026-11-22T12:30:00Z").getTime() - Date.now())
  await queued("advertising")
  await queued("transactional")
  const transport = transportTo(sink.url)
  await run(transport)
  expect(await states()).toEqual(["queued", "sent"])
  clock.shift(new Date("2026-11-22T23:00:01Z").getTime() - Date.now())
  await run(transport)
  expect(await states()).toEqual(["sent", "sent"])
})

test("a slow mail does not hold up the others", async () => {
  const slow = await person(db, { address: "slow@example.jp" })
  let free = () => {}
  sink.hooks.data = ({ to }) =>
    to[0] === "slow@example.jp" ? new Promise<void>((resolve) => (free = resolve)) : undefined
  await queued("advertising", slow)
  const transport = transportTo(sink.url)
  await sending.turn(db, transport, "w1")
  for (let n = 0; n < 30; n++) await queued()
  while ((await states()).filter((state) => state === "sent").length < 30) await sending.turn(db, transport, "w1")
  free()
  await sending.settle(transport)
  expect(sink.received).toHaveLength(31)
})

test("a word that changes an account is cut out once its mail is sent", async () => {
  const word = "w".repeat(65)
  const id = await reset(word)
  await run(transportTo(sink.url))
  expect(sink.received[0]!.mail.html).toContain(word)
  const body = await db.selectFrom("deliveryBody").selectAll().where("deliveryId", "=", id).executeTakeFirstOrThrow()
  expect(body.html + body.text + body.secret).not.toContain(word)
})

test("a claim whose answer was lost on the way is found by the worker itself, a mail in its hands is not", async () => {
  await queued("transactional")
  await queued("transactional")
  const { mails } = await transact(db, (tx) => sending.claim(tx, "alive", 10))
  later(61)
  await transact(db, (tx) => sending.recover(tx, "alive", new Set([mails[1]!.id])))
  expect(await states()).toEqual(["queued: worker-lost", "sending"])
})

test("a mail with a word in it that failed can be sent once more, whole", async () => {
  const word = "w".repeat(65)
  const id = await reset(word)
  sink.hooks.data = () => {
    throw refuse(554, "5.6.0 not today")
  }
  await run(transportTo(sink.url))
  expect((await states())[0]).toMatch(/^failed/)
  expect((await outbox.get(db, id, system("test"))).text).not.toContain(word)
  sink.hooks.data = undefined
  await transact(db, (tx) => outbox.retry(tx, id, system("test"), clock.now()))
  await run(transportTo(sink.url))
  expect(sink.received[0]!.mail.html).toContain(word)
  const body = await db.selectFrom("deliveryBody").selectAll().where("deliveryId", "=", id).executeTakeFirstOrThrow()
  expect(body.html + body.text + body.secret).not.toContain(word)
})

test("a mail whose content was erased is not sent, and says so instead of waiting for ever", async () => {
  const { id } = await queued("transactional")
  await sql`delete from delivery_body where delivery_id = ${id}`.execute(db)
  await queued("transactional")
  await run(transportTo(sink.url))
  expect(await states()).toEqual(["suppressed: erased", "sent"])
  expect(await events()).toEqual(["mail.suppressed", "mail.sent"])
})
