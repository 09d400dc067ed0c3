/** What the pages of this module show, as plain values; the views in web/ are functions of these. */

/** A video as cards and lists show it; `ranges` are the seconds the reader has played, [from, to). */
export type ShownVideo = {
  id: string
  href: string
  title: string
  durationSeconds: number
  picture?: string | null
  artwork?: { ground?: string; motif?: string | number } | null
  ranges: readonly (readonly [number, number])[]
}

/** Seconds watched on each of the last seven JST days, today last. */
export type Week = { day: string; seconds: number }[]

export type HomeProps = {
  now: Date
  /** Signed in, but without an active membership. */
  suspended: boolean
  /** Begun and not complete, the last one first. */
  started: (ShownVideo & { positionSeconds: number; lastAt: Date; course?: string | null })[]
  /** What to watch next and why, in order; nothing complete, nothing begun. */
  next: (ShownVideo & { why: string; meta?: string | null })[]
  closing: { id: string; href: string; title: string; closesAt: Date }[]
  rank: RankStanding | null
  week: Week
  completedCount: number
}

export type Shown = "all" | "started" | "completed"
export type WatchedVideo = ShownVideo & {
  seconds: number
  positionSeconds: number
  lastAt: Date
  completedAt: Date | null
}
export type HistoryProps = {
  now: Date
  shown: Shown
  videos: WatchedVideo[]
  counts: Record<Shown, number>
  totalSeconds: number
  /** On how many days something was watched. */
  days: number
  week: Week
  /** Addresses of the next and the first page. */
  more?: string | null
  first?: string | null
}

/** One condition of the next rank in the reader's words, with a count where it is one; `shown` says the count where figures alone do not. */
export type Requirement = { label: string; met: boolean; current?: number; needed?: number; shown?: string }
export type RankStanding = {
  name: string
  colour: string
  since: Date
  /** The rank above and 「あと2本完了するとゴールドです」; nothing at the top. `any`: one of the requirements suffices. */
  next: { name: string; toGo: string; any: boolean; requirements: Requirement[] } | null
  /** When the rank will be lost unless its conditions are met again. */
  fallsAt?: Date | null
  /** Staff set this rank. */
  held?: boolean
}
export type RankProps = {
  standing: RankStanding | null
  /** Lowest first; `conditions` are the sentences of what it takes to rise into it. */
  ladder: { id: string; name: string; colour: string; conditions: string[]; state: "past" | "here" | "ahead" }[]
  /** Newest first; `reasons` name the facts that decided. */
  history: { since: Date; name: string; colour: string; cause: string; reasons: string[] }[]
}

/** What was just done on the account page, told once above it. */
export const told = ["profile-saved", "address-changed", "mails-given", "mails-refused", "sessions-ended"] as const
type Told = (typeof told)[number]
export type AccountProps = {
  now: Date
  told?: Told
  profile: {
    familyName: string
    givenName: string
    familyKana: string
    givenKana: string
    number: string
    phone: string | null
    address: string
    company: string
  }
  /** As the property `plan` has it. */
  plan: string | null
  signIn: { address: string; verified: boolean }
  advertising: { granted: boolean; since: Date | null }
  sessions: { openedAt: Date; seenAt: Date; userAgent: string | null; here: boolean }[]
}
