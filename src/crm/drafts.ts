import { z } from "zod"
import { Invalid } from "../platform/http.ts"
import type { Locale } from "../platform/words.ts"
import { toKatakana } from "./kana.ts"
import { tidy } from "./names.ts"
import * as phones from "./phones.ts"
import * as postal from "./postal.ts"
import { say } from "./words.ts"

/** The fields of a profile, in the order people fill them in. */
export const fieldNames = [
  "familyName",
  "givenName",
  "familyKana",
  "givenKana",
  "phone",
  "postalCode",
  "prefecture",
  "city",
  "town",
  "street",
  "building",
  "company",
  "department",
  "title",
] as const
export type FieldName = (typeof fieldNames)[number]

const text = z.string().max(1_000).nullish()

/** What somebody typed for a profile. A field left out stays as it is; an empty one is cleared. */
const profileDraft = z.object(
  Object.fromEntries(fieldNames.map((name) => [name, text])) as Record<FieldName, typeof text>,
)
export type ProfileDraft = z.infer<typeof profileDraft>

/** A draft as it will be stored, and which fields cannot be (with the key of the sentence that says why). */
type Cleaned = { values: Partial<Record<FieldName, string | null>>; faults: Record<string, string> }

/** Normalises a draft: names as typed but tidied, kana as katakana, phone and postal code in their usual form. */
export function clean(draft: ProfileDraft): Cleaned {
  const values: Cleaned["values"] = {}
  const faults: Cleaned["faults"] = {}
  for (const name of fieldNames) {
    const typed = draft[name]
    if (typed === undefined) continue
    const plain = tidy(typed ?? "")
    const kept = plain === "" ? null : normalise(name, plain)
    if (kept === undefined) faults[name] = `fault.${name}`
    else if (kept !== null && Array.from(kept).length > longest[name]) faults[name] = "fault.long"
    else values[name] = kept
  }
  return { values, faults }
}

/** Refuses a draft with the sentences beside its fields, when it has faults. */
export function refuse(faults: Cleaned["faults"]): void {
  if (Object.keys(faults).length > 0) throw new Invalid((locale) => sentences(faults, locale))
}

/** The sentences of faults, by field. */
export function sentences(faults: Cleaned["faults"], locale: Locale): Record<string, string> {
  const t = say(locale)
  const said = Object.entries(faults).map(([name, key]) => [name, t(key, { max: longest[name as FieldName] })])
  return Object.fromEntries(said)
}

function normalise(name: FieldName, plain: string): string | undefined {
  if (name === "familyKana" || name === "givenKana") return toKatakana(plain)
  if (name === "phone") return phones.parse(plain)?.shown
  if (name === "postalCode") return postal.parse(plain)
  if (name === "prefecture") return postal.prefectures.includes(plain) ? plain : undefined
  return plain
}

const longest: Record<FieldName, number> = {
  familyName: 50,
  givenName: 50,
  familyKana: 50,
  givenKana: 50,
  phone: 30,
  postalCode: 8,
  prefecture: 4,
  city: 100,
  town: 100,
  street: 200,
  building: 200,
  company: 200,
  department: 100,
  title: 100,
}
