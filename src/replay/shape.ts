import type { Item } from "./sender.ts"

/** How people really watch: the figures of `watching/shape.json` that the generator uses. */
export type Shape = {
  duration_s_percentiles: Record<string, number>
  gap_between_active_days_percentiles: Record<string, number>
  repeat_sessions_same_title: number
  watch_rows: number
  share_of_repeats_resuming_within_15s_of_last_bookmark: number
  share_of_repeats_starting_before_last_bookmark: number
}

export type Watched = { videoId: string; seconds: number }

/**
 * Watching sessions of one person in that shape, ending at `until`: how long, which are repeats, where repeats start, days between.
 * The same seed gives the same sessions.
 */
export function sessions(
  shape: Shape,
  seed: number,
  userId: string,
  videos: Watched[],
  count: number,
  until: Date,
): Item[] {
  const random = generator(seed)
  const repeats = shape.repeat_sessions_same_title / shape.watch_rows
  const bookmarks = new Map<string, number>()
  const items: Item[] = []
  let at = until.getTime()
  const days: number[] = []
  for (let i = 0; i < count; i++) {
    at -= atPercentile(shape.gap_between_active_days_percentiles, random()) * 86_400_000 * random()
    days.unshift(at)
  }
  days.forEach((startedAt, index) => {
    const seen = [...bookmarks.keys()]
    const again = seen.length > 0 && random() < repeats
    const video = again
      ? videos.find((one) => one.videoId === seen[Math.floor(random() * seen.length)])!
      : videos[Math.floor(random() * videos.length)]!
    const from = startOf(shape, random, bookmarks.get(video.videoId), video.seconds)
    const length = Math.max(1, Math.round(atPercentile(shape.duration_s_percentiles, random())))
    const to = Math.min(video.seconds, from + length)
    if (to <= from) return
    bookmarks.set(video.videoId, to)
    items.push({
      type: "track",
      userId,
      messageId: `watch:${userId}:${index}`,
      timestamp: new Date(startedAt + (to - from) * 1000).toISOString(),
      event: "video.watched",
      properties: { videoId: video.videoId, ranges: [[from, to]], position: to },
    })
  })
  return items
}

function startOf(shape: Shape, random: () => number, bookmark: number | undefined, seconds: number): number {
  if (bookmark === undefined) return random() < 0.8 ? 0 : Math.floor(random() * seconds * 0.5)
  const kind = random()
  if (kind < shape.share_of_repeats_resuming_within_15s_of_last_bookmark)
    return Math.max(0, Math.min(seconds - 1, Math.round(bookmark - 15 + random() * 15)))
  if (
    kind <
    shape.share_of_repeats_resuming_within_15s_of_last_bookmark + shape.share_of_repeats_starting_before_last_bookmark
  )
    return Math.floor(random() * bookmark)
  return Math.min(seconds - 1, Math.floor(bookmark + random() * (seconds - bookmark)))
}

/** The value at a share (0..1) of a distribution given by percentiles, straight lines between them. */
export function atPercentile(percentiles: Record<string, number>, share: number): number {
  const points = Object.entries(percentiles)
    .map(([p, value]) => [Number(p) / 100, value] as const)
    .sort((a, b) => a[0] - b[0])
  const above = points.findIndex(([p]) => p >= share)
  if (above <= 0) return points.at(above === 0 ? 0 : -1)![1]
  const [p0, v0] = points[above - 1]!
  const [p1, v1] = points[above]!
  return v0 + ((v1 - v0) * (share - p0)) / (p1 - p0)
}

/** A small repeatable random generator (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
