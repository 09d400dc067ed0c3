import { conditions } from "../audience/index.ts"
import { type Db, sql, transact } from "../platform/db.ts"
import { decide } from "./deciding.ts"
import { derivedStay } from "./deriving.ts"
import { load, rungs, rungsFor } from "./moving.ts"

/** A rule that is not live yet, for an existing rank or for a new one at a position. */
type TrialDraft = { rankId?: string; position?: number; rise: unknown; stay?: unknown }
type Trial = {
  rises: number
  falls: number
  /** The first hundred, those who rise first; `toId` is null for the rank that would be new. */
  people: { contactId: string; familyName: string; givenName: string; fromId: string; toId: string | null }[]
}

const draftId = "draft"

/** Who would rise and who would fall, at once and without grace, were this rule live. Changes nothing. */
export async function tryOut(db: Db, draft: TrialDraft, at: Date): Promise<Trial> {
  const rise = conditions.check(draft.rise)
  const stay = draft.stay ? conditions.check(draft.stay) : derivedStay(rise)
  const [rising, staying] = [new Set(await conditions.all(db, rise, at)), new Set(await conditions.all(db, stay, at))]
  return transact(db, async (tx) => {
    const ladder = await rungs(tx)
    const id = draft.rankId ?? draftId
    if (!ladder.some((rank) => rank.id === id)) {
      const position = draft.position ?? (ladder.at(-1)?.position ?? 0) + 1
      ladder.push({ id, position, graceDays: 0, mayFall: true, rise, stay })
      ladder.sort((a, b) => a.position - b.position)
    }
    const moves: { contactId: string; fromId: string; toId: string; cause: string }[] = []
    for (const { contactId, rankId, holdId, holds } of await load(tx)) {
      for (const kind of ["rise", "stay"] as const)
        if ((kind === "rise" ? rising : staying).has(contactId)) holds.add(`${kind} ${id}`)
        else holds.delete(`${kind} ${id}`)
      const now = rungsFor(ladder, holds).map((rung) => ({ ...rung, graceDays: 0 }))
      const { move } = decide({ rungs: now, currentId: rankId, holdId, grace: null, at })
      if (move) moves.push({ contactId, fromId: rankId, ...move })
    }
    moves.sort((a, b) => (a.cause === b.cause ? (a.contactId < b.contactId ? -1 : 1) : a.cause === "rose" ? -1 : 1))
    return {
      rises: moves.filter((move) => move.cause === "rose").length,
      falls: moves.filter((move) => move.cause === "fell").length,
      people: await named(tx, moves.slice(0, 100)),
    }
  })
}

async function named(db: Db, moves: { contactId: string; fromId: string; toId: string }[]): Promise<Trial["people"]> {
  const { rows } = await sql<{ contactId: string; familyName: string; givenName: string }>`
    select contact_id, family_name, given_name from profile
    where contact_id = any(${moves.map((move) => move.contactId)}::uuid[])`.execute(db)
  const names = new Map(rows.map((row) => [row.contactId, row]))
  return moves.map(({ contactId, fromId, toId }) => ({
    contactId,
    familyName: names.get(contactId)?.familyName ?? "",
    givenName: names.get(contactId)?.givenName ?? "",
    fromId,
    toId: toId === draftId ? null : toId,
  }))
}
