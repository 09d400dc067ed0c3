import fc from "fast-check"
import { newId } from "../../src/platform/ids.ts"

/** Written where only text belongs; must never come back as markup. */
export const canary = '<img src=x onerror="canary()">'

/** Texts that have broken programs before. */
export const nasty = [
  "",
  " ",
  "\u0000",
  "a\u0000b",
  "\ud800",
  "x\udfff\ud800y",
  "\u202e\u200b\ufeff",
  "髙橋㈱ﾊﾅｺ𠮷👩‍👩‍👧",
  "が".normalize("NFD"),
  canary,
  "</script><script>canary()</script>",
  "' or 1=1; drop table contact; --",
  '"; select pg_sleep(9) --',
  "{{constructor.constructor('return process')()}}",
  "${process.env}",
  "{{contact.fullName}}{{#each this}}",
  "%00%0a%2e%2e/..\\../etc/passwd",
  "javascript:alert(1)",
  "//evil.example/",
  "\r\nBcc: all@example.jp\r\n\r\nhello",
  "=cmd|' /C calc'!A0",
  "__proto__",
  "2026-02-30",
  "-271821-04-20T00:00:00Z",
  "+275760-09-13T00:00:00.001Z",
  "9999-12-31T23:59:59Z",
  "1e400",
  "NaN",
  "あ".repeat(10_000),
  "(".repeat(2_000),
  "a@b",
  `${"a".repeat(300)}@example.jp`,
]
const numbers = [0, -0, -1, 1, 0.1, 1e21, -1e308, 2 ** 31, 2 ** 53, 2 ** 53 + 2, Number.MAX_VALUE, 5e-324]
const wrong: unknown[] = [
  null,
  true,
  [],
  {},
  [[]],
  [null],
  { toString: "x" },
  { length: 3 },
  "x",
  1,
  -1,
  { $ne: null },
  "[object Object]",
]

type Schema = {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  format?: string
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
  items?: Schema
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  minimum?: number
  maximum?: number
  maxItems?: number
  default?: unknown
  example?: unknown
}
export type Document = {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}
type Operation = {
  parameters?: { name: string; in: "query" | "path"; schema: Schema }[]
  requestBody?: { content: Record<string, { schema: Schema }> }
}
export type Request = { method: string; path: string; body: string | undefined }

/** Requests for every operation of an OpenAPI document: nearly right ones, and ones that are wrong in one or many places. `known` are ids that exist. */
export function requests(
  document: Document,
  known: string[],
  conditions: fc.Arbitrary<unknown>,
): fc.Arbitrary<Request>[] {
  const texts = fc.oneof(
    fc.constantFrom(...nasty),
    fc.string({ maxLength: 12 }),
    fc.string({ unit: "binary", maxLength: 12 }),
  )
  const ids = fc.oneof({ arbitrary: fc.constantFrom(...known), weight: 6 }, fc.constant(newId()), texts)
  const dates = fc.oneof(
    fc.constantFrom(
      "2026-05-01T00:00:00Z",
      "2026-05-01T09:00:00+09:00",
      "0001-01-01T00:00:00Z",
      "9999-12-31T23:59:59Z",
      "2026-05-01",
    ),
    texts,
  )
  const off = (arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
    fc.oneof({ arbitrary, weight: 12 }, { arbitrary: fc.constantFrom(...wrong), weight: 1 })
  const of = (schema: Schema, name: string, depth: number): fc.Arbitrary<unknown> => off(exactly(schema, name, depth))
  const exactly = (schema: Schema, name: string, depth: number): fc.Arbitrary<unknown> => {
    if (depth > 6) return fc.constant(null)
    if (schema.$ref === "#/components/schemas/Condition") return conditions
    if (schema.$ref) return exactly(document.components.schemas[schema.$ref.split("/").at(-1)!]!, name, depth + 1)
    const choices = schema.anyOf ?? schema.oneOf
    if (choices) return fc.oneof(...choices.map((one) => exactly(one, name, depth + 1)))
    if (schema.allOf) return exactly(schema.allOf[0]!, name, depth + 1)
    if (schema.enum) return fc.oneof({ arbitrary: fc.constantFrom(...schema.enum), weight: 8 }, texts)
    const types = [schema.type ?? "object"].flat()
    return fc.oneof(...types.map((type) => typed(type, schema, name, depth)))
  }
  const typed = (type: string, schema: Schema, name: string, depth: number): fc.Arbitrary<unknown> => {
    if (type === "null") return fc.constant(null)
    if (type === "boolean") return fc.boolean()
    if (type === "integer" || type === "number") {
      const [min, max] = [schema.minimum ?? -1000, Math.min(schema.maximum ?? 1000, 2 ** 31)]
      return fc.oneof(
        { arbitrary: fc.integer({ min, max: Math.max(min, max) }), weight: 3 },
        fc.constantFrom(...numbers),
      )
    }
    if (type === "array") return fc.array(of(schema.items ?? {}, name, depth + 1), { maxLength: 4 })
    if (type === "string") {
      if (schema.format === "uuid") return ids
      if (schema.format === "date-time") return dates
      return fc.oneof(
        {
          arbitrary: fc.constantFrom(...nasty, typeof schema.example === "string" ? schema.example : `${name} 1`),
          weight: 2,
        },
        texts,
      )
    }
    if (/^(rise|stay|entry|exit|definition)$/.test(name) && !schema.properties) return conditions
    const properties = Object.entries(schema.properties ?? {})
    if (properties.length === 0)
      return fc.oneof(conditions, fc.dictionary(texts, fc.constantFrom(...nasty, ...wrong), { maxKeys: 3 }))
    const shape = Object.fromEntries(properties.map(([key, inner]) => [key, of(inner, key, depth + 1)]))
    const required = schema.required ?? []
    return fc
      .tuple(
        fc.oneof(
          { arbitrary: fc.record(shape, { requiredKeys: required }), weight: 6 },
          fc.record(shape, { requiredKeys: [] }),
        ),
        fc.integer({ min: 0, max: 9 }),
      )
      .map(([made, chance]) => (chance === 0 ? { ...made, constructor: "x", extra: canary } : made))
  }
  const encoded = (value: unknown) => {
    const text = typeof value === "string" ? value : JSON.stringify(value ?? "")
    return encodeURIComponent(text.toWellFormed()).slice(0, 6_000)
  }
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => {
      const parameters = operation.parameters ?? []
      const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema
      const values = fc.tuple(...parameters.map((one) => of(one.schema, one.name, 0)))
      const cursor = fc.constantFrom("", "x", "eyJhIjoxfQ", "W10", "bnVsbA", "////", "-1", canary)
      const body = schema
        ? fc.oneof(
            { arbitrary: of(schema, "", 0).map((value) => JSON.stringify(value)), weight: 14 },
            fc.constantFrom(
              "",
              "{",
              "[",
              "null",
              '"x"',
              "[[[[",
              "{}{}",
              '{"a":1e999}',
              "\u0000",
              `{"name":"\\u0000"}`,
              '{"__proto__":{"a":1}}',
            ),
          )
        : fc.constant(undefined)
      return fc.tuple(values, cursor, fc.integer({ min: 0, max: 3 }), body).map(([given, cursor, left, body]) => {
        let at = path
        const query: string[] = []
        parameters.forEach((one, index) => {
          if (one.in === "path") at = at.replace(`{${one.name}}`, encoded(given[index]) || "x")
          else if (one.name === "cursor") query.push(`cursor=${encoded(cursor)}`)
          else if ((index + left) % 2 === 0) query.push(`${one.name}=${encoded(given[index])}`)
        })
        return { method: method.toUpperCase(), path: `/api${at}${query.length > 0 ? `?${query.join("&")}` : ""}`, body }
      })
    }),
  )
}
