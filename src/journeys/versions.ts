import { type Db, sql } from "../platform/db.ts"
import { idOf } from "../platform/ids.ts"
import type { Definition } from "./definitions.ts"
import type { Reentry, ScenarioState } from "./tables.ts"

/** One version of a scenario, as a run follows it. */
export type Version = {
  scenarioId: string
  name: string
  state: ScenarioState
  reentry: Reentry
  version: number
  /** The newest one, which people enter by. */
  isCurrent: boolean
  definition: Definition
  exitId: string
}

/** The owner of the exit condition of a version: each keeps its own, since people leave by the version they are on. */
export function exitIdOf(scenarioId: string, version: number): string {
  return idOf("scenario.exit", `${scenarioId}:${version}`)
}

/** Every version of these scenarios that is current or has somebody on it, by `keyOf`. */
export async function of(db: Db, scenarioIds: string[]): Promise<Map<string, Version>> {
  if (scenarioIds.length === 0) return new Map()
  const { rows } = await sql<Version>`
    select s.id as scenario_id, s.name, s.state, s.reentry, v.version, v.version = s.version as is_current, v.definition, v.exit_id
    from scenario s join scenario_version v on v.scenario_id = s.id
    where s.id = any(${[...new Set(scenarioIds)]}::uuid[])`.execute(db)
  return new Map(rows.map((row) => [keyOf(row), row]))
}

export function keyOf({ scenarioId, version }: { scenarioId: string; version: number }): string {
  return `${scenarioId} ${version}`
}
