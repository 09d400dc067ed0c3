import { anything, type Kept, type Registry } from "./registry.ts"

/** Conditions asked of some people by one statement. */
type Group = { conditions: Kept[]; contacts: string[] }

/** What a statement costs beside its answers, counted in answers. */
const perStatement = 40

/**
 * Divides a batch into statements: by default one per change, asking those who had it what depends on it, so that few
 * texts are planned once and nobody is asked what cannot have changed; one for all where that gives fewer answers.
 * A condition may be asked of somebody twice.
 */
export function grouped(registry: Registry, changesOf: Map<string, string[]>): Group[] {
  const contactsOf = new Map<string, Set<string>>()
  for (const [contactId, changes] of changesOf)
    for (const change of changes.includes(anything) ? [anything] : changes) {
      const contacts = contactsOf.get(change)
      if (contacts) contacts.add(contactId)
      else contactsOf.set(change, new Set([contactId]))
    }
  const groups = new Map<string, { conditions: Kept[]; contacts: Set<string> }>()
  for (const [change, contacts] of contactsOf) {
    const conditions = registry.after([change])
    if (conditions.length === 0) continue
    const key = conditions.map((condition) => condition.id).join()
    const group = groups.get(key)
    if (group) for (const contactId of contacts) group.contacts.add(contactId)
    else groups.set(key, { conditions, contacts: new Set(contacts) })
  }
  const narrow = [...groups.values()].map(({ conditions, contacts }) => ({ conditions, contacts: [...contacts] }))
  if (narrow.length < 2) return narrow
  const everybody = { conditions: registry.after(contactsOf.keys()), contacts: [...changesOf.keys()] }
  return cost(narrow) <= cost([everybody]) ? narrow : [everybody]
}

function cost(groups: Group[]): number {
  return groups.reduce((sum, { conditions, contacts }) => sum + perStatement + conditions.length * contacts.length, 0)
}
