import { changes, conditions, type Condition, type Reason } from "../audience/index.ts"
import { announceAll } from "../events/index.ts"
import { type Actor, system } from "../platform/actors.ts"
import { sql, type Tx } from "../platform/db.ts"
import { decide, type Grace, type Rung } from "./deciding.ts"
import type { RankCause } from "./tables.ts"

/** Why members are looked at: what made it happen, and reasons that are known already (by contact, rank and kind of condition). */
type Occasion = {
  decidedAt: Date
  by?: Actor
  happenedAt?: (contactId: string) => Date | undefined
  history?: (contactId: string) => boolean
  reason?: (contactId: string, kind: "rise" | "stay", rankId: string) => Reason | undefined
}
/** A member goes from one rank to another. */
type Move = {
  contactId: string
  fromId: string | null
  toId: string
  cause: RankCause
  since: Date
  reason: object
  history: boolean
}
type Member = {
  contactId: string
  rankId: string
  since: Date
  holdId: string | null
  grace: Grace | null
  /** "rise ‹rankId›" and "stay ‹rankId›" for each condition that holds. */
  holds: Set<string>
}
type RankRow = {
  id: string
  position: number
  graceDays: number
  mayFall: boolean
  rise: Condition | null
  stay: Condition | null
}

/** Decides the ranks of members anew, from the answers kept for them, and writes what follows. The caller has locked them. */
export async function settle(tx: Tx, contactIds: string[], occasion: Occasion): Promise<void> {
  const members = await load(tx, contactIds)
  if (members.length === 0) return
  const ladder = await rungs(tx)
  const moves: Move[] = []
  const graces: { contactId: string; grace: Grace | null }[] = []
  for (const member of members) {
    const { move, grace } = decide({
      rungs: rungsFor(ladder, member.holds),
      currentId: member.rankId,
      holdId: member.holdId,
      grace: member.grace,
      at: occasion.decidedAt,
    })
    if (grace !== member.grace) graces.push({ contactId: member.contactId, grace })
    if (!move) continue
    const { toId, cause } = move
    const reason = await reasonOf(tx, ladder, member, toId, cause, occasion)
    moves.push(moveOf(member, toId, cause, reason, occasion))
  }
  await write(tx, moves, occasion)
  await writeGraces(tx, graces)
}

/** A move that begins when it happened, but never before the rank held now began. */
export function moveOf(member: Member, toId: string, cause: RankCause, reason: object, occasion: Occasion): Move {
  const { contactId } = member
  const happened = occasion.happenedAt?.(contactId) ?? occasion.decidedAt
  const since = new Date(Math.max(happened.getTime(), member.since.getTime() + 1))
  return {
    contactId,
    fromId: member.rankId,
    toId,
    cause,
    since,
    reason,
    history: occasion.history?.(contactId) ?? false,
  }
}

/** Writes moves: history rows, the timeline, and that conditions which ask for the rank must be asked again. */
export async function write(tx: Tx, moves: Move[], occasion: Occasion): Promise<void> {
  if (moves.length === 0) return
  const rows = moves.map((move) => ({
    contact_id: move.contactId,
    rank_id: move.toId,
    since: move.since,
    cause: move.cause,
    reason: move.reason,
  }))
  const by = JSON.stringify(occasion.by ?? system("ranks"))
  const m = sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as m(contact_id uuid, rank_id uuid, since timestamptz, cause text, reason jsonb)`
  await sql`update rank_history h set until = m.since from ${m} where h.contact_id = m.contact_id and h.until is null`.execute(
    tx,
  )
  await sql`insert into rank_history (contact_id, since, rank_id, cause, reason, decided_at, decided_by)
    select contact_id, since, rank_id, cause, reason, ${occasion.decidedAt}, ${by}::jsonb from ${m}`.execute(tx)
  await sql`delete from rank_grace where contact_id = any(${moves.map((move) => move.contactId)}::uuid[])`.execute(tx)
  for (const [cause, list] of Map.groupBy(moves, (move) => move.cause)) {
    if (cause === "joined" || cause === "imported") continue
    const told = list.map(({ contactId, fromId, toId, since, reason, history }) => ({
      contactId,
      happenedAt: since,
      history,
      properties: { rankId: toId, fromRankId: fromId, reason },
    }))
    await announceAll(tx, `rank.${cause}`, told)
  }
  const marks = moves.map(({ contactId, since, history }) => ({
    contactId,
    changes: ["rank"],
    happenedAt: since,
    history,
  }))
  await changes.mark(tx, marks)
}

/** The ladder, lowest first. */
export async function rungs(tx: Tx): Promise<RankRow[]> {
  const columns = ["id", "position", "graceDays", "mayFall", "rise", "stay"] as const
  return tx.selectFrom("rank").select(columns).orderBy("position").execute()
}

/** The ladder as it is for one member. */
export function rungsFor(ladder: RankRow[], holds: Set<string>): Rung[] {
  return ladder.map(({ id, position, graceDays, mayFall }) => {
    return { id, position, graceDays, mayFall, rises: holds.has(`rise ${id}`), stays: holds.has(`stay ${id}`) }
  })
}

/** Members among these contacts (everybody, without any) who have a rank, with what holds of them. */
export async function load(tx: Tx, contactIds?: string[]): Promise<Member[]> {
  const among = contactIds ? sql`h.contact_id = any(${contactIds}::uuid[])` : sql`true`
  type Row = Omit<Member, "holds" | "grace"> & {
    holds: string[] | null
    graceRankId: string | null
    beganAt: Date
    fallsAt: Date
  }
  const { rows } = await sql<Row>`
    with holds as (
      select x.contact_id, array_agg(substr(c.owner_kind, 6) || ' ' || c.owner_id) as holds
      from holding x join condition c on c.id = x.condition_id and c.state <> 'retired'
      where c.owner_kind in ('rank.rise', 'rank.stay') ${contactIds ? sql`and x.contact_id = any(${contactIds}::uuid[])` : sql``}
      group by x.contact_id)
    select h.contact_id, h.rank_id, h.since, d.rank_id as hold_id, g.rank_id as grace_rank_id, g.began_at, g.falls_at, holds.holds
    from rank_history h join membership m on m.contact_id = h.contact_id and m.withdrawn_at is null
    left join rank_hold d on d.contact_id = h.contact_id and d.until is null
    left join rank_grace g on g.contact_id = h.contact_id
    left join holds on holds.contact_id = h.contact_id
    where h.until is null and ${among}`.execute(tx)
  return rows.map(({ holds, graceRankId, beganAt, fallsAt, ...member }) => ({
    ...member,
    holds: new Set(holds ?? []),
    grace: graceRankId ? { rankId: graceRankId, beganAt, fallsAt } : null,
  }))
}

async function reasonOf(
  tx: Tx,
  ladder: RankRow[],
  member: Member,
  toId: string,
  cause: "rose" | "fell" | "held",
  occasion: Occasion,
): Promise<object> {
  if (cause === "held") return {}
  const [kind, rankId] = cause === "rose" ? (["rise", toId] as const) : (["stay", member.rankId] as const)
  const known = occasion.reason?.(member.contactId, kind, rankId)
  if (known) return known
  const { rows } = await sql<{ definition: Condition }>`
    select definition from condition where owner_kind = ${`rank.${kind}`} and owner_id = ${rankId}`.execute(tx)
  return rows[0] ? conditions.why(tx, rows[0].definition, member.contactId, occasion.decidedAt) : {}
}

async function writeGraces(tx: Tx, list: { contactId: string; grace: Grace | null }[]): Promise<void> {
  const gone = list.filter((one) => !one.grace).map((one) => one.contactId)
  if (gone.length > 0) await sql`delete from rank_grace where contact_id = any(${gone}::uuid[])`.execute(tx)
  const begun = list.filter((one) => one.grace)
  if (begun.length === 0) return
  const rows = begun.map(({ contactId, grace }) => ({
    contact_id: contactId,
    rank_id: grace!.rankId,
    began_at: grace!.beganAt,
    falls_at: grace!.fallsAt,
  }))
  await sql`insert into rank_grace (contact_id, rank_id, began_at, falls_at)
    select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as g(contact_id uuid, rank_id uuid, began_at timestamptz, falls_at timestamptz)
    on conflict (contact_id) do update set rank_id = excluded.rank_id, began_at = excluded.began_at, falls_at = excluded.falls_at`.execute(
    tx,
  )
}
