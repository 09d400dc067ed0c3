import type { ColumnType, JSONColumnType } from "kysely"
import type { StaffRole } from "../platform/actors.ts"
import type { Locale } from "../platform/words.ts"

declare module "../platform/db.ts" {
  interface Database {
    signInAddress: { addressKey: string; contactId: string; claimedAt: Date; verifiedAt: Date | null }
    account: {
      contactId: string
      address: string
      passwordHash: string | null
      openedAt: Date
      verifiedAt: Date | null
      suspendedAt: Date | null
      withdrawnAt: Date | null
      locale: ColumnType<Locale, Locale | undefined>
    }
    addressChange: { contactId: string; address: string; addressKey: string; requestedAt: Date }
    session: SessionTimes & { contactId: string; tokenHash: Buffer }
    mailToken: {
      contactId: string
      tokenHash: Buffer
      purpose: string
      object: JSONColumnType<Record<string, unknown>>
      createdAt: Date
      expiresAt: Date
      usedAt: Date | null
    }
    staff: {
      id: string
      address: string
      addressKey: string
      name: string
      role: StaffRole
      passwordHash: string
      createdAt: Date
      disabledAt: Date | null
      locale: ColumnType<Locale, Locale | undefined>
    }
    staffSession: SessionTimes & { staffId: string; tokenHash: Buffer }
    apiToken: {
      id: string
      name: string
      tokenHash: Buffer
      scopes: string[]
      createdBy: string | null
      createdAt: Date
      lastUsedAt: Date | null
      expiresAt: Date | null
      revokedAt: Date | null
    }
  }
}

type SessionTimes = { openedAt: Date; seenAt: Date; expiresAt: Date; userAgent: string | null }
