import { idOf, newId } from "../platform/ids.ts"
import { bad, type Fault, forbidden } from "./faults.ts"
import { clean, mask, TooDeep, withoutSecrets } from "./masks.ts"
import { isImportable, isReserved } from "./names.ts"
import type { Row } from "./rows.ts"
import * as schemas from "./schemas.ts"
import { refusal, type Sender, wantsHistory, whoseOf } from "./senders.ts"
import { isObject, isText, isWord, type Said } from "./shapes.ts"
import { timeOf } from "./times.ts"

/** A message that has been found good: the row to store and what else it asks for. */
export type Prepared = Row & {
  messageId: string | null
  json: string
  /** The anonymous id whose history becomes this contact's. */
  joins: string | null
  traits: Record<string, unknown> | null
  protectedAllowed: boolean
}

/** What is the same for all messages of a request. */
type Envelope = {
  sender: Sender
  receivedAt: Date
  sentAt: unknown
  schemas: Map<string, schemas.Schema>
}

/** Checks one message of the Segment HTTP tracking spec. Bots are answered with `null`: nothing wrong, nothing kept. */
export function read(message: unknown, envelope: Envelope): Prepared | Fault | null {
  if (!isObject(message)) return bad("notAnObject")
  const { sender } = envelope
  const type = message.type as string
  if (!types.has(type)) return bad("type")
  const messageId = message.messageId ?? null
  if (messageId !== null && (typeof messageId !== "string" || !isWord(messageId))) return bad("messageId")
  const history = sender.kind === "server" && (sender.history || wantsHistory(message))
  const refused = sender.kind === "browser" ? refusal(message, type, sender) : undefined
  if (refused) return refused
  const who = whoseOf(message, type, sender)
  if ("status" in who) return who
  const time = timeOf({
    timestamp: message.timestamp ?? message.originalTimestamp,
    sentAt: message.sentAt ?? envelope.sentAt,
    receivedAt: envelope.receivedAt,
    history,
  })
  if (time === "impossible-date") return bad("impossibleDate")
  if (time === "too-old") return bad("tooOld")
  const content = contentOf(message, type, envelope.schemas)
  if ("status" in content) return content
  const { name, properties, traits } = content
  if (sender.kind === "browser" && sender.bot && untrusted.has(name)) return null
  const unsuitable = suits(name, properties, { sender, history, schema: envelope.schemas.get(name), type })
  if (unsuitable) return unsuitable
  const json = JSON.stringify(properties)
  if (json.length > largest) return { status: 413, key: "tooLarge" }
  return {
    id:
      history && messageId !== null
        ? idOf("event", [who.contactId, type, messageId, name].join("\0"))
        : newId(envelope.receivedAt),
    name,
    ...who,
    originId: who.contactId,
    ...time,
    receivedAt: envelope.receivedAt,
    source: sender.keyId,
    properties,
    json,
    history,
    sequence: sequenceOf(message),
    messageId,
    traits,
    protectedAllowed: sender.kind === "server",
  }
}

const types = new Set(["track", "identify", "page", "screen", "alias", "group"])
const untrusted = new Set(["page.viewed", "page.left", "link.clicked"])
const largest = 32_000
type Content = { name: string; properties: Record<string, unknown>; traits: Record<string, unknown> | null }

function contentOf(message: Said, type: string, known: Map<string, schemas.Schema>): Content | Fault {
  const field = type === "identify" || type === "group" ? "traits" : "properties"
  const given = message[field] ?? {}
  if (!isObject(given)) return bad("notProperties", { field })
  try {
    switch (type) {
      case "track": {
        if (typeof message.event !== "string" || !isWord(message.event)) return bad("event")
        const name = mask(message.event)
        const declared = known.get(name)?.properties
        const tidied = untrusted.has(name) ? tidy(given) : given
        return { name, properties: clean(tidied, declared && ((property) => property in declared)), traits: null }
      }
      case "page":
      case "screen": {
        const { name, category } = message
        const named = { ...(isText(name) && { name }), ...(isText(category) && { category }), ...given }
        return { name: type === "page" ? "page.viewed" : "screen.viewed", properties: clean(tidy(named)), traits: null }
      }
      case "alias":
        return { name: "contact.aliased", properties: {}, traits: null }
      case "group": {
        const groupId = isText(message.groupId) ? { groupId: mask(message.groupId).slice(0, 200) } : {}
        return { name: "group.joined", properties: { ...groupId, fields: fieldsOf(given) }, traits: null }
      }
      default: {
        const traits = storableTraits(given)
        if (!traits) return { status: 413, key: "tooLarge" }
        return { name: "contact.identified", properties: { fields: fieldsOf(traits) }, traits }
      }
    }
  } catch (error) {
    if (error instanceof TooDeep) return bad("tooDeep", { field })
    throw error
  }
}

/** Personal values never go into an event: only which fields were said. */
function fieldsOf(traits: Record<string, unknown>): string[] {
  return Object.keys(traits)
    .slice(0, 200)
    .map((name) => mask(name).slice(0, 100))
    .sort()
}

function storableTraits(given: Record<string, unknown>): Record<string, unknown> | undefined {
  const traits = clean(given, () => true)
  return JSON.stringify(traits).length > largest ? undefined : traits
}

const addresses = ["url", "href", "referrer", "path", "search"]

function tidy(properties: Said): Said {
  const tidied = { ...properties }
  for (const name of addresses) {
    const value = tidied[name]
    if (typeof value === "string") tidied[name] = withoutSecrets(value)
  }
  return tidied
}

type Circumstances = { sender: Sender; history: boolean; schema: schemas.Schema | undefined; type: string }

function suits(name: string, properties: Said, { sender, history, schema, type }: Circumstances): Fault | undefined {
  if (type === "track" && isReserved(name)) {
    if (!isImportable(name)) return forbidden("reservedEvent", { event: name })
    if (!history) return forbidden("importOnly", { event: name })
  }
  if (sender.kind === "browser" && schema?.protected) return forbidden("protectedEvent", { event: name })
  if (name === "video.watched" && !schemas.watchable(properties)) return bad("watchRanges")
  const broken = schema && schemas.fault(schema, properties)
  if (!broken) return undefined
  const { property, wanted } = broken
  return wanted === "required"
    ? bad("propertyMissing", { event: name, property })
    : bad("propertyType", { event: name, property, wanted })
}

/** The device's own count, from `context.sequence` or from what its kit puts under `integrations.Musubi`. */
function sequenceOf(message: Said): number | null {
  const { context, integrations } = message
  const own = isObject(integrations) && isObject(integrations.Musubi) ? integrations.Musubi.sequence : undefined
  const sequence = isObject(context) ? (context.sequence ?? own) : own
  return Number.isSafeInteger(sequence) ? (sequence as number) : null
}
