import { conditions } from "../audience/index.ts"
import { letters, type MailClass, senders, standings } from "../messaging/index.ts"
import { now } from "../platform/clock.ts"
import type { Db, Tx } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import * as jobs from "../platform/jobs.ts"
import type { Job } from "../platform/jobs.ts"
import type { MailTransport } from "../platform/mail.ts"
import { check, type Definition, type MailStep } from "./definitions.ts"
import { NoSuchStep } from "./refusals.ts"
import { blocksFor } from "./steps.ts"

/** What would have happened: how many people would have gone in, who they are, and what would have become of their first mail. */
type Trial = {
  entered: number
  people: { contactId: string; familyName: string; givenName: string }[]
  mails: Record<string, number>
}

/**
 * Tries a draft on the past: who meets its entry now and did not so many days ago, with the facts of both days.
 * Nothing is written and nobody is mailed.
 */
export async function tryOut(db: Db, input: unknown, days: number, at: Date): Promise<Trial> {
  const { entry, steps } = check(input)
  const then = new Date(at.getTime() - days * 86_400_000)
  const [today, before] = [await conditions.all(db, entry, at), new Set(await conditions.all(db, entry, then))]
  const entered = today.filter((contactId) => !before.has(contactId))
  const first = steps.find((step): step is MailStep => step.kind === "mail")
  return {
    entered: entered.length,
    people: await named(db, entered.slice(0, 50)),
    mails: first ? await fates(db, entered, first.class, at) : {},
  }
}

/** A mail of a scenario as one member would get it now; nothing is queued and no link is counted. */
export async function testMail(
  tx: Tx,
  definition: Definition,
  key: string | undefined,
  contactId: string,
  at: Date,
): Promise<letters.Written> {
  const step = definition.steps.find(
    (one): one is MailStep => one.kind === "mail" && (key === undefined || one.key === key),
  )
  if (!step) throw new NoSuchStep()
  const person = (await standings.of(tx, [contactId], at)).get(contactId)
  if (!person) throw new NoSuchStep()
  const content = { class: step.class, subject: step.subject, blocks: await blocksFor(tx, step, contactId, at) }
  const { sender } = await senders.rules(tx)
  return letters.write(content, person, { sender, unsubscribeUrl: step.class === "advertising" ? "#" : undefined })
}

/** Has a test mail sent to the address of the staff member who asked; the job finds the address itself. */
export async function sendToStaff(tx: Tx, staffId: string, mail: letters.Written): Promise<void> {
  await jobs.add(tx, "journeys.test-mail", { staffId, ...mail })
}

/** The job that sends test mails; nothing happens without a mail server. */
export function testMails(transport: MailTransport | undefined): Job {
  return async (db: Db, payload: letters.Written & { staffId: string }) => {
    const staff = await db
      .selectFrom("staff")
      .select("address")
      .where("id", "=", payload.staffId)
      .where("disabledAt", "is", null)
      .executeTakeFirst()
    if (!staff || !transport) return
    const { name, from } = await senders.read(db)
    const { subject, html, text } = payload
    const messageId = `<${newId()}@${from.split("@").at(-1)}>`
    await transport.send({
      from: { name, address: from },
      to: staff.address,
      subject: `[テスト] ${subject}`,
      html,
      text,
      messageId,
      headers: {},
      date: now(),
    })
  }
}

async function named(db: Db, contactIds: string[]): Promise<Trial["people"]> {
  if (contactIds.length === 0) return []
  const rows = await db
    .selectFrom("profile")
    .select(["contactId", "familyName", "givenName"])
    .where("contactId", "in", contactIds)
    .execute()
  const byId = new Map(rows.map((row) => [row.contactId, row]))
  return contactIds.map((contactId) => byId.get(contactId) ?? { contactId, familyName: "", givenName: "" })
}

async function fates(db: Db, contactIds: string[], kind: MailClass, at: Date): Promise<Record<string, number>> {
  const standing = await standings.of(db, contactIds, at)
  const counted: Record<string, number> = {}
  for (const contactId of contactIds) {
    const fate = standings.whyNot(standing.get(contactId), { class: kind, askedFor: false }) ?? "sent"
    counted[fate] = (counted[fate] ?? 0) + 1
  }
  return counted
}
