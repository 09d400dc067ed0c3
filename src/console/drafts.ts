import { useState } from "react"

/**
 * A form over something that can change meanwhile: by oneself (a file arrives, it is published) or by others.
 * Fields left alone follow the new state; what was typed stays and is what gets saved.
 */
export function useDraft<T extends Record<string, unknown>>(source: T, begun: T = source) {
  const [base, setBase] = useState(source)
  const [draft, setDraft] = useState(begun)
  if (!same(base, source)) {
    setBase(source)
    setDraft((now) => pick(now, (name) => (same(now[name], base[name]) ? source[name] : now[name])))
  }
  const changedNames = (Object.keys(draft) as (keyof T)[]).filter((name) => !same(draft[name], source[name]))
  return {
    draft,
    set: (change: Partial<T>) => setDraft((now) => ({ ...now, ...change })),
    reset: () => setDraft(source),
    changedNames,
    changed: changedNames.length > 0,
  }
}

function pick<T extends Record<string, unknown>>(from: T, value: (name: keyof T) => T[keyof T]): T {
  return Object.fromEntries(Object.keys(from).map((name) => [name, value(name)])) as T
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
