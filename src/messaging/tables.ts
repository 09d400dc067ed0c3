import type { ColumnType, JSONColumnType } from "kysely"

export const deliveryStates = ["queued", "sending", "sent", "suppressed", "failed", "uncertain"] as const
export type DeliveryState = (typeof deliveryStates)[number]
export const mailClasses = ["transactional", "advertising"] as const
/** Advertising needs consent, carries the legal footer and can be refused with one click; the law knows nothing between. */
export type MailClass = (typeof mailClasses)[number]

declare module "../platform/db.ts" {
  interface Database {
    delivery: {
      contactId: string
      id: string
      runId: string
      step: string
      class: MailClass
      channel: ColumnType<string, string | undefined>
      state: DeliveryState
      reason: string | null
      why: JSONColumnType<object> | null
      askedFor: ColumnType<boolean, boolean | undefined>
      scenarioId: string | null
      subject: string
      messageId: string
      queuedAt: Date
      nextTryAt: Date | null
      attempts: ColumnType<number, number | undefined>
      claimedAt: Date | null
      claimedBy: string | null
      sentAt: Date | null
      unsubscribeHash: Buffer | null
    }
    deliveryBody: {
      contactId: string
      deliveryId: string
      recipient: string
      subject: string
      html: string
      text: string
      headers: JSONColumnType<Record<string, string>>
      secret: string | null
    }
    mailLink: {
      contactId: string
      tokenHash: Buffer
      deliveryId: string
      url: string
      firstClickAt: Date | null
      confirmedAt: Date | null
      clicks: ColumnType<number, number | undefined>
    }
    suppression: {
      contactId: string
      addressKey: string
      reason: string
      since: Date
      until: Date | null
    }
  }
}
