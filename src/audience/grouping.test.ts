import fc from "fast-check"
import { expect, test } from "vitest"
import { grouped } from "./grouping.ts"
import { anything, type Kept, type Registry } from "./registry.ts"

const changes = ["event:a", "event:b", "event:c", "watch", "time"]

/** Conditions by number; each depends on some changes. */
function registryOf(depends: number[][]): Registry {
  const conditions = depends.map((_, index) => ({ id: `c${index}` }) as Kept)
  return {
    after(names: Iterable<string>) {
      const wanted = [...names]
      return conditions.filter((_, index) =>
        wanted.some((name) => name === anything || depends[index]!.includes(changes.indexOf(name))),
      )
    },
  } as Registry
}

const condition = fc.uniqueArray(fc.nat({ max: changes.length - 1 }), { minLength: 1, maxLength: 3 })
const person = fc.uniqueArray(fc.constantFrom(...changes, anything), { minLength: 1, maxLength: 4 })

test("everybody is asked all that depends on what changed of them, and one statement is made where it costs less", () => {
  fc.assert(
    fc.property(
      fc.array(condition, { maxLength: 30 }),
      fc.array(person, { minLength: 1, maxLength: 60 }),
      (depends, people) => {
        const registry = registryOf(depends)
        const changesOf = new Map(people.map((list, index) => [`p${index}`, list]))
        const groups = grouped(registry, changesOf)
        const asked = new Set(
          groups.flatMap(({ conditions, contacts }) => conditions.flatMap(({ id }) => contacts.map((who) => who + id))),
        )
        for (const [who, list] of changesOf)
          for (const { id } of registry.after(list)) expect(asked.has(who + id)).toBe(true)
        const answers = groups.reduce((sum, group) => sum + group.conditions.length * group.contacts.length, 0)
        expect(answers).toBeLessThanOrEqual(registry.after(people.flat()).length * people.length)
      },
    ),
  )
})

test("many people with different changes are asked apart, few together", () => {
  const registry = registryOf([[0], [1], [2], [3], [0, 4]])
  const many = new Map(Array.from({ length: 200 }, (_, n) => [`p${n}`, [changes[n % 4]!]]))
  expect(grouped(registry, many).map(({ conditions, contacts }) => [conditions.length, contacts.length])).toEqual([
    [2, 50],
    [1, 50],
    [1, 50],
    [1, 50],
  ])
  const few = new Map(Array.from({ length: 4 }, (_, n) => [`p${n}`, [changes[n % 4]!]]))
  expect(grouped(registry, few)).toHaveLength(1)
})
