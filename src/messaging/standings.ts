import { type Db, sql } from "../platform/db.ts"
import type { Locale } from "../platform/words.ts"
import type { MailClass } from "./tables.ts"

/** What decides whether a contact may be mailed, and how they are called. */
export type Standing = {
  contactId: string
  address: string | null
  addressKey: string | null
  verified: boolean
  bounced: boolean
  erased: boolean
  withdrawn: boolean
  suspended: boolean
  /** Newest word on advertising mail; null when they were never asked. */
  consented: boolean | null
  locale: Locale
  familyName: string
  givenName: string
  company: string
  number: number | null
}

const whyNots = [
  "erased",
  "withdrawn",
  "suspended",
  "no-address",
  "bounced",
  "no-consent",
  "refused",
  "unverified",
  "sender-incomplete",
  "frequency",
] as const
/** Why a mail is not sent to somebody. */
export type WhyNot = (typeof whyNots)[number]

/** The standing of these contacts as of now, by contact id. */
export async function of(db: Db, contactIds: string[], at: Date): Promise<Map<string, Standing>> {
  const { rows } = await sql<Standing>`
    select c.id as contact_id, coalesce(e.address, a.address) as address, coalesce(e.address_key, s.address_key) as address_key,
      (e.verified_at is not null or (s.verified_at is not null and s.address_key = coalesce(e.address_key, s.address_key))) as verified,
      (e.bounced_at is not null or exists (select from suppression x
        where x.contact_id = c.id and x.address_key = coalesce(e.address_key, s.address_key)
          and (x.until is null or x.until > ${at}))) as bounced,
      c.erased_at is not null as erased, a.withdrawn_at is not null as withdrawn, a.suspended_at is not null as suspended,
      (select k.granted from consent k where k.contact_id = c.id and k.purpose = 'advertising-mail' and k.until is null) as consented,
      coalesce(a.locale, 'ja') as locale, coalesce(p.family_name, '') as family_name, coalesce(p.given_name, '') as given_name,
      coalesce(p.company, '') as company, p.number
    from unnest(${contactIds}::uuid[]) wanted join contact c on c.id = wanted
      left join contact_email e on e.contact_id = c.id and e.is_primary
      left join account a on a.contact_id = c.id
      left join lateral (select address_key, verified_at from sign_in_address i where i.contact_id = c.id
        order by (i.address_key = e.address_key) desc nulls last, i.verified_at nulls last limit 1) s on true
      left join profile p on p.contact_id = c.id`.execute(db)
  return new Map(rows.map((row) => [row.contactId, row]))
}

/** Why a contact may not get a mail of this class, or nothing. What somebody asked for just now goes out to the address they named. */
export function whyNot(
  standing: Standing | undefined,
  mail: { class: MailClass; askedFor: boolean },
): WhyNot | undefined {
  if (!standing || standing.erased) return "erased"
  if (mail.askedFor && mail.class === "transactional") return undefined
  if (standing.withdrawn) return "withdrawn"
  if (standing.suspended) return "suspended"
  if (!standing.address) return "no-address"
  if (standing.bounced) return "bounced"
  if (mail.class === "transactional") return undefined
  if (standing.consented === null) return "no-consent"
  if (!standing.consented) return "refused"
  if (!standing.verified) return "unverified"
  return undefined
}
