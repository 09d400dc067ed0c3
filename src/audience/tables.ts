import type { ColumnType, JSONColumnType } from "kysely"
import type { Condition } from "./language.ts"
import type { Reason } from "./reasons.ts"

declare module "../platform/db.ts" {
  interface Database {
    condition: {
      id: string
      ownerKind: string
      ownerId: string
      definition: JSONColumnType<Condition>
      version: ColumnType<number, number | undefined>
      state: ConditionState
      changedAt: Date
      builtAt: Date | null
      buildTotal: number | null
      buildDone: number | null
    }
    buildOvertaken: { contactId: string; conditionId: string; version: number }
    holding: { contactId: string; conditionId: string; since: Date }
    holdingHistory: {
      contactId: string
      conditionId: string
      id: string
      enteredAt: Date
      enteredDecidedAt: Date
      enteredReason: JSONColumnType<Reason>
      leftAt: Date | null
      leftDecidedAt: Date | null
      leftReason: JSONColumnType<Reason> | null
      version: number
    }
    segment: {
      id: string
      name: string
      description: ColumnType<string, string | undefined>
      definition: JSONColumnType<Condition>
      createdAt: Date
      changedAt: Date
      archivedAt: Date | null
    }
    dirty: {
      contactId: string
      sequence: ColumnType<number, never, never>
      changes: string[]
      happenedAt: Date
      history: boolean | null
      attempts: ColumnType<number, number | undefined>
      retryAt: Date | null
    }
    wake: { contactId: string; wakeAt: Date }
    conditionVersion: { single: boolean; version: number }
  }
}

export type ConditionState = "registered" | "building" | "live" | "retired"
