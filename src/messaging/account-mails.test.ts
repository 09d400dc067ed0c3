import { beforeEach, expect, test } from "vitest"
import { emptyTables, testDatabase } from "../../test/support/database.ts"
import { operator, person } from "../../test/support/mailing.ts"
import { announce, react } from "../events/index.ts"
import { mailTokens } from "../identity/index.ts"
import { sql, transact } from "../platform/db.ts"
import { accountMails, house, suppressions } from "./index.ts"

const db = await testDatabase()
house.set({ publicUrl: "https://manabi.example", mailFrom: "no-reply@manabi.example", outbox: false })
react({
  every: [],
  named: {
    "account.opened": [accountMails.verify],
    "account.reset_requested": [accountMails.reset],
    "account.address_change_requested": [accountMails.addressChange],
    "account.sign_up_repeated": [accountMails.alreadyRegistered],
    "account.password_changed": [accountMails.passwordChanged],
    "member.withdrew": [suppressions.stopGone, accountMails.withdrawalDone],
  },
})
beforeEach(async () => {
  await emptyTables(db)
  await operator(db)
})

const tell = (name: string, contactId: string, history = false) =>
  transact(db, (tx) => announce(tx, name, { contactId, history }))
const bodies = () => db.selectFrom("deliveryBody").selectAll().orderBy("deliveryId").execute()

test.each([
  ["account.opened", "verify", "/verify?token="],
  ["account.reset_requested", "reset", "/password/reset?token="],
])("%s mails a link that works", async (name, purpose, path) => {
  const { contactId, address } = await person(db, { verified: false, consent: null })
  await tell(name, contactId)
  const [mail] = await bodies()
  expect(mail!.recipient).toBe(address)
  const word = mail!.text.split(path)[1]!.slice(0, 65)
  expect(mail!.secret).toBe(word)
  expect(await mailTokens.peek(db, word, purpose)).toMatchObject({ contactId })
  // A name anybody may have typed goes to no mailbox that is not proved.
  expect(mail!.html.includes("佐藤")).toBe(purpose !== "verify")
  expect(await db.selectFrom("mailLink").selectAll().execute()).toEqual([])
})

test("a change of address asks the new mailbox and tells the present one, which gets no link to change anything", async () => {
  const { contactId, address } = await person(db)
  await sql`insert into address_change values (${contactId}, 'new@example.jp', 'new@example.jp', now())`.execute(db)
  await tell("account.address_change_requested", contactId)
  const [toNew, toOld] = await bodies()
  expect([toNew!.recipient, toOld!.recipient]).toEqual(["new@example.jp", address])
  expect(toOld!.html + toOld!.text).not.toContain("token=")
})

test("whoever withdrew is told, and nothing else that waited goes out", async () => {
  const { contactId } = await person(db)
  await tell("account.sign_up_repeated", contactId)
  await sql`update delivery set asked_for = false`.execute(db)
  await sql`update account set withdrawn_at = now()`.execute(db)
  await tell("member.withdrew", contactId)
  const rows = await db.selectFrom("delivery").select(["step", "state", "reason"]).orderBy("id").execute()
  expect(rows).toEqual([
    { step: "already-registered", state: "suppressed", reason: "withdrawn" },
    { step: "withdrawal-done", state: "queued", reason: null },
  ])
})

test("what is imported mails nobody", async () => {
  const { contactId } = await person(db)
  await tell("account.opened", contactId, true)
  await tell("member.withdrew", contactId, true)
  expect(await bodies()).toEqual([])
})

test("the mails of an English account are English throughout", async () => {
  const { contactId } = await person(db, { familyName: "Suzuki", givenName: "Hanako" })
  await sql`update account set locale = 'en'`.execute(db)
  for (const name of [
    "account.opened",
    "account.reset_requested",
    "account.sign_up_repeated",
    "account.password_changed",
    "member.withdrew",
  ])
    await tell(name, contactId)
  for (const { html, text, subject } of await bodies()) {
    expect(text).toMatch(/^(Dear Hanako Suzuki|Hello),/)
    expect(
      (html + text + subject).replaceAll("まなび動画", "").replaceAll(/style="[^"]*"|<style>.*?<\/style>/gs, ""),
    ).not.toMatch(/[ぁ-ん一-龠]/)
  }
})
