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
}

/** What follows an event, in the transaction that stores it: short, set-based, no call to the outside. Slow work is enqueued from here. */
export type Reaction = (tx: Tx, events: Event[]) => Promise<void>

/** Reactions by event name, and those to every event. `reactions.ts` at the root is the list. */
export type Reactions = { every: Reaction[]; named: Record<string, Reaction[]> }

let list: Reactions = { every: [], named: {} }

/** Sets what happens after what; called once by the composition root. */
export function react(reactions: Reactions): void {
  list = reactions
}

/** Runs what follows the events, named reactions first, in the caller's transaction. */
export async function dispatch(tx: Tx, events: Event[]): Promise<void> {
  if (events.length === 0) return
  for (const name of new Set(events.map((event) => event.name)))
    for (const reaction of list.named[name] ?? []) await reaction(tx, events.filter((event) => event.name === name))
  for (const reaction of list.every) await reaction(tx, events)
}
