import type { Item } from "./sender.ts"

type Percentiles = Record<string, number>

/** How people really watch: the figures of `watching/shape.json` that the generator uses. */
export type Shape = {
  watch_rows: number
  duration_s_percentiles: Percentiles
  rows_per_member: Percentiles
  active_days_per_member: Percentiles
  gap_between_active_days_percentiles: Percentiles
  repeat_sessions_same_title: number
  share_of_repeats_resuming_within_15s_of_last_bookmark: number
  share_of_repeats_starting_before_last_bookmark: number
  share_duration_longer_than_bookmark_ie_back_seek: number
  share_overlapping_previous_session_same_member: number
}

export type Video = { videoId: string; seconds: number }

const dayMs = 86_400_000
const near = 15

/**
 * Watching sessions of one person in that shape, the last of them on the day of `until` or the day before: how long,
 * which are repeats, where repeats start, what is played twice, how they lie in time. A session ends where its video ends,
 * so short videos shorten sessions. The same seed and videos give the same sessions.
 */
export function sessions(
  shape: Shape,
  seed: number,
  userId: string,
  videos: Video[],
  count: number,
  until: Date,
): Item[] {
  if (videos.length === 0 || count === 0) return []
  const random = generator(seed)
  const bookmarks = new Map<Video, number>()
  const played = Array.from({ length: count }, () => play(shape, random, videos, bookmarks))
  const starts = startsOf(
    shape,
    random,
    played.map(({ ranges }) => secondsOf(ranges)),
  )
  const lastEnd = starts.at(-1)! + secondsOf(played.at(-1)!.ranges) * 1000
  const shift = Math.floor((until.getTime() - lastEnd) / dayMs) * dayMs
  return played.map(({ video, ranges }, index) => ({
    type: "track",
    userId,
    messageId: `watch:${userId}:${index}`,
    timestamp: new Date(starts[index]! + secondsOf(ranges) * 1000 + shift).toISOString(),
    event: "video.watched",
    properties: { videoId: video.videoId, ranges, position: ranges.at(-1)![1] },
  }))
}

type Range = [from: number, to: number]
type Played = { video: Video; ranges: Range[] }

/** One session: what is played of which video, from the bookmarks that earlier ones left. */
function play(shape: Shape, random: () => number, videos: Video[], bookmarks: Map<Video, number>): Played {
  const length = Math.max(1, Math.round(atPercentile(shape.duration_s_percentiles, random())))
  const again = random() < shape.repeat_sessions_same_title / shape.watch_rows
  const { video, from } =
    (again ? repeated(shape, random, bookmarks, length) : undefined) ?? begun(random, videos, bookmarks, length)
  const whole = Math.min(length, video.seconds - from)
  const ranges: Range[] = [[from, from + whole]]
  if (whole > 1 && random() < shape.share_duration_longer_than_bookmark_ie_back_seek) {
    const first = Math.ceil(whole * (0.5 + random() * 0.4))
    const back = from + Math.floor(random() * first)
    ranges.splice(0, 1, [from, from + first], [back, back + whole - first])
    if (whole === first) ranges.pop()
  }
  bookmarks.set(video, ranges.at(-1)![1])
  return { video, ranges }
}

/** A video seen before: from about its bookmark, from before it, or from further on. */
function repeated(
  shape: Shape,
  random: () => number,
  bookmarks: Map<Video, number>,
  length: number,
): { video: Video; from: number } | undefined {
  const resume = shape.share_of_repeats_resuming_within_15s_of_last_bookmark
  const kind = random()
  const [lowest, highest] =
    kind < resume
      ? [-near, 0]
      : kind < resume + shape.share_of_repeats_starting_before_last_bookmark
        ? [Number.NEGATIVE_INFINITY, -near - 1]
        : [near + 1, Number.POSITIVE_INFINITY]
  const places = (room: number) =>
    [...bookmarks].flatMap(([video, bookmark]) => {
      const from = Math.max(0, bookmark + lowest)
      const to = Math.min(video.seconds - room, bookmark + highest)
      return from <= to ? [{ video, from, to }] : []
    })
  const roomy = places(length)
  const place = pick(random, roomy.length > 0 ? roomy : places(1))
  return place && { video: place.video, from: place.from + Math.floor(random() * (place.to - place.from + 1)) }
}

/** A video not seen yet while there is one, mostly from its beginning. */
function begun(
  random: () => number,
  videos: Video[],
  bookmarks: Map<Video, number>,
  length: number,
): { video: Video; from: number } {
  const unseen = videos.filter((video) => !bookmarks.has(video))
  const some = unseen.length > 0 ? unseen : videos
  const roomy = some.filter((video) => video.seconds >= length)
  const video = pick(random, roomy.length > 0 ? roomy : some)!
  const latest = Math.min(video.seconds / 2, Math.max(0, video.seconds - length))
  return { video, from: random() < 0.8 ? 0 : Math.floor(random() * latest) }
}

/** When sessions begin (ms from some midnight), by how long they are: several on an active day, then days without any. */
function startsOf(shape: Shape, random: () => number, lengths: number[]): number[] {
  const perDay = shape.rows_per_member["50"]! / shape.active_days_per_member["50"]!
  const starts: number[] = []
  let day = 0
  let end = 0
  for (const length of lengths) {
    let start: number
    if (starts.length > 0 && random() < shape.share_overlapping_previous_session_same_member)
      start = end - Math.floor(random() * (end - starts.at(-1)!))
    else if (starts.length > 0 && random() >= 1 / perDay) start = end + Math.floor(random() * 600_000) + 1_000
    else {
      if (starts.length > 0)
        day += Math.max(1, Math.round(atPercentile(shape.gap_between_active_days_percentiles, random())))
      start = Math.max(end + 1_000, day * dayMs + Math.floor((3 + random() * 8) * 3_600_000))
    }
    starts.push(start)
    end = Math.max(end, start + length * 1000)
  }
  return starts
}

/** The value at a share (0..1) of a distribution given by percentiles, straight lines between them. */
function atPercentile(percentiles: Percentiles, share: number): number {
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

function secondsOf(ranges: Range[]): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from, 0)
}

function pick<T>(random: () => number, list: T[]): T | undefined {
  return list[Math.floor(random() * list.length)]
}
