import { type Condition, leavesOf, type Names, naming, type Reason, sayLeaf } from "../audience/index.ts"
import type { standings } from "../content/index.ts"
import { ranks } from "../membership/index.ts"
import { type Db, sql } from "../platform/db.ts"
import type { Locale } from "../platform/words.ts"
import { asks, requirement } from "./requirements.ts"
import type { RankProps, RankStanding } from "./shapes.ts"

type Rank = { id: string; position: number; name: Record<Locale, string>; colour: string; rise: Condition | null }

/** The rank of a person at home, and what is missing for the next; nothing without a rank. */
export async function standing(
  db: Db,
  person: standings.AtHome,
  locale: Locale,
  at: Date,
): Promise<RankStanding | null> {
  const { rankId, rankSince } = person.standing
  if (!rankId || !rankSince) return null
  const ladder = await keptLadder(db, rankId)
  const rank = ladder.find((one) => one.id === rankId)
  if (!rank) return null
  const next = ladder.find((one) => one.position > rank.position)
  return said(rank, next, rankSince, next ? await keptMissing(db, person, at) : null, locale)
}

/** Everything the rank page shows. */
export async function rankPage(db: Db, contactId: string, locale: Locale, at: Date): Promise<RankProps> {
  const [ladder, held, missing] = await Promise.all([
    readLadder(db),
    ranks.of(db, contactId),
    ranks.missing(db, contactId, at),
  ])
  const rank = ladder.find((one) => one.id === held.current?.rank.id)
  const next = rank && ladder.find((one) => one.position > rank.position)
  const names = await naming.namesIn(db, [
    ...ladder.flatMap(({ rise }) => (rise ? leavesOf(rise) : [])),
    ...held.history.flatMap(({ reason }) => leavesIn(reason)),
  ])
  const state = (one: Rank) => (!rank || one.position > rank.position ? "ahead" : one === rank ? "here" : "past")
  return {
    standing: rank
      ? {
          ...said(rank, next, held.current!.since, missing, locale),
          fallsAt: held.grace?.fallsAt ?? null,
          held: held.hold !== null,
        }
      : null,
    ladder: ladder.map((one) => ({
      id: one.id,
      name: one.name[locale],
      colour: one.colour,
      conditions: one.rise ? leavesOf(one.rise).map((leaf) => asks(leaf, locale, names)) : [],
      state: state(one),
    })),
    history: held.history.map(({ rank: mark, since, cause, reason }) => ({
      since,
      cause,
      name: mark.name[locale],
      colour: mark.colour,
      reasons: reasonsOf(reason, locale, names),
    })),
  }
}

function said(
  rank: Rank,
  next: Rank | undefined,
  since: Date,
  missing: ranks.Missing | null,
  locale: Locale,
): RankStanding {
  return {
    name: rank.name[locale],
    colour: rank.colour,
    since,
    next: next
      ? {
          name: next.name[locale],
          toGo: missing ? ranks.sentence(missing, locale) : "",
          any: missing?.any ?? false,
          requirements: missing?.items.map((item) => requirement(item, locale)) ?? [],
        }
      : null,
  }
}

function leavesIn(reason: unknown): Reason["leaves"] {
  const leaves = (reason as Partial<Reason> | null)?.leaves
  return Array.isArray(leaves) ? leaves : []
}

function reasonsOf(reason: unknown, locale: Locale, names: Names): string[] {
  return leavesIn(reason).map((leaf) => {
    const { question, found, wanted } = sayLeaf(leaf, locale, names)
    return locale === "ja" ? `${question}: ${found} (条件: ${wanted})` : `${question}: ${found} (asked: ${wanted})`
  })
}

const ladderFreshMs = 5_000
const ladders = new WeakMap<object, { readAt: number; ladder: Rank[] }>()

async function keptLadder(db: Db, heldId: string): Promise<Rank[]> {
  const known = ladders.get(db)
  const fresh = known && performance.now() - known.readAt < ladderFreshMs
  if (fresh && known.ladder.some((rank) => rank.id === heldId)) return known.ladder
  const ladder = await readLadder(db)
  ladders.set(db, { readAt: performance.now(), ladder })
  return ladder
}

async function readLadder(db: Db): Promise<Rank[]> {
  const { rows } = await sql<Rank>`select id, position, name, colour, rise from rank order by position`.execute(db)
  return rows
}

const most = 20_000
const freshMs = 30_000
const asked = new Map<string, { mark: string; readAt: number; missing: ranks.Missing | null }>()

/** Asks the database again as soon as the person did anything that home can see, else at least every half minute. */
async function keptMissing(db: Db, person: standings.AtHome, at: Date): Promise<ranks.Missing | null> {
  const mark = markOf(person)
  const known = asked.get(person.contactId)
  if (known && known.mark === mark && performance.now() - known.readAt < freshMs) return known.missing
  const missing = await ranks.missing(db, person.contactId, at)
  if (asked.size >= most) for (const old of [...asked.keys()].slice(0, most / 2)) asked.delete(old)
  asked.set(person.contactId, { mark, readAt: performance.now(), missing })
  return missing
}

function markOf({ standing: held, watched, catalogueVersion }: standings.AtHome): string {
  let [seconds, completed, last] = [0, 0, 0]
  for (const row of watched.values()) {
    seconds += row.seconds
    if (row.completedAt) completed++
    if (row.lastAt.getTime() > last) last = row.lastAt.getTime()
  }
  return `${catalogueVersion} ${held.rankId} ${held.plan} ${[...held.segmentIds].join()} ${seconds} ${completed} ${last}`
}
