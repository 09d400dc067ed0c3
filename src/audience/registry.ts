import { type Db, sql } from "../platform/db.ts"
import * as catalogue from "./catalogue.ts"
import { answers, people, type Question, type Statement, standing, statement } from "./compiler.ts"
import { type Condition, leavesOf } from "./language.ts"
import type { ConditionState } from "./tables.ts"

/** A condition whose answers are kept. */
export type Kept = Question & { ownerKind: string; ownerId: string; version: number; state: ConditionState }

/** What one person's evaluation found. `met` and `held` run along the conditions asked. */
export type Found = {
  contactId: string
  standing: boolean
  met: boolean[]
  held: boolean[]
  wakeAt: Date | null
  sleepsUntil: Date | null
  /** Values of the distinct leaves, where something differs. */
  leafValues: unknown[] | null
}

/** One statement for some conditions, and how to find a leaf's value in its rows. */
export type Asking = { conditions: Kept[]; statement: Statement<Found>; indexOf: ReturnType<typeof answers>["indexOf"] }

/** Every kept condition in memory, by what it depends on; good for one version. */
export type Registry = {
  version: number
  generation: number
  conditions: Kept[]
  /** Names of changes on which some condition depends. */
  depends: Set<string>
  /** The conditions to evaluate after these changes, in a fixed order. */
  after(changes: Iterable<string>): Kept[]
  /** The statement for conditions, made once. */
  asking(db: Db, conditions: Kept[]): Asking
}

/** Changes after which everything is asked again. */
export const anything = "*"
/** The change that time alone makes. */
export const time = "time"

let current: Registry | undefined

/** The conditions as this process knows them, whatever their version by now. */
export function known(): Registry | undefined {
  return current?.generation === catalogue.offered() ? current : undefined
}

/** The conditions of a version, from memory when it is the one known. Reads in the caller's transaction. */
export async function at(db: Db, version: number): Promise<Registry> {
  const remembered = known()
  if (remembered?.version === version) return remembered
  const { rows } = await sql<Kept & { now: number }>`
    select c.id, c.owner_kind, c.owner_id, c.definition, c.version, c.state, v.version as now
    from condition_version v left join condition c on c.state <> 'retired' order by c.id`.execute(db)
  current = build(
    Number(rows[0]!.now),
    rows.filter((row) => row.id),
  )
  return current
}

const mostStatements = 300

function build(version: number, conditions: Kept[]): Registry {
  const byChange = new Map<string, Set<Kept>>()
  for (const condition of conditions)
    for (const change of changesOf(condition.definition)) {
      if (!byChange.has(change)) byChange.set(change, new Set())
      byChange.get(change)!.add(condition)
    }
  const evaluated = conditions.filter((condition) => condition.state !== "registered")
  const statements = new Map<string, Asking>()
  return {
    version,
    generation: catalogue.offered(),
    conditions,
    depends: new Set(byChange.keys()),
    after(changes) {
      const wanted = new Set<Kept>()
      for (const change of changes) {
        if (change === anything) return evaluated
        for (const condition of byChange.get(change) ?? []) wanted.add(condition)
      }
      return evaluated.filter((condition) => wanted.has(condition))
    },
    asking(db, some) {
      const key = some.map((condition) => condition.id).join()
      let found = statements.get(key)
      if (!found) {
        if (statements.size >= mostStatements) statements.clear()
        found = ask(db, some)
        statements.set(key, found)
      }
      return found
    },
  }
}

/** The names of the changes a condition depends on; "time" when time alone may change it. */
function changesOf(definition: Condition): Set<string> {
  const changes = new Set<string>()
  for (const leaf of leavesOf(definition)) {
    const fact = catalogue.find(leaf.fact)
    if (!fact) continue
    for (const change of fact.dependsOn(leaf.with ?? {})) changes.add(change)
    if (fact.time !== "never") changes.add(time)
  }
  return changes
}

function ask(db: Db, conditions: Kept[]): Asking {
  const { joins, met, wakeAt, values, indexOf } = answers(conditions, "people")
  const held = conditions.map(({ id }) => sql`${id}::uuid = any(p.holds)`)
  const query = sql<Found>`
    select a.contact_id, a.standing, a.met, a.held, a.wake_at, a.sleeps_until,
      case when a.met <> a.held then a.found end as leaf_values from (
    select p.contact_id, p.standing, array[${sql.join(met)}] as met, array[${sql.join(held)}] as held,
      ${wakeAt} as wake_at, p.sleeps_until, ${values} as found
    from (select c.id as contact_id, ${standing} as standing,
        array(select h.condition_id from holding h where h.contact_id = c.id) as holds,
        (select w.wake_at from wake w where w.contact_id = c.id) as sleeps_until
      from contact c where c.id = any(${people})) p
    ${joins}) a`
  return { conditions, statement: statement(db, query), indexOf }
}
