/** One value of a thing over time: true from `since` until `until`; `confirmedAt` is when it was last said. */
export type Dated<Value> = { since: Date; until: Date | null; confirmedAt: Date; value: Value }

/**
 * The intervals after hearing that the value was `value` at `at`. Words may come in any order:
 * whatever the order, the newest word is what holds now. A word about the past splits the past and leaves the present alone.
 */
export function hear<Value>(
  rows: Dated<Value>[],
  value: Value,
  at: Date,
  same: (a: Value, b: Value) => boolean,
): Dated<Value>[] {
  const index = rows.findLastIndex((row) => row.since <= at)
  const row = rows[index]
  const next = rows[index + 1]
  if (!row) {
    if (next && same(next.value, value)) return [{ ...next, since: at }, ...rows.slice(1)]
    return [{ since: at, until: next?.since ?? null, confirmedAt: at, value }, ...rows]
  }
  const before = rows.slice(0, index)
  const after = rows.slice(index + 1)
  if (same(row.value, value)) return [...before, { ...row, confirmedAt: later(row.confirmedAt, at) }, ...after]
  if (row.since.getTime() === at.getTime() && row.confirmedAt <= at) return [...before, { ...row, value }, ...after]
  const head =
    row.since < at ? [{ ...row, until: at, confirmedAt: row.confirmedAt > at ? row.since : row.confirmedAt }] : []
  if (row.confirmedAt > at)
    return [
      ...before,
      ...head,
      { since: at, until: row.confirmedAt, confirmedAt: at, value },
      { ...row, since: row.confirmedAt },
      ...after,
    ]
  if (next && same(next.value, value)) return [...before, ...head, { ...next, since: at }, ...after.slice(1)]
  return [...before, ...head, { since: at, until: row.until, confirmedAt: at, value }, ...after]
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b
}
