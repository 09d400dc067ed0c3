import type { Actor } from "../platform/actors.ts"
import { now } from "../platform/clock.ts"
import type { Db, Tx } from "../platform/db.ts"
import { isId } from "../platform/ids.ts"
import { Refusal } from "../platform/refusals.ts"
import type { Locale } from "../platform/words.ts"
import { words } from "../platform/words.ts"
import * as audit from "./audit.ts"

export const propertyTypes = ["string", "number", "boolean", "date"] as const
type PropertyType = (typeof propertyTypes)[number]
/** What an event name means and which properties it has. Properties it does not name are kept like those of a name without schema. */
export type Schema = {
  name: string
  label: Record<Locale, string>
  properties: Record<string, { type: PropertyType; required?: boolean }>
  /** Whether browser keys may not send it. */
  protected: boolean
}

/** Sets the schema of an event name; holds for what comes from now on, for other processes within five seconds. */
export async function put(tx: Tx, schema: Schema, by: Actor): Promise<void> {
  const values = {
    label: JSON.stringify(schema.label),
    properties: JSON.stringify(schema.properties),
    protected: schema.protected,
    changedAt: now(),
  }
  await tx
    .insertInto("eventSchema")
    .values({ name: schema.name, ...values })
    .onConflict((conflict) => conflict.column("name").doUpdateSet(values))
    .execute()
  await audit.record(tx, by, "event_schema.put", { kind: "event_schema", id: schema.name }, { after: schema })
}

/** Takes a schema away; the events stay. */
export async function remove(tx: Tx, name: string, by: Actor): Promise<void> {
  const gone = await tx.deleteFrom("eventSchema").where("name", "=", name).returning("properties").executeTakeFirst()
  if (!gone) throw new NoSuchSchema()
  await audit.record(tx, by, "event_schema.remove", { kind: "event_schema", id: name }, { before: gone })
}

/** All schemas by name. */
export async function list(db: Db): Promise<Schema[]> {
  const rows = await db
    .selectFrom("eventSchema")
    .select(["name", "label", "properties", "protected"])
    .orderBy("name")
    .execute()
  return rows.map((row) => ({ ...row, properties: (row.properties ?? {}) as Schema["properties"] }))
}

type Remembered = { until: number; schemas: Promise<Map<string, Schema>> }
const rememberedMs = 5_000
const remembered = new WeakMap<Db, Remembered>()

/** All schemas as of at most five seconds ago. */
export async function current(db: Db): Promise<Map<string, Schema>> {
  const time = performance.now()
  const known = remembered.get(db)
  if (known && known.until > time) return await known.schemas
  const schemas = list(db).then((rows) => new Map(rows.map((row) => [row.name, row])))
  remembered.set(db, { until: time + rememberedMs, schemas })
  schemas.catch(() => remembered.delete(db))
  return await schemas
}

/** Makes this process read the schemas anew. */
export function forget(db: Db): void {
  remembered.delete(db)
}

/** The first property that breaks the schema, and how. */
export function fault(
  schema: Schema,
  properties: Record<string, unknown>,
): { property: string; wanted: PropertyType | "required" } | undefined {
  for (const [property, { type, required }] of Object.entries(schema.properties)) {
    const value = properties[property]
    if (value === undefined || value === null) {
      if (required) return { property, wanted: "required" }
      continue
    }
    const fits = type === "date" ? typeof value === "string" && isDate(value) : typeof value === type
    if (!fits) return { property, wanted: type }
  }
  return undefined
}

/** Whether watched ranges can be what a player saw: whole seconds, half-open, of a video that is named. */
export function watchable(properties: Record<string, unknown>): boolean {
  const { videoId, ranges } = properties
  if (!isId(videoId) || !Array.isArray(ranges) || ranges.length === 0 || ranges.length > 2_000) return false
  return ranges.every((range) => {
    if (!Array.isArray(range) || range.length !== 2) return false
    const [from, to] = range as [unknown, unknown]
    return (
      Number.isInteger(from) &&
      Number.isInteger(to) &&
      (from as number) >= 0 &&
      (to as number) > (from as number) &&
      (to as number) <= 172_800
    )
  })
}

function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(Date.parse(text))
}

/** No schema has this name. */
class NoSuchSchema extends Refusal {
  readonly kind = "missing"
  sentence(locale: Locale) {
    return say(locale)("noSuchSchema")
  }
}

const say = words(
  { noSuchSchema: "この行動の定義は見つかりませんでした。一覧を読み直してください。" },
  { noSuchSchema: "There is no such event schema. Reload the list." },
)
