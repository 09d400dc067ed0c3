export type Range = [from: number, to: number]

/**
 * Records which whole seconds are really played. It is told every position with the wall time; what moved further than
 * playing could is a jump and earns nothing. `take` hands out what was played since the last time.
 */
export function recorder() {
  let from = -1
  let to = -1
  let toldAtMs = 0
  let done: Range[] = []
  let known: Range[] = []

  function close(): void {
    if (to > from) done.push([from, to])
    from = to = -1
  }

  return {
    /** Playing stands at this position now. */
    at(position: number, nowMs: number, rate: number): void {
      const furthest = to + ((nowMs - toldAtMs) / 1000) * Math.max(1, rate) * 1.25 + 0.5
      if (from >= 0 && position >= to && position <= furthest) to = position
      else {
        close()
        from = Math.floor(position)
        to = position
      }
      toldAtMs = nowMs
    },
    /** Playing stopped or jumped away; `end` when it reached the end. */
    stop(end?: number): void {
      if (end !== undefined && from >= 0 && end - to < 1.5) to = Math.ceil(end)
      close()
    },
    /** What the browser itself says was played since the page was opened: fills what was missed, e.g. in a sleeping tab. */
    fill(played: Range[]): void {
      const inner = played.map(([a, b]): Range => [Math.ceil(a), Math.floor(b)])
      done.push(...minus(united(inner), united([...known, ...done, ...(to > from ? [[from, to] as Range] : [])])))
    },
    /** Whole seconds played since the last time. A second under way is left for the next time. */
    take(): Range[] {
      const taken = united(
        [...done, ...(from >= 0 ? [[from, Math.floor(to)] as Range] : [])].map(([a, b]) => [a, Math.floor(b)]),
      )
      done = []
      if (from >= 0) from = Math.floor(to)
      known = united([...known, ...taken])
      return taken
    },
  }
}

/** Sorted and merged; empty ranges fall away. */
export function united(ranges: Range[]): Range[] {
  const merged: Range[] = []
  for (const [from, to] of ranges.filter(([a, b]) => b > a).sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else merged.push([from, to])
  }
  return merged
}

/** What of `ranges` is not in `taken`; both merged. */
export function minus(ranges: Range[], taken: Range[]): Range[] {
  return ranges.flatMap(([from, to]) => {
    const left: Range[] = []
    let start = from
    for (const [a, b] of taken) {
      if (b <= start || a >= to) continue
      if (a > start) left.push([start, a])
      start = Math.max(start, b)
    }
    if (start < to) left.push([start, to])
    return left
  })
}
