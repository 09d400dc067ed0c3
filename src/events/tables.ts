import type { ColumnType, JSONColumnType } from "kysely"

declare module "../platform/db.ts" {
  interface Database {
    contact: {
      id: string
      anonymous: ColumnType<boolean, boolean | undefined>
      createdAt: Date
      erasedAt: Date | null
    }
    alias: { originId: string; contactId: string; aliasedAt: Date; movedAt: Date | null }
    event: EventTable
    eventReceipt: { source: string; messageId: string; receivedAt: Date }
    eventSchema: {
      name: string
      label: JSONColumnType<{ ja: string; en: string }>
      properties: JSONColumnType<Record<string, unknown>> | null
      protected: ColumnType<boolean, boolean | undefined>
      changedAt: Date
    }
    eventName: { name: string; firstSeenAt: Date; public: ColumnType<boolean, boolean | undefined> }
    eventKey: {
      id: string
      kind: "server" | "browser"
      name: string
      publicKey: string | null
      keyHash: Buffer | null
      createdAt: Date
      revokedAt: Date | null
    }
    audit: {
      id: string
      happenedAt: Date
      actor: JSONColumnType<object>
      action: string
      subjectKind: string
      subjectId: string
      before: JSONColumnType<object> | null
      after: JSONColumnType<object> | null
      reason: string | null
    }
  }
}

type EventTable = {
  contactId: string
  happenedAt: Date
  id: string
  name: string
  originId: string
  source: string
  properties: JSONColumnType<Record<string, unknown>>
  sequence: number | null
  sentAt: Date | null
  receivedAt: Date
  history: ColumnType<boolean, boolean | undefined>
}
