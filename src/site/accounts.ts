import { consents, postal, profiles, properties } from "../crm/index.ts"
import { accounts, sessions } from "../identity/index.ts"
import type { Db } from "../platform/db.ts"
import type { AccountProps } from "./shapes.ts"

/** Everything the account page shows of a person; `word` is the cookie's, to tell this device from others. */
export async function read(
  db: Db,
  contactId: string,
  word: string | undefined,
): Promise<Omit<AccountProps, "now" | "told">> {
  const [profile, account, agreed, open, known] = await Promise.all([
    profiles.get(db, contactId),
    accounts.get(db, contactId),
    consents.ofContact(db, contactId),
    openSessions(db, contactId),
    properties.ofContact(db, contactId),
  ])
  const plan = known.find((one) => one.name === "plan")?.value
  const here = sessions.parse(word)?.hash
  const advertising = agreed.find((one) => one.purpose === consents.advertisingMail && !one.until)
  const { familyName, givenName, familyKana, givenKana, number, phone } = profile
  return {
    profile: {
      familyName,
      givenName,
      familyKana,
      givenKana,
      number,
      phone,
      address: addressLine(profile),
      company: [profile.company, profile.department, profile.title].filter(Boolean).join(" "),
    },
    plan: typeof plan === "string" ? plan : null,
    signIn: { address: account.address, verified: account.verifiedAt !== null },
    advertising: { granted: advertising?.granted ?? false, since: advertising?.since ?? null },
    sessions: open.map(({ tokenHash, ...session }) => ({ ...session, here: here?.equals(tokenHash) ?? false })),
  }
}

/** A draft whose postal code fills prefecture and city where both were left empty and the code names one place. */
export function completed<Draft extends { postalCode?: string; prefecture?: string; city?: string; town?: string }>(
  draft: Draft,
): Draft {
  if (!draft.postalCode || draft.prefecture || draft.city) return draft
  const [place, another] = postal.lookup(draft.postalCode)
  return place && !another
    ? { ...draft, prefecture: place.prefecture, city: place.city, town: draft.town || place.town }
    : draft
}

function addressLine(profile: profiles.Profile): string {
  const { postalCode, prefecture, city, town, street, building } = profile
  const place = [prefecture, city, town, street].filter(Boolean).join("")
  return [postalCode && `〒${postalCode}`, place, building].filter(Boolean).join(" ")
}

function openSessions(db: Db, contactId: string) {
  return db
    .selectFrom("session")
    .select(["tokenHash", "openedAt", "seenAt", "userAgent"])
    .where("contactId", "=", contactId)
    .orderBy("seenAt", "desc")
    .limit(20)
    .execute()
}
