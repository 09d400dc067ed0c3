import { expect, test } from "vitest"
import { testDatabase } from "../../test/support/database.ts"
import { operator, person } from "../../test/support/mailing.ts"
import { react } from "../events/index.ts"
import { type Db, sql, transact } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import * as deliveries from "./deliveries.ts"
import * as house from "./house.ts"
import { stopRefused } from "./suppressions.ts"

const db = await testDatabase()
house.set({ publicUrl: "https://manabi.example", mailFrom: "no-reply@manabi.example", outbox: false })
react({ every: [], named: { "consent.refused": [stopRefused] } })
await operator(db)
const at = new Date("2026-11-22T03:00:00Z")

const draft = (contactId: string, more: Partial<deliveries.Draft> = {}): deliveries.Draft => ({
  contactId,
  runId: newId(),
  step: "mail",
  class: "advertising",
  subject: "{{contact.fullName}} 様、応用のご案内",
  blocks: [
    { kind: "paragraph", text: "{{contact.fullName}} 様" },
    { kind: "button", label: "つづきを見る", url: "/videos/oyo" },
  ],
  scenarioId: newId(),
  at,
  ...more,
})
const queue = (one: deliveries.Draft) => transact(db, (tx) => deliveries.queue(tx, one))
const bodyOf = (id: string) => db.selectFrom("deliveryBody").selectAll().where("deliveryId", "=", id).executeTakeFirst()

test("an advertising mail carries the name, the law's footer, tracked links and the one-click headers", async () => {
  const { contactId, address } = await person(db)
  const { id, state } = await queue(draft(contactId))
  expect(state).toBe("queued")
  const body = (await bodyOf(id))!
  expect(body).toMatchObject({ recipient: address, subject: "佐藤 花子 様、応用のご案内" })
  for (const content of [body.html, body.text]) {
    for (const words of [
      "まなび動画",
      "長野県松本市大手1-2-3",
      "kaiin@manabi.example",
      "いつでもお断り",
      "https://manabi.example/u/",
    ])
      expect(content).toContain(words)
    expect(content).toContain("佐藤 花子 様")
    expect(content).toMatch(/https:\/\/manabi\.example\/l\/[\w-]{65}/)
    expect(content).not.toContain("/videos/oyo")
  }
  expect(body.headers["List-Unsubscribe-Post"]).toBe("List-Unsubscribe=One-Click")
  expect(body.headers["List-Unsubscribe"]).toMatch(
    /^<https:\/\/manabi\.example\/u\/[\w-]{65}>, <mailto:kaiin@manabi\.example/,
  )
  const row = await db.selectFrom("delivery").selectAll().where("id", "=", id).executeTakeFirstOrThrow()
  expect(row.subject).toBe("○○ 様、応用のご案内")
})

test("a transactional mail has no unsubscribe link", async () => {
  const { contactId } = await person(db, { consent: false })
  const { id, state } = await queue(draft(contactId, { class: "transactional" }))
  const body = (await bodyOf(id))!
  expect(state).toBe("queued")
  expect(body.headers).toEqual({})
  expect(body.html).not.toContain("/u/")
})

test("様 never stands without a name", async () => {
  const { contactId } = await person(db, { familyName: "", givenName: "" })
  const body = (await bodyOf((await queue(draft(contactId))).id))!
  expect(body.subject).toBe("お客さま、応用のご案内")
  expect(body.html + body.text).not.toContain("様")
})

test("a name that looks like a tag or like HTML stays text", async () => {
  const { contactId } = await person(db, { familyName: "{{sender.name}}", givenName: "<img src=x onerror=alert(1)>" })
  const body = (await bodyOf((await queue(draft(contactId))).id))!
  expect(body.html).toContain("{{sender.name}} &lt;img")
  expect(body.html).not.toContain("<img")
})

test("the same run, step and person is one mail, however often and however parallel", async () => {
  const { contactId } = await person(db)
  const one = draft(contactId)
  const queued = await Promise.all(Array.from({ length: 8 }, () => queue(one)))
  expect(new Set(queued.map(({ id }) => id)).size).toBe(1)
  expect(await db.selectFrom("deliveryBody").selectAll().where("contactId", "=", contactId).execute()).toHaveLength(1)
})

test.each([
  ["no-consent", { consent: null }],
  ["refused", { consent: false }],
  ["unverified", { verified: false }],
])("advertising is suppressed at once: %s", async (reason, more) => {
  const { contactId } = await person(db, more)
  expect(await queue(draft(contactId))).toMatchObject({ state: "suppressed", reason })
  const events = await db
    .selectFrom("event")
    .select(["name", "properties"])
    .where("contactId", "=", contactId)
    .execute()
  expect(events).toMatchObject([
    { name: "mail.suppressed", properties: { why: reason, subject: "○○ 様、応用のご案内" } },
  ])
  expect(JSON.stringify(events)).not.toContain("佐藤")
})

test.each([
  [
    "withdrawn",
    (db: Db, id: string) => sql`update account set withdrawn_at = ${at} where contact_id = ${id}`.execute(db),
  ],
  [
    "suspended",
    (db: Db, id: string) => sql`update account set suspended_at = ${at} where contact_id = ${id}`.execute(db),
  ],
  ["erased", (db: Db, id: string) => sql`update contact set erased_at = ${at} where id = ${id}`.execute(db)],
  [
    "bounced",
    (db: Db, id: string) =>
      sql`insert into suppression (contact_id, address_key, reason, since)
    select contact_id, address_key, 'bounced 550', ${at} from contact_email where contact_id = ${id}`.execute(db),
  ],
])("no mail of either class goes to somebody %s", async (reason, happen) => {
  const { contactId } = await person(db)
  await happen(db, contactId)
  expect(await queue(draft(contactId))).toMatchObject({ state: "suppressed", reason })
  expect(await queue(draft(contactId, { class: "transactional" }))).toMatchObject({ state: "suppressed", reason })
})

test("what a person asked for just now goes to the address named, whatever their standing", async () => {
  const { contactId } = await person(db)
  await sql`update account set withdrawn_at = ${at} where contact_id = ${contactId}`.execute(db)
  const asked = { class: "transactional", askedFor: true, recipient: "new@example.jp" } as const
  const { id, state } = await queue(draft(contactId, asked))
  expect(state).toBe("queued")
  expect((await bodyOf(id))!.recipient).toBe("new@example.jp")
  expect(await queue(draft(contactId, { ...asked, class: "advertising" }))).toMatchObject({ state: "suppressed" })
})

test("without the sender's postal address advertising is blocked and says so", async () => {
  const { contactId } = await person(db)
  await sql`update setting set value = value || '{"postalAddress": ""}' where name = 'sender'`.execute(db)
  expect(await queue(draft(contactId))).toMatchObject({ state: "suppressed", reason: "sender-incomplete" })
  expect(await queue(draft(contactId, { class: "transactional" }))).toMatchObject({ state: "queued" })
  await operator(db)
})

test("one budget holds for all scenarios, also when they queue at the same moment", async () => {
  await operator(db, { advertisingPerDay: 1, advertisingPerWeek: 2 })
  const { contactId } = await person(db)
  const sameMoment = await Promise.all(Array.from({ length: 6 }, () => queue(draft(contactId))))
  expect(sameMoment.filter(({ state }) => state === "queued")).toHaveLength(1)
  expect(sameMoment.filter(({ reason }) => reason === "frequency")).toHaveLength(5)
  const days = [1, 2, 3].map((day) => new Date(at.getTime() + day * 86_400_000))
  const later = []
  for (const day of days) later.push(await queue(draft(contactId, { at: day })))
  expect(later.map(({ state }) => state)).toEqual(["queued", "suppressed", "suppressed"])
  expect(await queue(draft(contactId, { class: "transactional" }))).toMatchObject({ state: "queued" })
  await operator(db)
})

test("many at once are written in the order given, and every one has a fate", async () => {
  const people = await Promise.all(Array.from({ length: 20 }, (_, n) => person(db, { consent: n % 3 !== 0 })))
  const queued = await transact(db, (tx) =>
    deliveries.queueAll(
      tx,
      people.map(({ contactId }) => draft(contactId)),
    ),
  )
  expect(queued.map(({ contactId }) => contactId)).toEqual(people.map(({ contactId }) => contactId))
  expect(queued.map(({ state }) => state)).toEqual(people.map((_, n) => (n % 3 ? "queued" : "suppressed")))
})
