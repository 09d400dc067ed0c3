/** A stretch of whole seconds, half-open: [from, to). */
export type Range = readonly [from: number, to: number]

/** Sorted, disjoint and merged; whatever is not a stretch of finite numbers within [0, end) is cut or dropped, the rest kept. */
export function united(ranges: readonly (readonly unknown[])[], end = Number.MAX_SAFE_INTEGER): Range[] {
  const good: [number, number][] = []
  for (const range of ranges) {
    if (!Array.isArray(range)) continue
    const [from, to] = range as unknown[]
    if (typeof from !== "number" || typeof to !== "number" || !Number.isFinite(from) || !Number.isFinite(to)) continue
    const [low, high] = [Math.max(0, Math.floor(from)), Math.min(end, Math.floor(to))]
    if (low < high) good.push([low, high])
  }
  good.sort((a, b) => a[0] - b[0])
  const merged: [number, number][] = []
  for (const range of good) {
    const last = merged.at(-1)
    if (last && range[0] <= last[1]) last[1] = Math.max(last[1], range[1])
    else merged.push([...range])
  }
  return merged
}

/** How many seconds disjoint ranges cover. */
export function seconds(ranges: readonly Range[]): number {
  return ranges.reduce((sum, [from, to]) => sum + to - from, 0)
}

/** The first so many seconds of the ranges, in their order. */
export function first(ranges: readonly Range[], allowed: number): Range[] {
  const kept: Range[] = []
  let left = Math.max(0, Math.floor(allowed))
  for (const [from, to] of ranges) {
    if (left <= 0) break
    const length = Math.min(to - from, left)
    kept.push([from, from + length])
    left -= length
  }
  return kept
}

/** As PostgreSQL writes an int4multirange: {[0,10),[20,30)}. */
export function toMultirange(ranges: readonly Range[]): string {
  return `{${ranges.map(([from, to]) => `[${from},${to})`).join(",")}}`
}

/** Reads an int4multirange. */
export function ofMultirange(text: string): Range[] {
  return [...text.matchAll(/\[(\d+),(\d+)\)/g)].map((found) => [Number(found[1]), Number(found[2])])
}
