const most = 4_000
const drawn = new Map<string, string>()

/** Markup that many pages share, drawn once; when it grows too many the longest kept half is forgotten. */
export function kept(key: string, draw: () => string): string {
  const known = drawn.get(key)
  if (known !== undefined) return known
  if (drawn.size >= most) for (const old of [...drawn.keys()].slice(0, most / 2)) drawn.delete(old)
  const markup = draw()
  drawn.set(key, markup)
  return markup
}
