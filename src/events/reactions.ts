import type { Tx } from "../platform/db.ts"

/** One thing that happened to one contact, as stored. */
export type Event = {
  id: string
  name: string
  contactId: string
  originId: string
  happenedAt: Date
  receivedAt: Date
  source: string
  properties: Record<string, unknown>
  /** Sent in history mode: facts follow, nothing is started and nobody is mailed. */
  history: boolean
  /** The device's own count; orders what its clock cannot. */
  sequence?: number | null
}

/** What follows an event, in the transaction that stores it: short, set-based, no call to the outside. Slow work is enqueued from here. */
export type Reaction = (tx: Tx, events: Event[]) => Promise<void>

/** What an `identify` says about a contact. A mail address in it is a claim and never makes two people one. */
export type Claim = {
  contactId: string
  traits: Record<string, unknown>
  at: Date
  source: string
  history: boolean
  /** Whether plan, rank, consent and the like may be set: true for server keys alone. */
  protectedAllowed: boolean
}

/** Keeps what was claimed; runs before the reactions to the same events, and in their transaction. */
type TraitsReaction = (tx: Tx, claims: Claim[]) => Promise<void>

/** An anonymous history that became a person's; `names` are the events that moved. */
export type Move = { originId: string; contactId: string; names: string[] }

/**
 * Moves a module's rows about `originId` to `contactId` (delete + insert, origin kept), in one transaction.
 * May be called again for the same pair, and then finds nothing or only stragglers.
 */
type Mover = (tx: Tx, move: Move, at: Date) => Promise<void>

/** Reactions by event name, and those to every event. `reactions.ts` at the root is the list. */
export type Reactions = {
  every: Reaction[]
  named: Record<string, Reaction[]>
  traits?: TraitsReaction[]
  movers?: Mover[]
}

let list: Reactions = { every: [], named: {} }

/** Sets what happens after what; called once by the composition root. */
export function react(reactions: Reactions): void {
  list = reactions
}

/** Runs what follows the events, named reactions first, in the caller's transaction. */
export async function dispatch(tx: Tx, events: Event[]): Promise<void> {
  if (events.length === 0) return
  for (const [name, reactions] of Object.entries(list.named)) {
    const named = reactions.length > 0 ? events.filter((event) => event.name === name) : []
    if (named.length > 0) for (const reaction of reactions) await reaction(tx, named)
  }
  for (const reaction of list.every) await reaction(tx, events)
}

/** Hands claimed traits to whoever keeps them. */
export async function dispatchClaims(tx: Tx, claims: Claim[]): Promise<void> {
  if (claims.length > 0) for (const reaction of list.traits ?? []) await reaction(tx, claims)
}

/** Lets every module move its rows. */
export async function dispatchMove(tx: Tx, move: Move, at: Date): Promise<void> {
  for (const mover of list.movers ?? []) await mover(tx, move, at)
}
