import {
  type Condition,
  conditions,
  type Names,
  naming,
  type ReasonLeaf,
  type SaidLeaf,
  sayLeaf,
} from "../audience/index.ts"
import { duration } from "../platform/dates.ts"
import { type Db, sql } from "../platform/db.ts"
import type { Locale } from "../platform/words.ts"
import { say } from "./words.ts"

/** One question of the next rank: where the member is and what is needed. */
export type Lacking = {
  fact: string
  label: Record<Locale, string>
  /** What is asked of it, in words: 「5以上」, 「スタンダード、プレミアムのいずれか」. */
  wanted: Record<Locale, string>
  current: unknown
  needed: unknown
  met: boolean
  /** What is still to be done, as a sentence begins: 「あと2本完了する」, "Complete 2 more videos". Nothing when met or not countable. */
  toGo: Record<Locale, string> | null
}
export type Missing = {
  rank: { id: string; name: Record<Locale, string>; colour: string; position: number }
  /** Whether one of the questions suffices. */
  any: boolean
  items: Lacking[]
}

/** What a member lacks for the next rank; nothing at the top of the ladder, and for who has no rank. */
export async function missing(db: Db, contactId: string, at: Date): Promise<Missing | null> {
  const { rows } = await sql<Missing["rank"] & { rise: Condition | null }>`
    select n.id, n.name, n.colour, n.position, n.rise from rank_history h join rank r on r.id = h.rank_id
    join rank n on n.position > r.position
    where h.contact_id = ${contactId} and h.until is null order by n.position limit 1`.execute(db)
  const [next] = rows
  if (!next?.rise) return null
  const { rise, ...rank } = next
  const { leaves } = await conditions.why(db, rise, contactId, at)
  const names = await naming.namesIn(db, leaves)
  return { rank, any: "any" in rise, items: leaves.map((leaf) => lacking(leaf, names)) }
}

/** 「あと2本完了するとゴールドです」: the whole in one sentence. */
export function sentence({ rank, any, items }: Missing, locale: Locale): string {
  const t = say(locale)
  const name = rank.name[locale]
  const open = items.filter((item) => !item.met)
  if (open.length === 0 || (any && open.length < items.length)) return t("missing.none", { rank: name })
  const parts = open.map((item) => item.toGo?.[locale] ?? item.label[locale])
  if (parts.length === 1) return t("missing.one", { toGo: parts[0]!, rank: name })
  return t(any ? "missing.any" : "missing.all", { parts: parts.join(t("missing.joint")), rank: name })
}

function lacking(leaf: ReasonLeaf, names: Names): Lacking {
  const needed = Object.values(leaf.is)[0]
  const [ja, en] = [sayLeaf(leaf, "ja", names), sayLeaf(leaf, "en", names)]
  return {
    fact: leaf.fact,
    label: { ja: ja.question, en: en.question },
    wanted: { ja: ja.wanted, en: en.wanted },
    current: leaf.value,
    needed,
    met: leaf.met,
    toGo: leaf.met ? null : { ja: toGo(leaf, ja, "ja"), en: toGo(leaf, en, "en") },
  }
}

function toGo(leaf: ReasonLeaf, { question, wanted }: SaidLeaf, locale: Locale): string {
  const t = say(locale)
  const bound = "gte" in leaf.is ? leaf.is.gte : "gt" in leaf.is ? leaf.is.gt : undefined
  if (typeof bound !== "number") return t("toGo.other", { question, wanted })
  const left = bound - (typeof leaf.value === "number" ? leaf.value : 0)
  const count = "gt" in leaf.is ? Math.floor(left) + 1 : Math.ceil(left)
  if (leaf.fact === "watch.completed_count") return t("toGo.completed", { count })
  if (leaf.fact === "watch.seconds")
    return t("toGo.watched", { duration: duration(Math.ceil(count / 60) * 60, locale) })
  if (leaf.fact === "member.days_since_joined") return t("toGo.days", { count })
  return t("toGo.number", { question, count })
}
