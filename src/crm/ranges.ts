/** Seconds of a video, half-open: [[0, 300], [420, 540]]. */
export type Ranges = [number, number][]

/** The union of ranges, in order, touching ones joined. What is not a range of whole seconds is left out. */
export function unite(...lists: unknown[]): Ranges {
  const all = lists.flatMap((list) => (Array.isArray(list) ? list.filter(isRange) : [])).sort((a, b) => a[0] - b[0])
  const united: Ranges = []
  for (const [from, to] of all) {
    const last = united.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else united.push([from, to])
  }
  return united
}

/** How many seconds ranges cover that do not overlap. */
export function secondsOf(ranges: Ranges): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from, 0)
}

function isRange(value: unknown): value is [number, number] {
  return (
    Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] >= 0 && value[1] > value[0]
  )
}
