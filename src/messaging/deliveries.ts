import { announceAll } from "../events/index.ts"
import { dayOf, startOfDay } from "../platform/dates.ts"
import { sql, type Tx } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import { hashToken, newToken, packToken } from "../platform/tokens.ts"
import type { Locale } from "../platform/words.ts"
import type { Block } from "./blocks.ts"
import * as house from "./house.ts"
import * as letters from "./letters.ts"
import * as mergeTags from "./merge-tags.ts"
import * as senders from "./senders.ts"
import * as standings from "./standings.ts"
import type { DeliveryState, MailClass } from "./tables.ts"

export type Draft = {
  contactId: string
  /** What caused it: a scenario run, or the id of the errand. With `step` it makes queueing twice harmless. */
  runId: string
  step: string
  class: MailClass
  subject: string
  blocks: Block[]
  scenarioId?: string
  /** 判定理由: the facts that made it go out. */
  why?: object
  at: Date
  /** The person asked for it just now: it goes to `recipient` (else their own address), whatever their standing. Transactional only. */
  askedFor?: boolean
  recipient?: string
  locale?: Locale
  /** A word in it that signs in or changes an account; hidden from staff and cut out once sent. */
  secret?: string
  /** Whether clicks are counted; default: in scenarios' mails. */
  tracked?: boolean
}

type Queued = { id: string; contactId: string; state: DeliveryState; reason: string | null }

/** Queues one mail, or writes down why it will not go out; the same (run, step, contact) twice is one mail. */
export async function queue(tx: Tx, draft: Draft): Promise<Queued> {
  const [queued] = await queueAll(tx, [draft])
  return queued!
}

/** As `queue`, for many at once, in the order given. A caller that has read the rules, or holds the people's rows, says so. */
export async function queueAll(
  tx: Tx,
  drafts: Draft[],
  { rules, held = false }: { rules?: senders.Rules; held?: boolean } = {},
): Promise<Queued[]> {
  if (drafts.length === 0) return []
  const at = drafts[0]!.at
  const contactIds = [...new Set(drafts.map((draft) => draft.contactId))]
  const { sender, limits } = rules ?? (await senders.rules(tx))
  const used = await budgets(tx, drafts, at, held)
  const standing = await standings.of(tx, contactIds, at)
  const decided = drafts.map((draft) => {
    const person = standing.get(draft.contactId)
    let reason = standings.whyNot(person, { class: draft.class, askedFor: draft.askedFor ?? false })
    if (!reason && !(draft.recipient ?? person?.address)) reason = "no-address"
    if (!reason && draft.class === "advertising") {
      const spent = used.get(draft.contactId)!
      if (!senders.isComplete(sender)) reason = "sender-incomplete"
      else if (spent.steps.has(`${draft.runId} ${draft.step}`)) reason = undefined
      else if (spent.day >= limits.advertisingPerDay || spent.week >= limits.advertisingPerWeek) reason = "frequency"
      else {
        spent.day++
        spent.week++
      }
    }
    return { draft, person, reason, id: newId(), token: newToken() }
  })
  const added = new Set<string>()
  for (let from = 0; from < decided.length; from += 200)
    for (const id of await insert(tx, decided.slice(from, from + 200), at, sender)) added.add(id)
  const now = decided.filter((one) => added.has(one.id))
  await announceAll(tx, "mail.suppressed", now.filter((one) => one.reason).map(suppressedNews))
  if (now.length === decided.length)
    return now.map((one) => ({
      id: one.id,
      contactId: one.draft.contactId,
      state: stateOf(one),
      reason: one.reason ?? null,
    }))
  return await existing(tx, drafts)
}

type Decided = {
  draft: Draft
  person: standings.Standing | undefined
  reason: standings.WhyNot | undefined
  id: string
  token: string
}

/** Advertising of the last day and week by person. Holds the person until the transaction ends, so that two scenarios cannot both take the last place. */
async function budgets(tx: Tx, drafts: Draft[], at: Date, held: boolean) {
  const contactIds = [
    ...new Set(drafts.filter(({ class: kind }) => kind === "advertising").map((draft) => draft.contactId)),
  ].sort()
  const used = new Map<string, { day: number; week: number; steps: Set<string> }>()
  if (contactIds.length === 0) return used
  if (!held)
    await sql`select from contact where id = any(${contactIds}::uuid[]) order by id for no key update`.execute(tx)
  const weekAgo = new Date(at.getTime() - 7 * 86_400_000)
  const { rows } = await sql<{ contactId: string; queuedAt: Date; runId: string; step: string }>`
    select contact_id, queued_at, run_id, step from delivery
    where contact_id = any(${contactIds}::uuid[]) and class = 'advertising' and queued_at > ${weekAgo}
      and state in ('queued', 'sending', 'sent', 'uncertain')`.execute(tx)
  const today = startOfDay(dayOf(at))
  for (const id of contactIds) used.set(id, { day: 0, week: 0, steps: new Set() })
  for (const mail of rows) {
    const spent = used.get(mail.contactId)!
    spent.week++
    if (mail.queuedAt >= today) spent.day++
    spent.steps.add(`${mail.runId} ${mail.step}`)
  }
  return used
}

function row({ draft, reason, id, token }: Decided, at: Date, from: string) {
  return {
    contact_id: draft.contactId,
    id,
    run_id: draft.runId,
    step: draft.step,
    class: draft.class,
    state: reason ? "suppressed" : "queued",
    reason: reason ?? null,
    why: draft.why ?? null,
    asked_for: draft.askedFor ?? false,
    scenario_id: draft.scenarioId ?? null,
    subject: mergeTags.blank(draft.subject),
    message_id: `<${id}@${from.split("@").at(-1)}>`,
    queued_at: at,
    next_try_at: reason ? null : at,
    unsubscribe_hash: draft.class === "advertising" && !reason ? hashToken(token).toString("hex") : null,
  }
}

function addressee(draft: Draft, person: standings.Standing) {
  const { familyName, givenName, company, number } = person
  return { familyName, givenName, company, number, locale: draft.locale ?? person.locale }
}

function stateOf({ reason }: Decided): DeliveryState {
  return reason ? "suppressed" : "queued"
}

function suppressedNews({ draft, reason, id }: Decided) {
  return {
    contactId: draft.contactId,
    properties: {
      deliveryId: id,
      subject: mergeTags.blank(draft.subject),
      scenarioId: draft.scenarioId ?? null,
      why: reason,
    },
  }
}

/** Writes mails that are not there yet, with their bodies and tracked links; gives the ids of those written. */
async function insert(tx: Tx, decided: Decided[], at: Date, sender: senders.Sender): Promise<string[]> {
  const links: Link[] = []
  const bodies = decided.filter((one) => !one.reason).map((one) => body(one, sender, links))
  const rows = decided.map((one) => row(one, at, sender.from))
  const { rows: added } = await sql<{ id: string }>`
    with added as (
      insert into delivery (contact_id, id, run_id, step, class, state, reason, why, asked_for, scenario_id, subject,
        message_id, queued_at, next_try_at, unsubscribe_hash)
      select contact_id, id, run_id, step, class, state, reason, why, asked_for, scenario_id, subject,
        message_id, queued_at, next_try_at, decode(unsubscribe_hash, 'hex')
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as d(contact_id uuid, id uuid, run_id uuid, step text, class text,
        state text, reason text, why jsonb, asked_for boolean, scenario_id uuid, subject text, message_id text,
        queued_at timestamptz, next_try_at timestamptz, unsubscribe_hash text)
      on conflict (contact_id, run_id, step) do nothing returning id, state),
    body as (
      insert into delivery_body (contact_id, delivery_id, recipient, subject, html, text, headers, secret)
      select b.* from jsonb_to_recordset(${JSON.stringify(bodies)}::jsonb) as b(contact_id uuid, delivery_id uuid,
        recipient text, subject text, html text, text text, headers jsonb, secret text) join added a on a.id = b.delivery_id),
    link as (
      insert into mail_link (contact_id, token_hash, delivery_id, url)
      select contact_id, decode(hash, 'hex'), delivery_id, url from jsonb_to_recordset(${JSON.stringify(links)}::jsonb)
        as l(contact_id uuid, hash text, delivery_id uuid, url text) join added a on a.id = l.delivery_id)
    select id, case state when 'queued' then pg_notify('delivery', '') end from added`.execute(tx)
  return added.map(({ id }) => id)
}

type Link = { contact_id: string; hash: string; delivery_id: string; url: string }

/** What a mail says to its person; its tracked links are added to `links`. */
function body({ draft, person, id, token }: Decided, sender: senders.Sender, links: Link[]) {
  const word = packToken(draft.contactId, token)
  const unsubscribeUrl = draft.class === "advertising" ? house.urlOf(`/u/${word}`) : undefined
  const link = (url: string) => {
    if (!(draft.tracked ?? draft.scenarioId !== undefined)) return url
    const secret = newToken()
    links.push({ contact_id: draft.contactId, hash: hashToken(secret).toString("hex"), delivery_id: id, url })
    return house.urlOf(`/l/${packToken(draft.contactId, secret)}`)
  }
  const written = letters.write(draft, addressee(draft, person!), { sender, unsubscribeUrl, link })
  return {
    contact_id: draft.contactId,
    delivery_id: id,
    recipient: draft.recipient ?? person!.address,
    subject: written.subject,
    html: written.html,
    text: written.text,
    headers: unsubscribeUrl ? refusalHeaders(unsubscribeUrl, word, sender) : {},
    secret: draft.secret ?? null,
  }
}

/** RFC 8058: one POST without cookies or questions refuses; the mail address is for programs that know only RFC 2369. */
function refusalHeaders(url: string, word: string, sender: senders.Sender): Record<string, string> {
  const mail = sender.contact.includes("@") && !sender.contact.includes("://") ? sender.contact : undefined
  const ways = [`<${url}>`, ...(mail ? [`<mailto:${mail}?subject=unsubscribe%20${word}>`] : [])]
  return { "List-Unsubscribe": ways.join(", "), "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" }
}

async function existing(tx: Tx, drafts: Draft[]): Promise<Queued[]> {
  const { rows } = await sql<Queued & { runId: string; step: string }>`
    select d.id, d.contact_id, d.run_id, d.step, d.state, d.reason
    from jsonb_to_recordset(${JSON.stringify(
      drafts.map((draft) => ({ contact_id: draft.contactId, run_id: draft.runId, step: draft.step })),
    )}::jsonb) as w(contact_id uuid, run_id uuid, step text) join delivery d using (contact_id, run_id, step)`.execute(
    tx,
  )
  return drafts.map((draft) => {
    const { id, contactId, state, reason } = rows.find(
      (found) => found.contactId === draft.contactId && found.runId === draft.runId && found.step === draft.step,
    )!
    return { id, contactId, state, reason }
  })
}
