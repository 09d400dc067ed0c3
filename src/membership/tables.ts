import type { ColumnType, JSONColumnType } from "kysely"
import type { Condition } from "../audience/index.ts"

export type RankCause = "joined" | "rose" | "fell" | "held" | "released" | "imported"

declare module "../platform/db.ts" {
  interface Database {
    membership: {
      contactId: string
      joinedAt: Date
      rejoinedAt: Date | null
      withdrawnAt: Date | null
      withdrawalReason: string | null
    }
    rank: {
      id: string
      position: number
      name: JSONColumnType<{ ja: string; en: string }>
      colour: ColumnType<string, string | undefined>
      rise: JSONColumnType<Condition> | null
      stay: JSONColumnType<Condition> | null
      graceDays: ColumnType<number, number | undefined>
      mayFall: ColumnType<boolean, boolean | undefined>
      version: ColumnType<number, number | undefined>
      changedAt: Date
    }
    rankHistory: {
      contactId: string
      since: Date
      until: Date | null
      rankId: string
      cause: RankCause
      reason: JSONColumnType<object>
      decidedAt: Date
      decidedBy: JSONColumnType<object>
    }
    rankHold: {
      contactId: string
      since: Date
      until: Date | null
      rankId: string
      reason: string
      heldBy: JSONColumnType<object>
    }
    rankGrace: { contactId: string; rankId: string; beganAt: Date; fallsAt: Date }
  }
}
