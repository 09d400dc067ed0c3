import { idOf, isId } from "../platform/ids.ts"
import { bad, type Fault, forbidden } from "./faults.ts"
import { storable } from "./masks.ts"
import { isObject, isWord, type Said } from "./shapes.ts"

/** Who sends: a secret server key, which may speak for anybody, or a public browser key, which speaks for its own visitor alone. */
export type Sender =
  | { kind: "server"; keyId: string; history: boolean }
  | { kind: "browser"; keyId: string; contactId: string | null; bot: boolean }

/** Whose event it is; `joins` is an anonymous id whose history becomes this contact's. */
type Whose = { contactId: string; asked: string | null; known: boolean; joins: string | null }

const protectedProperties = new Set([
  "plan",
  "rank",
  "consent",
  "consents",
  "emailverified",
  "email_verified",
  "verifiedemail",
  "verified_email",
  "verifiedmail",
  "verified_mail",
  "mailverified",
  "mail_verified",
])

/** Why a browser key may not say this. */
export function refusal(message: Said, type: string, sender: { contactId: string | null }): Fault | undefined {
  if (type === "alias") return forbidden("noAlias")
  const { userId } = message
  if (userId !== undefined && userId !== null && userId !== "" && (!sender.contactId || userId !== sender.contactId))
    return forbidden("foreignUser")
  if (wantsHistory(message)) return forbidden("noHistory")
  const context = isObject(message.context) ? message.context : {}
  for (const said of [message.traits, message.properties, context.traits]) {
    if (!isObject(said)) continue
    for (const property of Object.keys(said))
      if (isProtected(property)) return forbidden("protectedProperty", { property: storable(property).slice(0, 100) })
  }
  return undefined
}

/** Also under a path such as `consent.advertising`. */
function isProtected(property: string): boolean {
  const word = property.toLowerCase()
  return protectedProperties.has(word) || /^(plan|rank|consent)[._]/.test(word)
}

/** Whose event a message is. */
export function whoseOf(message: Said, type: string, sender: Sender): Whose | Fault {
  if (sender.kind === "browser" && sender.contactId)
    return { contactId: sender.contactId, asked: null, known: true, joins: null }
  const userId = idText(message.userId)
  const anonymousId = idText(type === "alias" ? (message.previousId ?? message.anonymousId) : message.anonymousId)
  if (userId === undefined || anonymousId === undefined) return bad("who")
  if (type === "alias" && !(userId && anonymousId)) return bad("aliasPair")
  if (userId && sender.kind === "server")
    return {
      contactId: idOf("user", userId),
      asked: isId(userId) ? userId : null,
      known: true,
      joins: type === "alias" || type === "identify" ? anonymousId : null,
    }
  if (!anonymousId) return bad("who")
  return { contactId: idOf("anonymous", anonymousId), asked: null, known: false, joins: null }
}

/** An id as text, null when there is none, undefined when it cannot be one. */
function idText(id: unknown): string | null | undefined {
  if (id === undefined || id === null || id === "") return null
  if (typeof id === "number" && Number.isFinite(id)) return String(id)
  return typeof id === "string" && isWord(id) ? id : undefined
}

/** Whether a message asks to be taken as history. */
export function wantsHistory(message: Said): boolean {
  return isObject(message.context) && message.context.history === true
}
