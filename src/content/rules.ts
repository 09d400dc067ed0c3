import type { Db, Tx } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import type { Window } from "./access.ts"
import { UnknownReference } from "./refusals.ts"

/** Who may watch a video, as staff say it. Everything named must hold; several rules: any of them opens. */
export type RuleDraft = {
  everyone?: boolean
  minimumRankId?: string | null
  plans?: string[] | null
  segmentId?: string | null
  window?: Window | null
}

/** The rules of a video in their order. */
export async function rulesOf(db: Db, videoId: string): Promise<Required<RuleDraft>[]> {
  return db
    .selectFrom("accessRule")
    .select(["everyone", "minimumRankId", "plans", "segmentId", "window"])
    .where("videoId", "=", videoId)
    .orderBy("position")
    .orderBy("id")
    .execute()
}

/** Replaces the rules of a video. */
export async function writeRules(tx: Tx, videoId: string, rules: RuleDraft[]): Promise<void> {
  const rankIds = new Set(rules.flatMap((rule) => rule.minimumRankId ?? []))
  const segmentIds = new Set(rules.flatMap((rule) => rule.segmentId ?? []))
  const ranks =
    rankIds.size > 0
      ? await tx
          .selectFrom("rank")
          .select("id")
          .where("id", "in", [...rankIds])
          .execute()
      : []
  if (ranks.length < rankIds.size) throw new UnknownReference("rules.minimumRankId")
  const segments =
    segmentIds.size > 0
      ? await tx
          .selectFrom("segment")
          .select("id")
          .where("id", "in", [...segmentIds])
          .where("archivedAt", "is", null)
          .execute()
      : []
  if (segments.length < segmentIds.size) throw new UnknownReference("rules.segmentId")
  await tx.deleteFrom("accessRule").where("videoId", "=", videoId).execute()
  if (rules.length === 0) return
  await tx
    .insertInto("accessRule")
    .values(
      rules.map((rule, position) => ({
        id: newId(),
        videoId,
        position,
        everyone: rule.everyone ?? false,
        minimumRankId: rule.minimumRankId ?? null,
        plans: rule.plans && rule.plans.length > 0 ? rule.plans : null,
        segmentId: rule.segmentId ?? null,
        window: rule.window ? JSON.stringify(rule.window) : null,
      })),
    )
    .execute()
}
