import type { Words } from "./words.ts"

export type Fact = {
  name: string
  label: Words
  type: "number" | "text" | "date" | "boolean" | "set"
  /** The schema of its arguments, as JSON Schema. */
  with?: {
    properties?: Record<string, { type?: string; description?: string; enum?: unknown[] }>
    required?: string[]
  } | null
  comparisons?: string[]
}

export type Segment = {
  id: string
  name: string
  description: string
  definition: unknown
  state: "building" | "live" | "archived"
  progress: { done: number; total: number } | null
  members: number
  builtAt: string | null
  changedAt: string
}

/** Somebody a condition is about; names come in one or in two parts. */
type Somebody = {
  id?: string
  contactId?: string
  name?: string
  familyName?: string
  givenName?: string
  kana?: string
}

/** Somebody for whom a condition holds, with the answers that made it so. */
export type Fitting = Somebody & { since?: string | null; reason?: unknown; leaves?: unknown }

export type Preview = {
  count: number
  people: Fitting[] | { data: Fitting[] }
  errors?: { path: string; message: string }[]
}

/** One stay in a segment. */
export type Stay = Somebody & {
  id: string
  contactId: string
  enteredAt: string
  enteredReason: unknown
  leftAt: string | null
  leftReason: unknown
}

export function idOf(person: Somebody): string {
  return person.contactId ?? person.id ?? ""
}

export function nameOf(person: Somebody, nameless: string): string {
  return person.name || [person.familyName, person.givenName].filter(Boolean).join(" ") || nameless
}
