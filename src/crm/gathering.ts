import { type Ranges, unite } from "./ranges.ts"

/** An event as the timeline reads it. */
export type Happened = {
  id: string
  name: string
  happenedAt: Date
  originId: string
  properties: Record<string, unknown>
}

const apartMs = 30 * 60 * 1000

type Sitting = { head: Happened; from: Date; ranges: Ranges }

/**
 * Gathers events that come newest first into entries until there are `enough`. Reports of watching one video at most 30 minutes
 * apart are one sitting; `shown` are the oldest reports of sittings that earlier pages have shown, whose rest is passed over.
 */
export function startGathering(shown: Happened[], enough: number) {
  const entries: Sitting[] = []
  const sittings = new Map<string, { oldest: Happened; entry: Sitting | null }>()
  for (const event of shown) sittings.set(videoOf(event)!, { oldest: event, entry: null })
  const leftAfter = new Map<unknown, unknown>()
  let place: Happened | undefined

  /** Leaving a page is no line of its own: it tells how long the page was open. */
  function paged(event: Happened): Happened | undefined {
    const { path, seconds } = event.properties
    if (event.name === "page.left") {
      if (!leftAfter.has(path)) leftAfter.set(path, seconds)
      return undefined
    }
    if (event.name !== "page.viewed" || !leftAfter.has(path)) return event
    const stayed = leftAfter.get(path)
    leftAfter.delete(path)
    return { ...event, properties: { ...event.properties, seconds: stayed } }
  }

  function join(event: Happened): boolean {
    const sitting = sittings.get(videoOf(event)!)
    if (!sitting || sitting.oldest.happenedAt.getTime() - event.happenedAt.getTime() > apartMs) return false
    sitting.oldest = event
    if (sitting.entry) {
      sitting.entry.from = event.happenedAt
      sitting.entry.ranges = unite(sitting.entry.ranges, event.properties.ranges)
    }
    return true
  }

  return {
    /** Whether there are enough entries. */
    full: () => entries.length >= enough,
    take(happened: Happened): void {
      if (entries.length >= enough) return
      place = happened
      const event = paged(happened)
      if (!event) return
      const video = videoOf(event)
      if (video && join(event)) return
      const entry = { head: event, from: event.happenedAt, ranges: unite(event.properties.ranges) }
      entries.push(entry)
      if (video) sittings.set(video, { oldest: event, entry })
    },
    /** Takes reports that only complete sittings already begun; `end` says that no more were found. */
    takeRest(events: Happened[], end: boolean): void {
      for (const event of events) {
        place = event
        const sitting = sittings.get(videoOf(event) ?? "")
        if (!sitting) continue
        // A report too far away belongs to a later page and ends the sitting.
        if (!join(event)) sittings.delete(videoOf(event)!)
      }
      if (end) sittings.clear()
    },
    /** Where to read on and how far back, while a sitting on the page may not be whole. */
    open(): { place: Happened; reachesTo: Date } | undefined {
      if (!place) return undefined
      const last = place.happenedAt.getTime()
      const reach = [...sittings.values()]
        .filter((sitting) => sitting.entry)
        .map((sitting) => sitting.oldest.happenedAt.getTime() - apartMs)
        .filter((time) => time <= last)
      return reach.length > 0 ? { place, reachesTo: new Date(Math.min(...reach)) } : undefined
    },
    /** The entries, newest first. */
    groups: (): Sitting[] => entries,
  }
}

function videoOf(event: Happened): string | undefined {
  const id = event.name === "video.watched" ? event.properties.videoId : undefined
  return typeof id === "string" ? id : undefined
}
