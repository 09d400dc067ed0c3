import { now } from "../platform/clock.ts"
import { type Db, isUnavailable, transact, type Tx } from "../platform/db.ts"
import { Refusal } from "../platform/refusals.ts"
import type { Locale } from "../platform/words.ts"
import { words } from "../platform/words.ts"
import { ensurePartitions } from "./announcements.ts"
import { type Fault, forbidden } from "./faults.ts"
import * as joining from "./joining.ts"
import { type Prepared, read } from "./messages.ts"
import * as names from "./names.ts"
import { dispatch, dispatchClaims } from "./reactions.ts"
import { insertEvents, insertOnce, insertReceipts } from "./rows.ts"
import * as schemas from "./schemas.ts"
import type { Sender } from "./senders.ts"

/** What became of a request's messages, by their place in it. */
export type Outcome = { accepted: number; rejected: { index: number; messageId: string | null; fault: Fault }[] }

/**
 * Takes messages of the Segment HTTP tracking spec. When it returns, what was accepted is committed;
 * a message seen before counts as accepted and changes nothing. Requests that arrive together share one transaction.
 */
export async function accept(
  db: Db,
  sender: Sender,
  messages: unknown[],
  request: { sentAt?: unknown; receivedAt?: Date } = {},
): Promise<Outcome> {
  const envelope = {
    sender,
    receivedAt: request.receivedAt ?? now(),
    sentAt: request.sentAt,
    schemas: await schemas.current(db),
  }
  const rejected: Outcome["rejected"] = []
  let good: Prepared[] = []
  const places: number[] = []
  for (let index = 0; index < messages.length; index++) {
    const prepared = read(messages[index], envelope)
    if (!prepared) continue
    if ("status" in prepared) rejected.push({ index, messageId: messageIdOf(messages[index]), fault: prepared })
    else {
      good.push(prepared)
      places.push(index)
    }
  }
  if (sender.kind === "browser" && good.length > 0) {
    const sent = good.map((row) => row.name)
    const tooMany = await names.overflow(db, sent, envelope.receivedAt)
    for (const [place, { name, messageId }] of tooMany.size > 0 ? good.entries() : []) {
      if (!tooMany.has(name)) continue
      const fault = forbidden("tooManyNames", { event: name, most: String(names.mostPublic) })
      rejected.push({ index: places[place]!, messageId, fault })
    }
    rejected.sort((a, b) => a.index - b.index)
    good = good.filter((row) => !tooMany.has(row.name))
  }
  if (good.length > 0) await committed(db, good)
  return { accepted: messages.length - rejected.length, rejected }
}

function messageIdOf(message: unknown): string | null {
  const id = (message as { messageId?: unknown } | null)?.messageId
  return typeof id === "string" ? id.slice(0, 200) : null
}

type Waiting = { rows: Prepared[]; resolve: () => void; reject: (error: unknown) => void }
type Gathering = { waiting: Waiting[]; items: number; commits: number }
const gatherings = new WeakMap<Db, Gathering>()
const mostPerCommit = 2_000
/** Two, so that one request is read while another is written. */
const mostCommits = 2
const mostWaiting = 40_000

/** Resolves when the rows are committed. What arrives while commits are under way goes into the next one. */
function committed(db: Db, rows: Prepared[]): Promise<void> {
  let gathering = gatherings.get(db)
  if (!gathering) gatherings.set(db, (gathering = { waiting: [], items: 0, commits: 0 }))
  if (gathering.items > mostWaiting) throw new Overloaded()
  const { waiting } = gathering
  gathering.items += rows.length
  const done = new Promise<void>((resolve, reject) => waiting.push({ rows, resolve, reject }))
  if (gathering.commits < mostCommits) {
    gathering.commits++
    setImmediate(() => void drain(db, gathering))
  }
  return done
}

async function drain(db: Db, gathering: Gathering): Promise<void> {
  while (gathering.waiting.length > 0) {
    let items = 0
    let requests = 0
    while (
      requests < gathering.waiting.length &&
      (requests === 0 || items + gathering.waiting[requests]!.rows.length <= mostPerCommit)
    )
      items += gathering.waiting[requests++]!.rows.length
    const together = gathering.waiting.splice(0, requests)
    gathering.items -= items
    await commit(db, together)
  }
  gathering.commits--
}

/** Commits requests together. When something in them breaks a reaction, each is tried alone, so that only the guilty one fails. */
async function commit(db: Db, together: Waiting[]): Promise<void> {
  try {
    await keep(db, together.length === 1 ? together[0]!.rows : together.flatMap((request) => request.rows))
    for (const request of together) request.resolve()
  } catch (error) {
    if (isUnavailable(error)) for (const request of together) request.reject(new NotNow())
    else if (together.length === 1) together[0]!.reject(error)
    else for (const request of together) await commit(db, [request])
  }
}

async function keep(db: Db, rows: Prepared[]): Promise<void> {
  const unseen = names.unseen(
    db,
    rows.map((row) => row.name),
  )
  await transact(db, async (tx) => {
    await ensurePartitions(
      tx,
      rows.map((row) => row.happenedAt),
    )
    await names.keep(tx, unseen, rows[0]!.receivedAt)
    const fresh = await firstSeen(tx, rows)
    if (fresh.some(isRepeatable)) await follow(tx, await insertOnce(tx, fresh))
    else {
      await insertEvents(tx, fresh, { people: true })
      await follow(tx, fresh)
    }
  })
  names.nowSeen(db, unseen)
}

/** Whether its id follows from what it says, so that it is recognised also when its receipt is gone or another key sends it. */
function isRepeatable(row: Prepared): boolean {
  return row.history && row.messageId !== null
}

/** The rows whose message was not accepted before, each message once. */
async function firstSeen(tx: Tx, rows: Prepared[]): Promise<Prepared[]> {
  const once = new Map<string, Prepared>()
  const fresh: Prepared[] = []
  for (const row of rows) {
    if (row.messageId === null) fresh.push(row)
    else if (!once.has(`${row.source}\n${row.messageId}`)) once.set(`${row.source}\n${row.messageId}`, row)
  }
  if (once.size === 0) return fresh
  const taken = await insertReceipts(tx, [...once.values()] as (Prepared & { messageId: string })[])
  for (const [key, row] of once) if (taken.has(key)) fresh.push(row)
  return fresh
}

async function follow(tx: Tx, fresh: Prepared[]): Promise<void> {
  const claims = []
  for (const row of fresh) {
    if (row.joins) await joining.join(tx, row.joins, row.contactId, row.receivedAt)
    if (!row.traits) continue
    const { contactId, traits, happenedAt: at, source, history, protectedAllowed } = row
    claims.push({ contactId, traits, at, source, history, protectedAllowed })
  }
  await dispatchClaims(tx, claims)
  await dispatch(tx, fresh)
}

/** The database is away; nothing of the request was kept, and sending it again is right. */
export class NotNow extends Refusal {
  readonly kind = "unavailable"
  override readonly retryAfterSeconds = 5
  sentence(locale: Locale) {
    return say(locale)("notNow")
  }
}

/** More arrives than can be written. */
export class Overloaded extends Refusal {
  readonly kind = "unavailable"
  override readonly retryAfterSeconds = 2
  sentence(locale: Locale) {
    return say(locale)("overloaded")
  }
}

const say = words(
  {
    notNow: "データベースに接続できないため、まだ保存していません。数秒後に同じ内容を送り直してください。",
    overloaded: "受信が集中しているため、まだ保存していません。少し待ってから同じ内容を送り直してください。",
  },
  {
    notNow: "The database cannot be reached, so nothing was kept yet. Send the same again in a few seconds.",
    overloaded: "Too much is arriving just now, so nothing was kept yet. Send the same again in a moment.",
  },
)
