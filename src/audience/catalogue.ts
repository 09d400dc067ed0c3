import type { Fact } from "../platform/facts.ts"
import type { Leaf } from "./language.ts"

// biome-ignore lint/suspicious/noExplicitAny: a list of facts holds different argument types
type AnyFact = Fact<any>

let list: AnyFact[] = []
let byName = new Map<string, AnyFact>()
let generation = 0

/** Sets the questions that conditions may ask; called once by the composition root. */
export function offer(facts: AnyFact[]): void {
  byName = new Map(facts.map((fact) => [fact.name, fact]))
  if (byName.size !== facts.length) throw new Error("two facts have the same name")
  list = facts
  generation++
}

/** Every question, in the order of the list. */
export function all(): AnyFact[] {
  return list
}

/** The question of a name, if there is one. */
export function find(name: string): AnyFact | undefined {
  return byName.get(name)
}

/** The question of a leaf and its arguments. Throws when the fact is gone: a stored condition was checked when it was stored. */
export function questionOf(leaf: Leaf): { fact: AnyFact; args: Record<string, unknown> } {
  const fact = byName.get(leaf.fact)
  if (!fact) throw new Error(`no such fact: ${leaf.fact}`)
  return { fact, args: leaf.with ?? {} }
}

/** Changes whenever other facts are offered. */
export function offered(): number {
  return generation
}
