import { names as eventNames } from "../events/index.ts"
import { type Db, sql } from "../platform/db.ts"
import { isId } from "../platform/ids.ts"
import type { Locale } from "../platform/words.ts"
import { type Names, type ReasonLeaf, sayLeaf } from "./reasons.ts"

/** The names of everything that these leaves of conditions mention by id, and the labels of their events. */
export async function namesIn(db: Db, leaves: Pick<ReasonLeaf, "with" | "is">[]): Promise<Names> {
  const [ids, events] = [new Set<string>(), new Set<string>()]
  for (const leaf of leaves) {
    mentioned(leaf.with, ids, events)
    mentioned(leaf.is, ids, events)
  }
  if (ids.size === 0 && events.size === 0) return new Map()
  const own = sql`array[${sql.join([...ids], sql`, `)}]::uuid[]`
  const both = (column: string) => sql`jsonb_build_object('ja', ${sql.ref(column)}, 'en', ${sql.ref(column)})`
  const lists = [
    sql`select name as id, label as name from event_schema where name = any(${[...events]}::text[]) and label is not null`,
  ]
  if (ids.size > 0)
    lists.push(
      sql`select id::text, name from rank where id = any(${own})`,
      sql`select id::text, ${both("name")} from segment where id = any(${own})`,
      sql`select id::text, ${both("title")} from video where id = any(${own})`,
      sql`select id::text, ${both("title")} from course where id = any(${own})`,
      sql`select id::text, ${both("name")} from scenario where id = any(${own})`,
    )
  const { rows } = await sql<{
    id: string
    name: Record<Locale, string>
  }>`${sql.join(lists, sql` union all `)}`.execute(db)
  const names = new Map(rows.map(({ id, name }) => [id, name]))
  for (const event of events) if (!names.has(event)) names.set(event, eventNames.labelOf(event))
  return names
}

/**
 * Says every stored reason inside an answer, however deep it lies, in the reader's language: each of its questions gets
 * `question`, `wanted` and `found`. All else stays as it is.
 */
export async function say<Answer>(db: Db, answer: Answer, locale: Locale): Promise<Answer> {
  const leaves: ReasonLeaf[] = []
  walk(answer, (leaf) => (leaves.push(leaf), leaf))
  if (leaves.length === 0) return answer
  const names = await namesIn(db, leaves)
  return walk(answer, (leaf) => sayLeaf(leaf, locale, names)) as Answer
}

function walk(value: unknown, each: (leaf: ReasonLeaf) => unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => walk(one, each))
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  if (isLeaf(value)) return each(value)
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, walk(one, each)]))
}

function isLeaf(value: object): value is ReasonLeaf {
  const { fact, is, met } = value as Partial<ReasonLeaf>
  return typeof fact === "string" && typeof is === "object" && is !== null && typeof met === "boolean"
}

function mentioned(args: unknown, ids: Set<string>, events: Set<string>): void {
  if (typeof args === "string" && isId(args)) ids.add(args)
  if (typeof args !== "object" || args === null) return
  for (const [key, one] of Object.entries(args)) {
    if (key === "event" && typeof one === "string") events.add(one)
    mentioned(one, ids, events)
  }
}
