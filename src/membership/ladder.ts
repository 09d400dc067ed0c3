import { conditions, type Condition } from "../audience/index.ts"
import { audit } from "../events/index.ts"
import { type Actor, system } from "../platform/actors.ts"
import { now } from "../platform/clock.ts"
import { type Db, sql, type Tx } from "../platform/db.ts"
import { Invalid } from "../platform/http.ts"
import { newId } from "../platform/ids.ts"
import { derivedStay } from "./deriving.ts"
import { NoSuchRank, RankInUse } from "./refusals.ts"
import { say } from "./words.ts"

/** What staff say of a rank; conditions as they were sent. The lowest, at position 0, has none. */
type RankDraft = {
  position: number
  name: { ja: string; en: string }
  colour: string
  rise: unknown
  /** null: derived from rise. */
  stay: unknown
  graceDays: number
  mayFall: boolean
}
/** A rank with its conditions, how many members hold it, and how far its conditions are. */
type Rank = {
  id: string
  position: number
  name: { ja: string; en: string }
  colour: string
  rise: Condition | null
  stay: Condition | null
  /** What really counts for staying: `stay`, or what follows from `rise`. */
  staysBy: Condition | null
  graceDays: number
  mayFall: boolean
  version: number
  members: number
  state: "building" | "live"
  changedAt: Date
}

/** Adds a rank. The first must be at position 0: every member gets it. */
export async function create(tx: Tx, draft: RankDraft, by: Actor): Promise<string> {
  await lock(tx)
  const [id, at] = [newId(), now()]
  const checked = await check(tx, id, draft)
  const row = { ...stored(draft, checked), id, changedAt: at }
  await tx.insertInto("rank").values(row).execute()
  await register(tx, id, checked, at)
  if (draft.position === 0)
    await sql`insert into rank_history (contact_id, since, rank_id, cause, reason, decided_at, decided_by)
      select contact_id, ${at}, ${id}, 'imported', '{}', ${at}, ${JSON.stringify(system("ranks"))}::jsonb from membership
      where withdrawn_at is null on conflict do nothing`.execute(tx)
  await audit.record(tx, by, "rank.create", { kind: "rank", id }, { after: { ...draft, ...checked } })
  return id
}

/** Changes what is given. Changed conditions are applied to everybody; until then the old answers stand. */
export async function change(tx: Tx, id: string, draft: Partial<RankDraft>, by: Actor): Promise<void> {
  await lock(tx)
  const before = await tx.selectFrom("rank").selectAll().where("id", "=", id).executeTakeFirst()
  if (!before) throw new NoSuchRank()
  const { position, name, colour, rise, stay, graceDays, mayFall } = before
  const whole: RankDraft = { position, name, colour, rise, stay, graceDays, mayFall, ...draft }
  const checked = await check(tx, id, whole)
  const at = now()
  await tx
    .updateTable("rank")
    .set({ ...stored(whole, checked), version: before.version + 1, changedAt: at })
    .where("id", "=", id)
    .execute()
  await register(tx, id, checked, at)
  const was = { position, name, colour, rise, stay, graceDays, mayFall }
  await audit.record(tx, by, "rank.change", { kind: "rank", id }, { before: was, after: { ...whole, ...checked } })
}

/** Removes a rank that nobody ever held and no rule asks for; the lowest last. */
export async function remove(tx: Tx, id: string, by: Actor): Promise<void> {
  await lock(tx)
  const before = await get(tx, id)
  const { rows } = await sql<{ used: boolean }>`
    select exists (select from rank_history where rank_id = ${id}) or exists (select from rank_hold where rank_id = ${id})
      or exists (select from access_rule where minimum_rank_id = ${id})
      or exists (select from condition where state <> 'retired' and owner_id <> ${id} and definition::text like ${`%${id}%`})
      or (${before.position} = 0 and exists (select from rank where id <> ${id})) as used`.execute(tx)
  if (rows[0]!.used) throw new RankInUse()
  await conditions.retire(tx, "rank.rise", id)
  await conditions.retire(tx, "rank.stay", id)
  await tx.deleteFrom("rank").where("id", "=", id).execute()
  await audit.record(tx, by, "rank.remove", { kind: "rank", id }, { before })
}

/** One rank; throws NoSuchRank. */
export async function get(db: Db, id: string): Promise<Rank> {
  const found = (await list(db)).find((rank) => rank.id === id)
  if (!found) throw new NoSuchRank()
  return found
}

/** The ladder, lowest first. */
export async function list(db: Db): Promise<Rank[]> {
  const { rows } = await sql<Omit<Rank, "staysBy">>`
    select r.*, (select count(*)::int from rank_history h where h.rank_id = r.id and h.until is null) as members,
      case when exists (select from condition c where c.owner_kind in ('rank.rise', 'rank.stay') and c.owner_id = r.id
        and c.state in ('registered', 'building')) then 'building' else 'live' end as state
    from rank r order by r.position`.execute(db)
  return rows.map((row) => ({ ...row, staysBy: row.stay ?? (row.rise && derivedStay(row.rise)) }))
}

type Checked = { rise: Condition | null; stay: Condition | null }

async function check(tx: Tx, id: string, draft: RankDraft): Promise<Checked> {
  const faults: Record<string, string> = {}
  const others = await tx.selectFrom("rank").select("position").where("id", "<>", id).execute()
  if (others.some((other) => other.position === draft.position)) faults.position = "fault.positionTaken"
  else if (draft.position !== 0 && !others.some((other) => other.position === 0)) faults.position = "fault.first"
  if (!draft.name.ja.trim() || !draft.name.en.trim()) faults.name = "fault.name"
  if (!/^#[0-9a-f]{6}$/i.test(draft.colour)) faults.colour = "fault.colour"
  if (draft.position === 0 && (draft.rise || draft.stay)) faults.rise = "fault.lowest"
  if (draft.position > 0 && !draft.rise) faults.rise = "fault.rise"
  if (Object.keys(faults).length > 0)
    throw new Invalid((locale) =>
      Object.fromEntries(Object.entries(faults).map(([name, key]) => [name, say(locale)(key)])),
    )
  return {
    rise: draft.rise ? conditions.check(draft.rise) : null,
    stay: draft.stay ? conditions.check(draft.stay) : null,
  }
}

function stored({ position, name, colour, graceDays, mayFall }: RankDraft, { rise, stay }: Checked) {
  return {
    position,
    name: JSON.stringify({ ja: name.ja.trim(), en: name.en.trim() }),
    colour,
    graceDays,
    mayFall,
    rise: rise && JSON.stringify(rise),
    stay: stay && JSON.stringify(stay),
  }
}

async function register(tx: Tx, id: string, { rise, stay }: Checked, at: Date): Promise<void> {
  if (!rise) {
    await conditions.retire(tx, "rank.rise", id)
    await conditions.retire(tx, "rank.stay", id)
    return
  }
  await conditions.register(tx, { ownerKind: "rank.rise", ownerId: id, definition: rise }, at)
  await conditions.register(tx, { ownerKind: "rank.stay", ownerId: id, definition: stay ?? derivedStay(rise) }, at)
}

/** One change of the ladder at a time, so that two cannot both take a position or the place of the first. */
async function lock(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('membership.ladder'))`.execute(tx)
}
