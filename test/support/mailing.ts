import { type Db, sql } from "../../src/platform/db.ts"
import { newId } from "../../src/platform/ids.ts"

const since = new Date("2026-01-01T00:00:00Z")

/** A member for tests, written straight into the tables: verified address, name, and a word on advertising mail. */
export async function person(
  db: Db,
  more: {
    address?: string
    familyName?: string
    givenName?: string
    consent?: boolean | null
    verified?: boolean
  } = {},
): Promise<{ contactId: string; address: string }> {
  const contactId = newId()
  const address = more.address ?? `m${contactId.slice(-12)}@example.jp`
  const verifiedAt = more.verified === false ? null : since
  const { familyName = "佐藤", givenName = "花子", consent = true } = more
  await sql`insert into contact (id, anonymous, created_at) values (${contactId}, false, ${since})`.execute(db)
  await sql`insert into account (contact_id, address, opened_at, verified_at) values (${contactId}, ${address}, ${since}, ${verifiedAt})`.execute(
    db,
  )
  await sql`insert into contact_email (contact_id, address_key, address, is_primary, verified_at, added_at)
    values (${contactId}, ${address}, ${address}, true, ${verifiedAt}, ${since})`.execute(db)
  await sql`insert into profile (contact_id, family_name, given_name, changed_at) values (${contactId}, ${familyName}, ${givenName}, ${since})
    on conflict (contact_id) do update set family_name = excluded.family_name, given_name = excluded.given_name`.execute(
    db,
  )
  if (consent !== null)
    await sql`insert into consent (contact_id, purpose, since, granted, wording, place)
      values (${contactId}, 'advertising-mail', ${since}, ${consent}, 'お知らせを受け取る', 'sign-up')`.execute(db)
  return { contactId, address }
}

/** A sender with everything the law's footer needs, and no limits but those given. */
export async function operator(db: Db, limits: object = {}): Promise<void> {
  const sender = {
    name: "まなび動画",
    postalAddress: "長野県松本市大手1-2-3",
    contact: "kaiin@manabi.example",
    from: "no-reply@manabi.example",
  }
  const all = { advertisingPerDay: 100, advertisingPerWeek: 500, quietFromHour: 0, quietToHour: 0, ...limits }
  for (const [name, value] of Object.entries({ sender, "mail-limits": all }))
    await sql`insert into setting (name, value, changed_at) values (${name}, ${JSON.stringify(value)}::jsonb, ${since})
      on conflict (name) do update set value = excluded.value`.execute(db)
}
