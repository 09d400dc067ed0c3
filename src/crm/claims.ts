import type { Claim } from "../events/index.ts"
import { isAddress } from "../identity/index.ts"
import { system } from "../platform/actors.ts"
import { sql, type Tx } from "../platform/db.ts"
import { clean, fieldNames, type ProfileDraft } from "./drafts.ts"
import * as profiles from "./profiles.ts"
import * as properties from "./properties.ts"

/**
 * Keeps what `identify` says. Names, addresses and the like are taken from server keys alone and go into the profile;
 * what cannot be read there (a phone number that is none) is left out. Everything else becomes a dated property.
 */
export async function keep(tx: Tx, claims: Claim[]): Promise<void> {
  const known = await knownAmong(tx, claims)
  for (const claim of claims) {
    const { email, ...draft } = personal(claim.traits)
    if (!claim.protectedAllowed || !known.has(claim.contactId)) continue
    const { values } = clean(draft)
    const mail = email && isAddress(email) ? { email } : {}
    if (Object.keys(values).length === 0 && !mail.email) continue
    const options = { source: claim.source, at: claim.at, history: claim.history }
    await profiles.save(tx, claim.contactId, { ...values, ...mail }, system("identify"), options)
  }
  for (const group of Map.groupBy(claims, (claim) => `${claim.history} ${claim.source}`).values()) {
    const told = group.flatMap(({ contactId, traits, at, protectedAllowed }) =>
      Object.entries(traits)
        .filter(([name]) => !personalNames.has(name))
        .filter(([name]) => protectedAllowed || !properties.protectedNames.includes(name))
        .map(([name, value]) => ({ contactId, name, value, at })),
    )
    await properties.setAll(tx, told, { source: group[0]!.source, history: group[0]!.history })
  }
}

/** Makes the properties of an anonymous history a person's; what the person has said since then stands. */
export async function move(tx: Tx, { originId, contactId }: { originId: string; contactId: string }): Promise<void> {
  await properties.lock(tx, [originId, contactId])
  const { rows } = await sql<{ name: string; value: unknown; since: Date; confirmedAt: Date; source: string }>`
    delete from contact_property where contact_id = ${originId}
    returning name, value, since, confirmed_at, source`.execute(tx)
  for (const [source, told] of Map.groupBy(rows, (row) => row.source)) {
    const words = told.flatMap(({ name, value, since, confirmedAt }) =>
      [...new Set([since.getTime(), confirmedAt.getTime()])].map((at) => ({
        contactId,
        name,
        value,
        at: new Date(at),
      })),
    )
    await properties.setAll(tx, words, { source })
  }
}

/** The traits of the Segment specification that say who somebody is, as fields of a profile; and our own names for them. */
function personal(traits: Record<string, unknown>): ProfileDraft & { email?: string } {
  const text = (value: unknown) => (typeof value === "string" ? value.slice(0, 1_000) : undefined)
  const address = record(traits.address)
  const name = text(traits.name)
    ?.trim()
    .split(/[\s\u3000]+/u)
  const draft: Record<string, string | undefined> = {
    familyName: text(traits.lastName) ?? name?.[0],
    givenName: text(traits.firstName) ?? (name && name.slice(1).join(" ")),
    phone: text(traits.phone),
    postalCode: text(address.postalCode),
    prefecture: text(address.state),
    city: text(address.city),
    street: text(address.street),
    company: text(traits.company) ?? text(record(traits.company).name),
    title: text(traits.title),
  }
  for (const field of fieldNames) if (typeof traits[field] === "string") draft[field] = text(traits[field])
  return { ...draft, email: text(traits.email) }
}

const personalNames = new Set<string>([...fieldNames, "name", "firstName", "lastName", "email", "phone", "address"])

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}

async function knownAmong(tx: Tx, claims: Claim[]): Promise<Set<string>> {
  const ids = [...new Set(claims.map((claim) => claim.contactId))]
  const { rows } = await sql<{ id: string }>`
    select contact_id as id from profile where contact_id = any(${ids}::uuid[])`.execute(tx)
  return new Set(rows.map((row) => row.id))
}
