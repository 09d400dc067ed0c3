export type Rank = {
  id: string
  position: number
  name: { ja: string; en: string }
  colour: string
  rise: unknown
  stay: unknown
  /** What really counts for staying: `stay`, or what follows from `rise`. */
  staysBy: unknown
  graceDays: number
  mayFall: boolean
  version: number
  members: number
  state: "building" | "live"
}

/** What a draft of a rule would do to real members; `people` are the first hundred. */
export type Trial = {
  rises: number
  falls: number
  people: { contactId: string; familyName: string; givenName: string; fromId: string; toId: string | null }[]
}
