export const fates = ["queued", "sending", "sent", "suppressed", "failed", "uncertain"] as const
export type Fate = (typeof fates)[number]

export type Delivery = {
  id: string
  contactId: string
  familyName: string
  givenName: string
  recipient: string | null
  subject: string
  class: "transactional" | "advertising"
  state: Fate
  reason: string | null
  scenarioId: string | null
  scenarioName: string | null
  queuedAt: string
  sentAt: string | null
  nextTryAt: string | null
  attempts: number
  clickedAt: string | null
}

export type DeliveryDetail = Delivery & {
  why: unknown
  messageId: string
  step: string
  runId: string
  text: string | null
  hasHtml: boolean
  links: { url: string; firstClickAt: string | null; confirmedAt: string | null; clicks: number }[]
}
