import type { Somebody } from "./conditions.ts"
import type { Words } from "./words.ts"

export type Rank = {
  id: string
  position: number
  name: { ja: string; en: string }
  colour: string
  rise: unknown
  stay: unknown
  /** The condition to stay that is derived when none is written. */
  stayDerived?: unknown
  graceDays: number
  mayFall: boolean
  version: number
  members?: number
  contacts?: number
  state?: "building" | "live"
}

/** What a draft of a rule would do to real members. */
export type Trial = {
  rise: number
  fall: number
  stay?: number
  rising: (Somebody & { from?: { name: Words } | null; to?: { name: Words } | null; reason?: unknown })[]
  falling: (Somebody & { from?: { name: Words } | null; to?: { name: Words } | null; reason?: unknown })[]
}
