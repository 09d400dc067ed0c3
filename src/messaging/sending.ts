import { announceAll } from "../events/index.ts"
import { now } from "../platform/clock.ts"
import { type Db, sql, transact, type Tx } from "../platform/db.ts"
import { log } from "../platform/log.ts"
import { type MailTransport, Unsent } from "../platform/mail.ts"
import { type Fate, record } from "./fates.ts"
import { archived } from "./holding.ts"
import { quietUntil } from "./quiet.ts"
import * as senders from "./senders.ts"
import * as standings from "./standings.ts"
import type { MailClass } from "./tables.ts"

export type Claimed = {
  contactId: string
  id: string
  class: MailClass
  askedFor: boolean
  attempts: number
  scenarioId: string | null
  /** Without what is personal in it. */
  title: string
  messageId: string
  queuedAt: Date
  recipient: string
  subject: string
  html: string
  text: string
  headers: Record<string, string>
}

/** After this long without a fate the worker that claimed a mail is taken for dead. Every try ends sooner by itself. */
const deadAfterMs = 60_000
/** A mail that waited this long since its claim (a stopped process that woke up) is not handed over any more: another worker may have it. */
const staleAfterMs = 15_000
/** Nobody wants a mail older than this. */
const expiresAfterMs = 3 * 86_400_000

type Hands = {
  busy: Set<Promise<void>>
  /** The mails they are busy with. */
  ids: Set<string>
  done: { fate: Fate; resolve: () => void }[]
  writing?: Promise<void>
  recoverAt: number
}
const hands = new Map<MailTransport, Hands>()

/**
 * Claims mails that are due, commits, and only then hands them to SMTP; fates are written as they come.
 * Returns at once with whether more may be due; waits only while every connection is busy. One loop per transport.
 */
export async function turn(db: Db, transport: MailTransport, workerId: string): Promise<boolean> {
  const own = handsOf(transport)
  if (own.busy.size >= transport.slots) await Promise.race(own.busy)
  if (Date.now() >= own.recoverAt) {
    own.recoverAt = Date.now() + 5_000
    await transact(db, (tx) => recover(tx, workerId, own.ids))
  }
  const free = transport.slots - own.busy.size
  const { mails, sender, found } = await transact(db, (tx) => claim(tx, workerId, free))
  const claimedAt = performance.now()
  for (const mail of mails) {
    own.ids.add(mail.id)
    const going = handOver(transport, mail, sender, claimedAt)
      .then((fate) => write(db, own, { ...fate, workerId }))
      .finally(() => {
        own.busy.delete(going)
        own.ids.delete(mail.id)
      })
    own.busy.add(going)
  }
  return found === free
}

/** Waits until every mail that was begun has its fate written; call it between stopping the loop and closing the database. */
export async function settle(transport?: MailTransport): Promise<void> {
  for (const own of transport ? [handsOf(transport)] : hands.values())
    while (own.busy.size > 0) await Promise.all(own.busy)
}

function handsOf(transport: MailTransport): Hands {
  let own = hands.get(transport)
  if (!own) {
    own = { busy: new Set(), ids: new Set(), done: [], recoverAt: 0 }
    hands.set(transport, own)
  }
  return own
}

/** Takes due mails, oldest first. Whoever lost consent, address or account since is suppressed here, so that no word said before the claim is passed over. */
export async function claim(
  tx: Tx,
  workerId: string,
  most: number,
): Promise<{ mails: Claimed[]; sender: senders.Sender; found: number }> {
  const at = now()
  const { sender, limits } = await senders.rules(tx)
  const quiet = quietUntil(at, limits) !== undefined
  const { rows } = await sql<Claimed & { bodyErased: boolean }>`
    with due as materialized (
      select contact_id, id from delivery
      where state = 'queued' and next_try_at <= ${at} ${quiet ? sql`and class = 'transactional'` : sql``}
      order by next_try_at limit ${most} for update skip locked),
    taken as (
      update delivery d set state = 'sending', claimed_at = ${at}, claimed_by = ${workerId}, attempts = d.attempts + 1
      from due where d.contact_id = due.contact_id and d.id = due.id returning d.*)
    select t.contact_id, t.id, t.class, t.asked_for, t.attempts, t.scenario_id, t.subject as title, t.message_id, t.queued_at,
      b.recipient, b.subject, b.html, b.text, b.headers, b.delivery_id is null as body_erased
    from taken t left join delivery_body b on b.contact_id = t.contact_id and b.delivery_id = t.id`.execute(tx)
  if (rows.length === 0) return { mails: [], sender, found: 0 }
  const standing = await standings.of(tx, [...new Set(rows.map((mail) => mail.contactId))], at)
  const stopped: (Fate & { reason: string })[] = []
  const mails = rows.filter((mail) => {
    const reason = mail.bodyErased ? "erased" : standings.whyNot(standing.get(mail.contactId), mail)
    if (reason) stopped.push({ mail, workerId, state: "suppressed", reason })
    else if (at.getTime() - mail.queuedAt.getTime() > expiresAfterMs)
      stopped.push({ mail, workerId, state: "failed", reason: "expired" })
    else return true
    return false
  })
  if (stopped.length > 0) await record(tx, stopped, at)
  for (const mail of mails) await followAddress(tx, mail, standing.get(mail.contactId)!.address)
  return { mails, sender, found: rows.length }
}

/** A mail about a person never goes to an address that is no longer theirs. */
async function followAddress(tx: Tx, mail: Claimed, address: string | null): Promise<void> {
  if (mail.askedFor || !address || mail.recipient === address) return
  mail.recipient = address
  await tx
    .updateTable("deliveryBody")
    .set({ recipient: address })
    .where("contactId", "=", mail.contactId)
    .where("deliveryId", "=", mail.id)
    .execute()
}

async function handOver(
  transport: MailTransport,
  mail: Claimed,
  sender: senders.Sender,
  claimedAt: number,
): Promise<Omit<Fate, "workerId">> {
  if (performance.now() - claimedAt > staleAfterMs) return { mail, state: "queued", reason: "stale" }
  try {
    await transport.send({
      from: { name: sender.name, address: sender.from },
      to: mail.recipient,
      subject: mail.subject,
      html: mail.html,
      text: mail.text,
      messageId: mail.messageId,
      headers: mail.headers,
      date: mail.queuedAt,
    })
    return { mail, state: "sent", reason: null }
  } catch (error) {
    if (!(error instanceof Unsent)) {
      log.error({ err: error, deliveryId: mail.id }, "a mail could not be handed over")
      return { mail, state: "queued", reason: "bug" }
    }
    if (error.kind === "permanent") return { mail, state: "failed", reason: error.code, bounced: error.aboutRecipient }
    if (error.kind === "temporary") return { mail, state: "queued", reason: error.code }
    // It may have arrived. What the person needs goes again under the same Message-ID; advertising never does by itself.
    return mail.class === "transactional"
      ? { mail, state: "queued", reason: error.code }
      : { mail, state: "uncertain", reason: error.code }
  }
}

/** Writes fates in groups: whatever came in while the last group was being committed goes into the next. Keeps trying while the database is away. */
function write(db: Db, own: Hands, fate: Fate): Promise<void> {
  return new Promise((resolve) => {
    own.done.push({ fate, resolve })
    own.writing ??= flush(db, own).finally(() => {
      own.writing = undefined
    })
  })
}

async function flush(db: Db, own: Hands): Promise<void> {
  while (own.done.length > 0) {
    const group = own.done.splice(0, 200)
    const giveUpAt = Date.now() + 600_000
    for (let pause = 100; ; pause = Math.min(pause * 2, 5_000)) {
      try {
        await transact(db, (tx) =>
          record(
            tx,
            group.map((one) => one.fate),
            now(),
          ),
        )
        break
      } catch (error) {
        log.error({ err: error, mails: group.length }, "fates of mails could not be written yet")
        if (Date.now() > giveUpAt) break
        await new Promise((next) => setTimeout(next, pause))
      }
    }
    for (const one of group) one.resolve()
  }
}

/**
 * Mails of a worker that died between claim and fate: what the person needs goes again with the same Message-ID, advertising
 * is listed as uncertain. Also mails of this worker that it does not have in hand: their claim was committed, but the
 * answer was lost on the way.
 */
export async function recover(tx: Tx, workerId: string, inHand: ReadonlySet<string>): Promise<void> {
  const at = now()
  const { rows } = await sql<{
    contactId: string
    id: string
    state: string
    title: string
    scenarioId: string | null
  }>`
    with lost as (
      select contact_id, id from delivery
      where state = 'sending' and claimed_at < ${new Date(at.getTime() - deadAfterMs)}
        and (claimed_by <> ${workerId} or id <> all(${[...inHand]}::uuid[]))
      for update skip locked)
    update delivery d set
      state = case when d.class = 'transactional' and d.reason is distinct from ${archived} then 'queued' else 'uncertain' end,
      reason = 'worker-lost', next_try_at = case when d.class = 'transactional' and d.next_try_at is not null then ${at}::timestamptz end
    from lost where d.contact_id = lost.contact_id and d.id = lost.id
    returning d.contact_id, d.id, d.state, d.subject as title, d.scenario_id`.execute(tx)
  const uncertain = rows.filter((mail) => mail.state === "uncertain")
  const news = uncertain.map(({ contactId, id, title, scenarioId }) => ({
    contactId,
    properties: { deliveryId: id, subject: title, scenarioId, why: "uncertain" },
  }))
  await announceAll(tx, "mail.failed", news)
}
