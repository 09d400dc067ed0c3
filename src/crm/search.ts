import { type Db, sql, type Tx } from "../platform/db.ts"
import { companyKey } from "./companies.ts"
import { memberNumber, nameKey } from "./names.ts"

type Known = {
  number: number
  familyName: string
  givenName: string
  familyKana: string
  givenKana: string
  phone: string | null
  phoneKey: string | null
  company: string | null
}

/** Sorts after every letter (UTS 10): those of whom neither reading nor name is known. */
const last = "\uffff"

/** What a person is sorted by: the reading; without one the name as typed. */
function sortKey(person: Known): string {
  return tidied(person.familyKana, person.givenKana) || tidied(person.familyName, person.givenName) || last
}

/** What searching looks at: every name, reading, address, phone number, company and the member number, each after a space. */
function searchKey(person: Known, addresses: string[]): string {
  const { familyName, givenName, familyKana, givenKana, company } = person
  const words = [
    nameKey(familyName + givenName),
    nameKey(givenName),
    nameKey(familyKana + givenKana),
    nameKey(givenKana),
    ...addresses.map(nameKey),
    nameKey(person.phone ?? ""),
    nameKey(person.phoneKey ?? ""),
    nameKey(company ?? ""),
    companyKey(company ?? ""),
    nameKey(memberNumber(person.number)),
  ]
  return [...new Set(words.filter(Boolean))].map((word) => ` ${word}`).join("")
}

/** The LIKE pattern of what somebody types into a search box: anywhere from three characters on, else the beginning of a word. */
export function pattern(typed: string): string | undefined {
  const key = companyKey(typed).replace(/[\\%_]/g, "\\$&")
  if (!key) return undefined
  return Array.from(key).length < 3 ? `% ${key}%` : `%${key}%`
}

/** One or two kana that somebody typed, as katakana. */
export function shortKana(typed: string): string | undefined {
  const key = nameKey(typed)
  return /^[ァ-ヺー]{1,2}$/u.test(key) ? key : undefined
}

/** Rewrites the keys of a profile after its fields or addresses changed. */
export async function refresh(tx: Tx | Db, contactId: string): Promise<void> {
  const person = await tx.selectFrom("profile").selectAll().where("contactId", "=", contactId).executeTakeFirst()
  if (!person) return
  const mails = await tx.selectFrom("contactEmail").select("addressKey").where("contactId", "=", contactId).execute()
  const addresses = mails.map((mail) => mail.addressKey).sort()
  await sql`update profile set search_key = ${searchKey(person, addresses)}, name_kana = ${sortKey(person)}
    where contact_id = ${contactId}`.execute(tx)
}

function tidied(...words: string[]): string {
  return words.filter(Boolean).join(" ")
}
