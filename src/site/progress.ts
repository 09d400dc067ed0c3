import type { catalogue, standings } from "../content/index.ts"
import type { Db } from "../platform/db.ts"
import type { Locale } from "../platform/words.ts"
import type { RankStanding } from "./web/rank-parts.tsx"
import type { RankProps } from "./web/rank.tsx"

/** The rank of a person at home, and what is missing for the next. */
export async function standing(
  _db: Db,
  all: Pick<catalogue.Catalogue, "ranks">,
  { standing: held }: Pick<standings.AtHome, "standing">,
  locale: Locale,
  _at: Date,
): Promise<RankStanding | null> {
  const rank = held.rankId ? all.ranks.get(held.rankId) : undefined
  if (!rank || !held.rankSince) return null
  let next: catalogue.CatalogueRank | undefined
  for (const one of all.ranks.values())
    if (one.position > rank.position && (!next || one.position < next.position)) next = one
  return {
    name: rank.name[locale],
    colour: rank.colour,
    since: held.rankSince,
    next: next ? { name: next.name[locale], colour: next.colour, missing: null } : null,
  }
}

/** Everything the rank page shows. */
export async function rankPage(_db: Db, _contactId: string, _locale: Locale, _at: Date): Promise<RankProps> {
  return { standing: null, ladder: [], history: [] }
}
