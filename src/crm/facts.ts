import { z } from "zod"
import { sql } from "../platform/db.ts"
import type { RawBuilder } from "kysely"
import { type Asked, type Fact, fact, type FactType, jstDay } from "../platform/facts.ts"
import type { Locale } from "../platform/words.ts"
import { words } from "../platform/words.ts"
import * as consents from "./consents.ts"
import { plans, sayValue, valueName } from "./value-names.ts"

const named = z.strictObject({ name: z.string().min(1).max(100) })

/** The JST day of a text such as 2026-11-22 or 2026-11-22T09:00:00Z; null of any other. Never fails, whatever was sent. */
function dayOf(text: RawBuilder<unknown>): RawBuilder<unknown> {
  const [year, month, on] = [
    sql`left(${text}, 4)::int`,
    sql`substr(${text}, 6, 2)::int`,
    sql`substr(${text}, 9, 2)::int`,
  ]
  const day = sql`(make_date(${year}, ${month}, 1) + (${on} - 1))`
  return sql`case when ${text} ~ ${isoDay} then case when extract(month from ${day}) <> ${month} then null
    when length(${text}) = 10 then ${day} else ${jstDay(sql`(${text})::timestamptz`)} end end`
}

const isoDay =
  "^(19|2[0-9])[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9]))?$"

// biome-ignore lint/suspicious/noExplicitAny: a list of facts holds different argument types
function property(name: string, type: FactType, value: RawBuilder<unknown>, fits: RawBuilder<unknown>): Fact<any> {
  return fact({
    name,
    label: labels[type]!,
    type,
    with: named,
    query: (args: { name: string }, asked: Asked) => sql`
      select p.contact_id, ${value} as value from contact_property p
      where p.name = ${args.name} and p.since <= ${asked.at} and (p.until is null or p.until > ${asked.at})
        and p.value <> 'null'::jsonb and ${fits} and ${asked.among("p.contact_id")}`,
    missing: null,
    time: "never",
    dependsOn: (args) => [`property:${args.name}`],
    describe: (args, locale) => describe(args.name, locale),
    say: ({ name }, value, locale) => (typeof value === "string" ? sayValue(name, value, locale) : undefined),
  })
}

function describe(name: string, locale: Locale): string {
  return known.includes(name) ? say(locale)(`property.${name}`) : say(locale)("property", { name })
}

const labels: Partial<Record<FactType, { ja: string; en: string }>> = {
  text: { ja: "顧客の属性", en: "Property" },
  number: { ja: "顧客の属性（数値）", en: "Property (number)" },
  date: { ja: "顧客の属性（日付）", en: "Property (date)" },
  boolean: { ja: "顧客の属性（はい・いいえ）", en: "Property (yes or no)" },
}

/** What conditions know by name here (properties, plans, purposes of consent), and what people call it. */
export function called(): { kind: "property" | "plan" | "purpose"; name: string; label: Record<Locale, string> }[] {
  const both = (key: string) => ({ ja: say("ja")(key), en: say("en")(key) })
  return [
    ...known.map((name) => ({ kind: "property" as const, name, label: both(`property.${name}`) })),
    ...[...plans].map((name) => ({ kind: "plan" as const, name, label: valueName("plan", name)! })),
    ...[consents.advertisingMail, "terms"].map((name) => ({
      kind: "purpose" as const,
      name,
      label: both(`purpose.${name}`),
    })),
  ]
}

const known = ["plan", "prefecture", "city", "postalCode", "company", "department", "title", "has_phone"]

const say = words(
  {
    "property.plan": "プラン",
    "property.prefecture": "都道府県",
    "property.city": "市区町村",
    "property.postalCode": "郵便番号",
    "property.company": "会社名",
    "property.department": "部署",
    "property.title": "役職",
    "property.has_phone": "電話番号の登録",
    property: "属性「{name}」",
    "purpose.advertising-mail": "広告メール",
    "purpose.terms": "利用規約",
    advertising: "広告メールへの同意",
    consent: "「{purpose}」への同意",
  },
  {
    "property.plan": "Plan",
    "property.prefecture": "Prefecture",
    "property.city": "City",
    "property.postalCode": "Postal code",
    "property.company": "Company",
    "property.department": "Department",
    "property.title": "Job title",
    "property.has_phone": "Has a phone number",
    property: "Property “{name}”",
    "purpose.advertising-mail": "Advertising mail",
    "purpose.terms": "Terms of use",
    advertising: "Consent to advertising mail",
    consent: "Consent to “{purpose}”",
  },
)

/**
 * Questions about what is known of a contact. `property` compares as text; numbers, dates and yes/no have their own,
 * which leave out values of another type.
 */
// biome-ignore lint/suspicious/noExplicitAny: a list of facts holds different argument types
export const facts: Fact<any>[] = [
  property("property", "text", sql`p.value #>> '{}'`, sql`true`),
  property(
    "property.number",
    "number",
    sql`case when jsonb_typeof(p.value) = 'number' then (p.value #>> '{}')::numeric end`,
    sql`jsonb_typeof(p.value) = 'number'`,
  ),
  property("property.date", "date", dayOf(sql`p.value #>> '{}'`), sql`jsonb_typeof(p.value) = 'string'`),
  property("property.boolean", "boolean", sql`p.value = 'true'::jsonb`, sql`jsonb_typeof(p.value) = 'boolean'`),
  fact({
    name: "consent",
    label: { ja: "同意", en: "Consent" },
    type: "boolean",
    with: z.strictObject({ purpose: z.string().min(1).max(100) }),
    query: ({ purpose }: { purpose: string }, asked: Asked) => sql`
      select s.contact_id, s.granted as value from consent s
      where s.purpose = ${purpose} and s.since <= ${asked.at} and (s.until is null or s.until > ${asked.at}) and ${asked.among("s.contact_id")}`,
    missing: false,
    time: "never",
    dependsOn: ({ purpose }) => [`consent:${purpose}`],
    describe: ({ purpose }, locale) =>
      purpose === "advertising-mail" ? say(locale)("advertising") : say(locale)("consent", { purpose }),
  }),
]
