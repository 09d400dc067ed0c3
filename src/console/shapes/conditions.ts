import type { Words } from "./words.ts"

export type Fact = {
  name: string
  label: Words
  type: "number" | "text" | "date" | "boolean" | "set"
  with?: unknown
  comparisons?: string[]
}

export type Segment = {
  id: string
  name: string
  description: string
  definition: unknown
  count?: number | null
  state?: "building" | "live" | "retired"
  progress?: number | null
  changedAt: string
  createdAt?: string
  builtAt?: string | null
}

/** Somebody for whom a condition holds, with the value of each of its questions. */
export type Fitting = {
  id: string
  number?: string
  familyName: string
  givenName: string
  email?: string | null
  since?: string | null
  reason?: unknown
  leaves?: unknown
  values?: unknown
}

export type Preview = { count: number; people: Fitting[]; errors?: { path: string; message: string }[] }

export type Change = {
  id: string
  contact: { id: string; familyName: string; givenName: string; number?: string }
  at?: string
  enteredAt?: string
  leftAt?: string | null
  enteredReason?: unknown
  leftReason?: unknown
  direction?: "entered" | "left"
  reason?: unknown
}
