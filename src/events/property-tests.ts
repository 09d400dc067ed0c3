import type { RawBuilder } from "kysely"
import { z } from "zod"
import { sql } from "../platform/db.ts"
import type { NameOf } from "../platform/facts.ts"
import { type Locale, words } from "../platform/words.ts"

const scalar = z.union([z.string().max(1_000), z.number(), z.boolean()])
const ordered = z.union([z.string().max(1_000), z.number()])

const is = z.union([
  z.strictObject({ eq: scalar }),
  z.strictObject({ ne: scalar }),
  z.strictObject({ gt: ordered }),
  z.strictObject({ gte: ordered }),
  z.strictObject({ lt: ordered }),
  z.strictObject({ lte: ordered }),
  z.strictObject({ in: z.array(scalar).min(1).max(100) }),
  z.strictObject({ contains: z.string().min(1).max(1_000) }),
  z.strictObject({ exists: z.boolean() }),
])

/** What is asked of the properties of an event: `[{property, is}]`, all of them. */
export const propertyTests = z
  .array(z.strictObject({ property: z.string().min(1).max(200), is }))
  .min(1)
  .max(5)
export type PropertyTest = z.infer<typeof propertyTests>[number]

/**
 * Whether an object of properties passes a test. Texts compare with texts and numbers with numbers; a property that is
 * missing, null or of another type fails every comparison but `exists: false`. `contains` looks in a text or a list of texts.
 */
export function matches(properties: RawBuilder<unknown>, test: PropertyTest): RawBuilder<boolean> {
  const value = sql`(${properties} -> ${test.property})`
  const [how, asked] = Object.entries(test.is)[0] as [string, unknown]
  const given = sql<boolean>`coalesce(jsonb_typeof(${value}), 'null') <> 'null'`
  if (how === "exists") return asked ? given : sql`not (${given})`
  const scalar = sql`coalesce(jsonb_typeof(${value}) in ('string', 'number', 'boolean'), false)`
  if (how === "eq") return sql`coalesce(${value} = ${json(asked)}, false)`
  if (how === "ne") return sql`(${scalar} and ${value} <> ${json(asked)})`
  if (how === "in") return sql`(${scalar} and ${json(asked)} @> ${value})`
  if (how === "contains")
    return sql`coalesce(case jsonb_typeof(${value}) when 'string' then strpos(${value} #>> '{}', ${asked}::text) > 0
      when 'array' then ${value} @> ${json([asked])} end, false)`
  const operator = sql.raw({ gt: ">", gte: ">=", lt: "<", lte: "<=" }[how]!)
  if (typeof asked === "number")
    return sql`coalesce(case when jsonb_typeof(${value}) = 'number'
      then (${value} #>> '{}')::double precision ${operator} ${asked}::double precision end, false)`
  return sql`coalesce(case when jsonb_typeof(${value}) = 'string'
    then (${value} #>> '{}') collate "C" ${operator} ${asked}::text end, false)`
}

/** カテゴリ = 「入門」 */
export function sayTests(tests: PropertyTest[], locale: Locale, nameOf?: NameOf): string {
  const t = say(locale)
  const named = (value: unknown) => (typeof value === "string" ? (nameOf?.(value) ?? value) : String(value))
  return tests
    .map(({ property: key, is }) => {
      const property = ours.has(key) ? t(`property.${key}`) : key
      const [how, asked] = Object.entries(is)[0] as [string, unknown]
      if (how === "exists") return t(asked ? "given" : "absent", { property })
      return t(how, { property, value: Array.isArray(asked) ? asked.map(named).join(", ") : named(asked) })
    })
    .join(locale === "ja" ? "、" : ", ")
}

/** Properties of the product's own events that mention something by id. */
const ours = new Set(["rankId", "fromRankId", "segmentId", "videoId", "scenarioId"])

function json(value: unknown): RawBuilder<unknown> {
  return sql`${JSON.stringify(value)}::jsonb`
}

const say = words(
  {
    "property.rankId": "ランク",
    "property.fromRankId": "前のランク",
    "property.segmentId": "セグメント",
    "property.videoId": "動画",
    "property.scenarioId": "シナリオ",
    eq: "{property} が {value}",
    ne: "{property} が {value} 以外",
    gt: "{property} が {value} より大きい",
    gte: "{property} が {value} 以上",
    lt: "{property} が {value} より小さい",
    lte: "{property} が {value} 以下",
    in: "{property} が {value} のいずれか",
    contains: "{property} に {value} を含む",
    given: "{property} あり",
    absent: "{property} なし",
  },
  {
    "property.rankId": "rank",
    "property.fromRankId": "former rank",
    "property.segmentId": "segment",
    "property.videoId": "video",
    "property.scenarioId": "scenario",
    eq: "{property} is {value}",
    ne: "{property} is not {value}",
    gt: "{property} > {value}",
    gte: "{property} ≥ {value}",
    lt: "{property} < {value}",
    lte: "{property} ≤ {value}",
    in: "{property} is one of {value}",
    contains: "{property} contains {value}",
    given: "{property} is given",
    absent: "{property} is not given",
  },
)
