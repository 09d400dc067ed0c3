export type Block =
  | { kind: "paragraph"; text: string }
  | { kind: "heading"; text: string }
  | { kind: "button"; label: string; url: string }
  | { kind: "next-videos"; count: number }

export type WaitStep = { key: string; kind: "wait"; for: string }
export type MailStep = {
  key: string
  kind: "mail"
  class: "transactional" | "advertising"
  subject: string
  body: Block[]
}
export type Step = WaitStep | MailStep

export type Definition = { entry: unknown; exit?: unknown; goal?: unknown; enterExisting: boolean; steps: Step[] }

export type Scenario = {
  id: string
  name: string
  state: "draft" | "live" | "paused" | "archived"
  version: number
  reentry: "never" | "after-exit"
  definition: Definition
  createdAt: string
  changedAt: string
}

export type Run = {
  id: string
  contactId: string
  familyName: string
  givenName: string
  version: number
  state: "running" | "finished" | "exited" | "stopped"
  step: string | null
  wakeAt: string | null
  enteredAt: string
  entryReason: unknown
  endedAt: string | null
  endReason: unknown
}

export type Counts = {
  entered: number
  running: number
  finished: number
  exited: number
  stopped: number
  reachedGoal: number
  atStep: Record<string, number>
  mails: Record<string, number>
}

export type Trial = {
  entered: number
  people: { contactId: string; familyName: string; givenName: string }[]
  mails: Record<string, number>
}
