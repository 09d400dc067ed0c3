import type { ColumnType, JSONColumnType } from "kysely"
import type { Definition } from "./definitions.ts"

export const scenarioStates = ["draft", "live", "paused", "archived"] as const
export type ScenarioState = (typeof scenarioStates)[number]
export const runStates = ["running", "finished", "exited", "stopped"] as const
/** finished: took every step · exited: the exit came true, or the person withdrew · stopped: staff archived the scenario. */
export type RunState = (typeof runStates)[number]
/** never: once per person, for ever · after-exit: again, once the run before has ended. */
export const reentries = ["never", "after-exit"] as const
export type Reentry = (typeof reentries)[number]

declare module "../platform/db.ts" {
  interface Database {
    scenario: {
      id: string
      name: string
      state: ScenarioState
      version: ColumnType<number, number | undefined>
      reentry: ColumnType<Reentry, Reentry | undefined>
      createdAt: Date
      changedAt: Date
    }
    scenarioVersion: {
      scenarioId: string
      version: number
      definition: JSONColumnType<Definition>
      exitId: string
      createdAt: Date
      createdBy: JSONColumnType<object>
    }
    scenarioRun: {
      contactId: string
      id: string
      scenarioId: string
      version: number
      state: RunState
      step: string | null
      wakeAt: Date | null
      enteredAt: Date
      entryReason: JSONColumnType<object>
      endedAt: Date | null
      endReason: JSONColumnType<object> | null
    }
    stepBudget: { contactId: string; onDay: string; steps: number }
  }
}
