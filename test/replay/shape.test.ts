import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { type Item, shape } from "../../src/replay/index.ts"
import { data, hasData } from "./figures.ts"

const there = hasData("watching/shape.json")
type Range = [number, number]

describe.runIf(there)("generated watching", () => {
  if (!there) return
  const figures = JSON.parse(readFileSync(join(data, "watching/shape.json"), "utf8")) as shape.Shape
  /** Long ones and many, so that no session is cut off by an end. */
  const videos = Array.from({ length: 400 }, (_, index) => ({ videoId: `v${index}`, seconds: 9_000 + index }))
  const until = new Date("2026-06-30T12:00:00Z")
  const people = Array.from({ length: 40 }, (_, index) =>
    shape.sessions(figures, index + 1, `u${index}`, videos, 400, until),
  )
  const all = people.flat()
  const rangesOf = (item: Item) => item.properties!.ranges as Range[]
  const lengthOf = (item: Item) => rangesOf(item).reduce((sum, [from, to]) => sum + to - from, 0)
  const endOf = (item: Item) => Date.parse(item.timestamp)
  const startOf = (item: Item) => endOf(item) - lengthOf(item) * 1000

  test("sessions are as long as people's: every measured percentile within a tenth", () => {
    const lengths = all.map(lengthOf).sort((a, b) => a - b)
    for (const [percentile, seconds] of Object.entries(figures.duration_s_percentiles)) {
      const found = lengths[Math.floor((Number(percentile) / 100) * lengths.length)]!
      expect(Math.abs(found - seconds), `${percentile} %: ${found} s, measured ${seconds} s`).toBeLessThanOrEqual(
        Math.max(3, seconds / 10),
      )
    }
  })

  test("as many sessions are repeats, and repeats resume or go back as often", () => {
    const kinds = { resumed: 0, before: 0, after: 0 }
    for (const sessions of people) {
      const bookmarks = new Map<unknown, number>()
      for (const item of sessions) {
        const { videoId, position } = item.properties!
        const bookmark = bookmarks.get(videoId)
        bookmarks.set(videoId, position as number)
        if (bookmark === undefined) continue
        const from = rangesOf(item)[0]![0]
        if (Math.abs(from - bookmark) <= 15) kinds.resumed++
        else if (from < bookmark) kinds.before++
        else kinds.after++
      }
    }
    const repeats = kinds.resumed + kinds.before + kinds.after
    expect(repeats / all.length).toBeCloseTo(figures.repeat_sessions_same_title / figures.watch_rows, 1)
    expect(Math.abs(repeats / all.length - figures.repeat_sessions_same_title / figures.watch_rows)).toBeLessThan(0.03)
    const resuming = figures.share_of_repeats_resuming_within_15s_of_last_bookmark
    expect(Math.abs(kinds.resumed / repeats - resuming)).toBeLessThan(0.05)
    const before = figures.share_of_repeats_starting_before_last_bookmark
    expect(Math.abs(kinds.before / repeats - before)).toBeLessThan(0.05)
  })

  test("some go back within a session, and some overlap the one before, as often as measured", () => {
    const back = all.filter((item) => rangesOf(item).length === 2).length / all.length
    expect(Math.abs(back - figures.share_duration_longer_than_bookmark_ie_back_seek)).toBeLessThan(0.02)
    const overlapping = people.flatMap((sessions) =>
      sessions.filter((item, index) => index > 0 && startOf(item) < endOf(sessions[index - 1]!)),
    )
    expect(
      Math.abs(overlapping.length / all.length - figures.share_overlapping_previous_session_same_member),
    ).toBeLessThan(0.01)
  })

  test("days without watching lie between as measured, and nothing lies after the end asked for", () => {
    const gaps = people
      .flatMap((sessions) => {
        const days = [...new Set(sessions.map((item) => Math.floor(startOf(item) / 86_400_000)))].sort((a, b) => a - b)
        return days.slice(1).map((day, index) => day - days[index]!)
      })
      .sort((a, b) => a - b)
    const at = (percentile: number) => gaps[Math.floor((percentile / 100) * gaps.length)]
    expect([at(25), at(50)]).toEqual([1, 1])
    for (const percentile of [75, 90, 95]) {
      const measured = figures.gap_between_active_days_percentiles[percentile]!
      expect(Math.abs(at(percentile)! - measured), `${percentile} %`).toBeLessThanOrEqual(Math.max(1, measured / 4))
    }
    for (const sessions of people) {
      const last = Math.max(...sessions.map(endOf))
      expect(last).toBeLessThanOrEqual(until.getTime() + 3_600_000)
      expect(last).toBeGreaterThan(until.getTime() - 2 * 86_400_000)
    }
  })

  test("ranges are whole seconds within their video, also of the shortest, and a seed repeats itself", () => {
    const short = [
      { videoId: "a", seconds: 1 },
      { videoId: "b", seconds: 20 },
    ]
    const some = shape.sessions(figures, 7, "u", short, 300, until)
    expect(some).toHaveLength(300)
    const lengths = new Map(short.map((video) => [video.videoId, video.seconds]))
    for (const item of some)
      for (const [from, to] of rangesOf(item)) {
        expect(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && to > from).toBe(true)
        expect(to).toBeLessThanOrEqual(lengths.get(item.properties!.videoId as string)!)
      }
    expect(shape.sessions(figures, 7, "u", short, 300, until)).toEqual(some)
    expect(shape.sessions(figures, 8, "u", short, 300, until)).not.toEqual(some)
    expect(shape.sessions(figures, 7, "u", [], 300, until)).toEqual([])
  })
})
