import { type Condition, conditions, leavesOf, type Reason, sayLeaf } from "../audience/index.ts"
import type { standings } from "../content/index.ts"
import { type Db, sql } from "../platform/db.ts"
import type { Locale } from "../platform/words.ts"
import { requirements, sentence } from "./requirements.ts"
import type { RankStanding } from "./web/rank-parts.tsx"
import type { RankProps } from "./web/rank.tsx"

type Rank = { id: string; position: number; name: Record<Locale, string>; colour: string; rise: Condition | null }
type AtHome = NonNullable<Awaited<ReturnType<typeof standings.ofSession>>>

/** The rank of a person at home, and what is missing for the next; nothing without a rank. */
export async function standing(db: Db, person: AtHome, locale: Locale, at: Date): Promise<RankStanding | null> {
  const { rankId, rankSince } = person.standing
  const ranks = await ladder(db, person.catalogueVersion)
  const rank = ranks.find((one) => one.id === rankId)
  if (!rank || !rankSince) return null
  const next = ranks.find((one) => one.position > rank.position)
  const reason = next?.rise && (fromHome(next.rise, person) ?? (await kept(db, person, next, next.rise, at)))
  return {
    name: rank.name[locale],
    colour: rank.colour,
    since: rankSince,
    next: next
      ? {
          name: next.name[locale],
          colour: next.colour,
          missing: reason ? requirements(next.rise!, reason, locale) : null,
        }
      : null,
  }
}

/** Everything the rank page shows. */
export async function rankPage(db: Db, contactId: string, locale: Locale, at: Date): Promise<RankProps> {
  const [ranks, past, grace, hold] = await Promise.all([
    readLadder(db),
    db.selectFrom("rankHistory").selectAll().where("contactId", "=", contactId).orderBy("since", "desc").execute(),
    db.selectFrom("rankGrace").select("fallsAt").where("contactId", "=", contactId).executeTakeFirst(),
    db
      .selectFrom("rankHold")
      .select("since")
      .where("contactId", "=", contactId)
      .where("until", "is", null)
      .executeTakeFirst(),
  ])
  const open = past.find((row) => row.until === null)
  const rank = ranks.find((one) => one.id === open?.rankId)
  const next = rank && ranks.find((one) => one.position > rank.position)
  const reason = next?.rise ? await conditions.why(db, next.rise, contactId, at) : undefined
  const named = new Map(ranks.map((one) => [one.id, one]))
  return {
    standing: rank
      ? {
          ...{ name: rank.name[locale], colour: rank.colour, since: open!.since },
          ...{ fallsAt: grace?.fallsAt ?? null, held: hold !== undefined },
          next: next
            ? {
                name: next.name[locale],
                colour: next.colour,
                missing: reason ? requirements(next.rise!, reason, locale) : null,
              }
            : null,
        }
      : null,
    ladder: ranks.map((one) => ({
      ...{ id: one.id, name: one.name[locale], colour: one.colour },
      conditions: one.rise ? leavesOf(one.rise).map((leaf) => sentence(leaf, locale)) : [],
      state: !rank || one.position > rank.position ? "ahead" : one === rank ? "here" : "past",
    })),
    history: past.map((row) => ({
      ...{ since: row.since, cause: row.cause },
      name: named.get(row.rankId)?.name[locale] ?? "",
      colour: named.get(row.rankId)?.colour ?? "",
      reasons: saidReasons(row.reason, locale),
    })),
  }
}

function saidReasons(reason: unknown, locale: Locale): string[] {
  const leaves = (reason as Partial<Reason> | null)?.leaves
  if (!Array.isArray(leaves)) return []
  return leaves.map((leaf) => {
    const { question, found, wanted } = sayLeaf(leaf, locale)
    return locale === "ja" ? `${question} ${found}(条件:${wanted})` : `${question} ${found} (asked: ${wanted})`
  })
}

const ladderFreshMs = 5_000
const ladders = new WeakMap<object, { version: number; readAt: number; ranks: Rank[] }>()

/** The ladder, lowest first; read again with each version of the catalogue, and at least every five seconds. */
async function ladder(db: Db, version: number): Promise<Rank[]> {
  const known = ladders.get(db)
  if (known && known.version === version && performance.now() - known.readAt < ladderFreshMs) return known.ranks
  const ranks = await readLadder(db)
  ladders.set(db, { version, readAt: performance.now(), ranks })
  return ranks
}

async function readLadder(db: Db): Promise<Rank[]> {
  const { rows } = await sql<Rank>`select id, position, name, colour, rise from rank order by position`.execute(db)
  return rows
}

/** Answers the usual conditions (videos completed, time watched) from what home has read anyway; nothing when it takes more. */
function fromHome(rise: Condition, person: AtHome): Reason | undefined {
  const leaves = []
  for (const leaf of leavesOf(rise)) {
    const bound = "gte" in leaf.is ? leaf.is.gte : undefined
    if (typeof bound !== "number" || Object.keys(leaf.with ?? {}).length > 0) return undefined
    const value = totalOf(leaf.fact, person)
    if (value === undefined) return undefined
    leaves.push({ ...leaf, value, met: value >= bound })
  }
  return { met: false, leaves }
}

function totalOf(fact: string, { watched }: AtHome): number | undefined {
  let total = 0
  if (fact === "watch.completed_count") for (const row of watched.values()) total += row.completedAt ? 1 : 0
  else if (fact === "watch.seconds") for (const row of watched.values()) total += row.seconds
  else return undefined
  return total
}

const mostReasons = 20_000
const reasonFreshMs = 30_000
const reasons = new Map<string, { mark: string; readAt: number; reason: Reason }>()

/** Other conditions are asked of the database, and again when the person did anything that home can see, or after half a minute. */
async function kept(db: Db, person: AtHome, next: Rank, rise: Condition, at: Date): Promise<Reason> {
  const { standing: held, watched } = person
  const mark = `${next.id} ${person.catalogueVersion} ${held.rankId} ${held.plan} ${[...held.segmentIds].length} ${watchedMark(watched)}`
  const known = reasons.get(person.contactId)
  if (known && known.mark === mark && performance.now() - known.readAt < reasonFreshMs) return known.reason
  const reason = await conditions.why(db, rise, person.contactId, at)
  if (reasons.size >= mostReasons) for (const old of [...reasons.keys()].slice(0, mostReasons / 2)) reasons.delete(old)
  reasons.set(person.contactId, { mark, readAt: performance.now(), reason })
  return reason
}

function watchedMark(watched: AtHome["watched"]): string {
  let [seconds, completed, last] = [0, 0, 0]
  for (const row of watched.values()) {
    seconds += row.seconds
    if (row.completedAt) completed++
    if (row.lastAt.getTime() > last) last = row.lastAt.getTime()
  }
  return `${seconds} ${completed} ${last}`
}
