import { announce, audit } from "../events/index.ts"
import { cleanAddress, isAddress } from "../identity/index.ts"
import type { Actor } from "../platform/actors.ts"
import { now } from "../platform/clock.ts"
import type { Db, Tx } from "../platform/db.ts"
import { companyKey } from "./companies.ts"
import { clean, type FieldName, fieldNames, type ProfileDraft, refuse } from "./drafts.ts"
import * as emails from "./emails.ts"
import { memberNumber } from "./names.ts"
import * as phones from "./phones.ts"
import * as properties from "./properties.ts"
import { NoSuchContact } from "./refusals.ts"
import { refresh } from "./search.ts"

/** What is known of a contact today. */
export type Profile = Record<FieldName, string | null> & {
  contactId: string
  /** M-000123 */
  number: string
  familyName: string
  givenName: string
  familyKana: string
  givenKana: string
  emails: emails.Email[]
  createdAt: Date
  changedAt: Date
}

/** The fields that conditions may ask for; kept as dated properties under the same names. */
const askable = ["postalCode", "prefecture", "city", "company", "department", "title"] as const

/**
 * Writes what somebody typed about a contact: normalised, checked, with the dated properties that conditions ask for.
 * Refuses with the sentences by field. Returns the names of the fields that changed; nothing happens when there are none.
 */
export async function save(
  tx: Tx,
  contactId: string,
  draft: ProfileDraft & { email?: string | null },
  by: Actor,
  options: { source?: string; at?: Date; history?: boolean; silent?: boolean } = {},
): Promise<string[]> {
  const { values, faults } = clean(draft)
  refuse(draft.email && !isAddress(draft.email) ? { ...faults, email: "fault.email" } : faults)
  const at = options.at ?? now()
  await properties.lock(tx, [contactId])
  const before = await row(tx, contactId)
  if (!before) throw new NoSuchContact()
  // Told late: what was said since stands, and only gaps are filled.
  const late = at < before.changedAt
  const changed = fieldNames.filter(
    (name) =>
      values[name] !== undefined && (values[name] ?? "") !== (before[name] ?? "") && !(late && (before[name] ?? "")),
  )
  const fields: string[] = [...changed]
  if (draft.email && (await emails.add(tx, contactId, draft.email, at))) fields.push("email")
  if (fields.length === 0) return []
  if (changed.length > 0) {
    await tx
      .updateTable("profile")
      .set({ ...stored(changed, values), changedAt: late ? before.changedAt : at })
      .where("contactId", "=", contactId)
      .execute()
    await refresh(tx, contactId)
    fields.push(...(await tellConditions(tx, contactId, changed, values, before, at, options)))
  }
  const told = [...new Set(fields)].sort()
  if (!options.silent)
    await announce(tx, "contact.changed", {
      contactId,
      properties: { fields: told },
      happenedAt: at,
      history: options.history,
    })
  if (by.kind === "staff" || by.kind === "token") {
    const after = { ...pick(values, changed), ...(draft.email ? { email: cleanAddress(draft.email) } : {}) }
    await audit.record(
      tx,
      by,
      "contact.change",
      { kind: "contact", id: contactId },
      { before: pick(before, changed), after },
    )
  }
  return told
}

/** What is known of a contact; throws NoSuchContact when there is none or it was erased. */
export async function get(db: Db, contactId: string): Promise<Profile> {
  const found = await find(db, contactId)
  if (!found) throw new NoSuchContact()
  return found
}

/** As `get`, but nothing when there is no such contact. */
async function find(db: Db, contactId: string): Promise<Profile | undefined> {
  const known = await row(db, contactId)
  if (!known) return undefined
  const { nameKana: _, phoneKey: _p, companyKey: _c, searchKey: _s, number, ...rest } = known
  return { ...rest, number: memberNumber(number), emails: await emails.ofContact(db, contactId) }
}

async function row(db: Db, contactId: string) {
  return db
    .selectFrom("profile")
    .innerJoin("contact", "contact.id", "profile.contactId")
    .selectAll("profile")
    .select("contact.createdAt")
    .where("contactId", "=", contactId)
    .where("contact.erasedAt", "is", null)
    .executeTakeFirst()
}

function stored(changed: FieldName[], values: Partial<Record<FieldName, string | null>>) {
  const set: Record<string, string | null> = {}
  for (const name of changed) {
    const value = values[name] ?? null
    set[name] = value ?? (name.startsWith("family") || name.startsWith("given") ? "" : null)
    if (name === "phone") set.phoneKey = value && phones.parse(value)!.key
    if (name === "company") set.companyKey = value && companyKey(value)
  }
  return set
}

async function tellConditions(
  tx: Tx,
  contactId: string,
  changed: FieldName[],
  values: Partial<Record<FieldName, string | null>>,
  before: { phone: string | null },
  at: Date,
  options: { source?: string; history?: boolean },
): Promise<string[]> {
  const told = askable
    .filter((name) => changed.includes(name))
    .map((name) => ({ contactId, name: name as string, value: values[name] as unknown, at }))
  if (changed.includes("phone") && Boolean(values.phone) !== Boolean(before.phone))
    told.push({ contactId, name: "has_phone", value: Boolean(values.phone), at })
  const source = options.source ?? "profile"
  const changes = await properties.setAll(tx, told, { source, silent: true })
  return changes.map((change) => change.name)
}

function pick(from: Partial<Record<FieldName, string | null>>, names: FieldName[]) {
  return Object.fromEntries(names.map((name) => [name, from[name] ?? null]))
}
