import type { Words } from "./words.ts"

export type RankMark = { id: string; name: Words; colour: string }

/** A line of the list of contacts. */
export type Contact = {
  id: string
  number: string
  familyName: string
  givenName: string
  familyKana: string
  givenKana: string
  email: string | null
  phone: string | null
  prefecture?: string | null
  company: string | null
  rank: RankMark | null
  plan: string | null
  planName: Words | null
  joinedAt: string | null
  withdrawnAt?: string | null
  lastSeenAt?: string | null
  createdAt?: string
}

type Email = {
  address: string
  isPrimary?: boolean
  primary?: boolean
  verifiedAt: string | null
  bouncedAt?: string | null
}

/** Everything known of one contact. */
export type Person = Contact & {
  familyKana: string
  givenKana: string
  emails?: Email[]
  postalCode: string | null
  prefecture: string | null
  city: string | null
  town?: string | null
  street: string | null
  building: string | null
  department: string | null
  title: string | null
  changedAt?: string
  /** In their own words; `superseded` when another sign-up took the address over. */
  withdrawalReason?: string | null
  account?: { verifiedAt: string | null; suspendedAt: string | null; withdrawnAt: string | null } | null
}

export type Ranges = [number, number][]

export type Entry = {
  id: string
  at: string
  kind: string
  name: string
  label: Words
  properties: Record<string, unknown>
  video?: {
    id: string
    title: string | null
    durationSeconds: number | null
    ranges: Ranges
    seconds: number
    from?: string
    complete?: boolean
    watched?: { ranges: Ranges; seconds: number; completedAt: string | null } | null
  }
  reason?: unknown
  originId?: string
}

export type Note = { id: string; body: string; writtenAt: string; writtenBy: { id: string; name: string } | null }

export type Consent = {
  purpose: string
  granted: boolean
  wording: string
  place: string
  since: string
  until: string | null
}

export type Standing = { segmentId: string; name: string; in: boolean; since: string | null; reason: unknown }

export type Property = {
  name: string
  label?: Words
  value: unknown
  since: string
  until?: string | null
  source: string
}

type Lacking = { label: Words; current: unknown; needed: unknown; met: boolean; toGo: Words | null }

export type RankOf = {
  current: { rank: RankMark; since: string; cause?: string } | null
  hold: { rankId: string; rank: RankMark; reason: string; since: string } | null
  grace: { rankId: string; rank: RankMark; fallsAt: string } | null
  /** The next rank, and what is missing for it in one sentence; null at the top. */
  next: { rank: RankMark; sentence: Words } | null
  missing: Lacking[]
  history: { rank: RankMark; since: string; until: string | null; cause: string; reason: unknown }[]
}

/** A published video as one member finds it at an instant. */
export type Access = {
  videoId: string
  title: string
  open: boolean
  until: string | null
  sentences: { why: string; ways: string[]; until: string; opens: string }
}

export type AccessOf = {
  data: Access[]
  standing: { active: boolean; rank: RankMark | null; plan: string | null; planName: Words | null }
}
