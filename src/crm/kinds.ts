import { sql } from "../platform/db.ts"

/** What a timeline can be narrowed to. */
export const kinds = ["watch", "mail", "rank", "account", "page", "segment", "scenario", "other"] as const
export type Kind = (typeof kinds)[number]

const prefixes: Record<Exclude<Kind, "other">, string[]> = {
  watch: ["video."],
  mail: ["mail.", "consent."],
  rank: ["rank."],
  account: ["account.", "member.", "contact."],
  page: ["page.", "link."],
  segment: ["segment."],
  scenario: ["scenario."],
}

/** The kind of an event by its name. */
export function kindOf(name: string): Kind {
  for (const [kind, starts] of Object.entries(prefixes))
    if (starts.some((start) => name.startsWith(start))) return kind as Kind
  return "other"
}

/** A test for the events of some kinds. */
export function patterns(wanted: Kind[]) {
  const likes = (of: Kind[]) =>
    of.flatMap((kind) => (kind === "other" ? [] : prefixes[kind])).map((start) => `${start}%`)
  const named = sql<boolean>`name like any(${likes(wanted)}::text[])`
  const test = wanted.includes("other")
    ? sql<boolean>`(${named} or not name like any(${likes([...kinds])}::text[]))`
    : named
  return { sql: test, has: (name: string) => wanted.includes(kindOf(name)) }
}
