/** A rank, and what holds of one member: whether the conditions to rise into it and to stay in it are true. */
export type Rung = {
  id: string
  position: number
  graceDays: number
  mayFall: boolean
  rises: boolean
  stays: boolean
}
export type Grace = { rankId: string; beganAt: Date; fallsAt: Date }
/** Where a member stands: `rungs` lowest first. */
export type Place = { rungs: Rung[]; currentId: string; holdId: string | null; grace: Grace | null; at: Date }
/** What follows: a move, and the fall that waits from now on (null: none does). */
type Decision = { move: { toId: string; cause: "rose" | "fell" | "held" } | null; grace: Grace | null }

/**
 * Decides a member's rank. A hold overrides everything. One rises to the highest rank whose condition to rise holds.
 * One keeps a rank while its condition to stay, or to rise, holds; else one falls, after the grace days, to the highest
 * rank below that could be kept. The lowest rank has no conditions.
 */
export function decide({ rungs, currentId, holdId, grace, at }: Place): Decision {
  if (holdId) return { move: holdId === currentId ? null : { toId: holdId, cause: "held" }, grace: null }
  const current = rungs.find((rung) => rung.id === currentId)!
  const lowest = rungs[0]!
  const top = rungs.findLast((rung) => rung === lowest || rung.rises)!
  if (top.position > current.position) return { move: { toId: top.id, cause: "rose" }, grace: null }
  const kept = (rung: Rung) => rung === lowest || rung.stays || rung.rises
  if (kept(current) || !current.mayFall) return { move: null, grace: null }
  const waiting = grace?.rankId === current.id ? grace : null
  const over = waiting ? waiting.fallsAt <= at : current.graceDays === 0
  if (!over) return { move: null, grace: waiting ?? begin(current, at) }
  const lower = rungs.findLast((rung) => rung.position < current.position && kept(rung))!
  return { move: { toId: lower.id, cause: "fell" }, grace: null }
}

function begin(rung: Rung, at: Date): Grace {
  return { rankId: rung.id, beganAt: at, fallsAt: new Date(at.getTime() + rung.graceDays * 86_400_000) }
}
