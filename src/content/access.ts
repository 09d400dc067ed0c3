import { addMonths } from "../platform/dates.ts"

/** rolling: published within the last months, seen from today. from-join: published from months before joining onward. for-join: for months from joining. */
export type Window = { kind: "rolling" | "from-join" | "for-join"; months: number }

/** Who may watch: everything named must hold. A rule that names nothing asks for an active membership only. */
export type Rule = {
  id: string
  everyone: boolean
  minimumRank: { id: string; position: number } | null
  plans: string[] | null
  segmentId: string | null
  window: Window | null
}

/** Where a contact stands, as far as access asks. */
export type Standing = {
  /** An account that is neither suspended nor withdrawn, and a membership. */
  active: boolean
  rankId: string | null
  rankPosition: number | null
  rankSince: Date | null
  plan: string | null
  joinedAt: Date | null
  segmentIds: ReadonlySet<string>
}

/** What access needs to know of a video. */
export type Gated = {
  state: "draft" | "published" | "archived"
  publishedAt: Date | null
  unpublishedAt: Date | null
  rules: readonly Rule[]
}

/** One thing that is missing. `publication` and `ended` are about the video, the others about the contact. */
export type Need =
  | { kind: "membership" }
  | { kind: "rank"; rankId: string }
  | { kind: "plan"; plans: string[] }
  | { kind: "segment"; segmentId: string }
  | { kind: "publication"; at: Date | null }
  | { kind: "ended"; at: Date | null }

export type Decision = {
  open: boolean
  /** When the opening ends by time alone; nothing when it does not. */
  until: Date | null
  /** The rule that opens it. */
  ruleId: string | null
  /** Why it is closed: what the easiest rule misses. Empty when open. */
  why: Need[]
  /** What would open it, the easiest first: each entry is one way, all of its needs together. Ways that time has closed are not named. */
  wouldOpen: Need[][]
}

/** Somebody of whom nothing is known: an anonymous visitor, and whoever is suspended. */
export const nobody: Standing = {
  active: false,
  rankId: null,
  rankPosition: null,
  rankSince: null,
  plan: null,
  joinedAt: null,
  segmentIds: new Set(),
}

/** Whether a video is open to a contact at an instant, until when, why not, and what would open it. The only function that decides it. */
export function decide(video: Gated, standing: Standing, at: Date): Decision {
  const away = unavailable(video, at)
  if (away) return { open: false, until: null, ruleId: null, why: [away], wouldOpen: [] }
  let opened: { ruleId: string; until: Date | null } | undefined
  const ways: Need[][] = []
  const shut: Need[][] = []
  for (const rule of video.rules) {
    const { needs, until } = check(rule, video, standing, at)
    if (needs.length === 0) {
      if (!opened || (opened.until && (!until || until > opened.until))) opened = { ruleId: rule.id, until }
    } else if (needs.some((need) => need.kind === "ended")) shut.push(needs)
    else ways.push(needs)
  }
  if (opened) {
    const until = earliest(opened.until, video.unpublishedAt)
    return { open: true, until, ruleId: opened.ruleId, why: [], wouldOpen: [] }
  }
  ways.sort((a, b) => a.length - b.length)
  return { open: false, until: null, ruleId: null, why: ways[0] ?? shut[0]?.filter(isEnded) ?? [], wouldOpen: ways }
}

function unavailable(video: Gated, at: Date): Need | undefined {
  if (video.state === "archived") return { kind: "ended", at: null }
  if (video.state !== "published" || !video.publishedAt) return { kind: "publication", at: null }
  if (video.publishedAt > at) return { kind: "publication", at: video.publishedAt }
  if (video.unpublishedAt && video.unpublishedAt <= at) return { kind: "ended", at: video.unpublishedAt }
  return undefined
}

function check(rule: Rule, video: Gated, standing: Standing, at: Date): { needs: Need[]; until: Date | null } {
  const needs: Need[] = []
  if (!rule.everyone && !standing.active) needs.push({ kind: "membership" })
  if (rule.minimumRank) {
    const held = standing.active ? standing.rankPosition : null
    if (held === null || held < rule.minimumRank.position) needs.push({ kind: "rank", rankId: rule.minimumRank.id })
  }
  if (rule.plans && !(standing.active && standing.plan !== null && rule.plans.includes(standing.plan)))
    needs.push({ kind: "plan", plans: rule.plans })
  if (rule.segmentId && !(standing.active && standing.segmentIds.has(rule.segmentId)))
    needs.push({ kind: "segment", segmentId: rule.segmentId })
  const window = rule.window
    ? within(rule.window, video.publishedAt!, standing.active ? standing.joinedAt : null, at)
    : { until: null }
  if ("need" in window) {
    if (!needs.some((need) => need.kind === window.need.kind)) needs.push(window.need)
    return { needs, until: null }
  }
  return { needs, until: window.until }
}

function within(
  window: Window,
  publishedAt: Date,
  joinedAt: Date | null,
  at: Date,
): { until: Date | null } | { need: Need } {
  if (window.kind === "rolling") {
    const until = later(publishedAt, window.months)
    return at < until ? { until } : { need: { kind: "ended", at: until } }
  }
  if (!joinedAt) return { need: { kind: "membership" } }
  if (window.kind === "from-join") {
    const from = later(joinedAt, -window.months)
    return publishedAt >= from ? { until: null } : { need: { kind: "ended", at: from } }
  }
  const until = later(joinedAt, window.months)
  return at < until ? { until } : { need: { kind: "ended", at: until } }
}

const reckoned = new Map<number, Date>()

// Calendar arithmetic costs more than all the rest of a decision, and the same few dates come again on every page.
function later(from: Date, months: number): Date {
  const key = from.getTime() * 1_000 + months
  let found = reckoned.get(key)
  if (!found) {
    if (reckoned.size > 20_000) reckoned.clear()
    reckoned.set(key, (found = addMonths(from, months)))
  }
  return found
}

function isEnded(need: Need): boolean {
  return need.kind === "ended"
}

function earliest(a: Date | null, b: Date | null): Date | null {
  if (!a || !b) return a ?? b
  return a < b ? a : b
}
