import { either } from "../formats.ts"
import { useLocale } from "../locale.tsx"
import { useAll } from "../queries.ts"
import { useCan } from "../session.tsx"
import type { Words } from "../shapes/words.ts"

type Kind = "event" | "property" | "plan" | "purpose"
type Named = { kind: Kind; name: string; label: Words }

/** What people call the events, properties, plans and purposes that conditions and rules mention by name. */
export function useCalled(): { nameOf: (kind: Kind, name: string) => string; all: (kind: Kind) => Named[] } {
  const { locale } = useLocale()
  const found = useAll<Named>(useCan("segments:read") ? "/api/facts/names" : null)
  const all = (kind: Kind) => (found.data ?? []).filter((one) => one.kind === kind)
  return {
    all,
    nameOf: (kind, name) => either(all(kind).find((one) => one.name === name)?.label, locale) || name,
  }
}
