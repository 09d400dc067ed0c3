const systems: [RegExp, string][] = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X|Macintosh/, "Mac"],
  [/CrOS/, "Chromebook"],
  [/Linux/, "Linux"],
]
const browsers: [RegExp, string][] = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Firefox\/|FxiOS/, "Firefox"],
  [/Line\//, "LINE"],
  [/Chrome\/|CriOS/, "Chrome"],
  [/Safari\//, "Safari"],
]

/** What a browser calls itself, as people know it: iPhone · Safari. Nothing when it says nothing known. */
export function device(userAgent: string | null): string | undefined {
  if (!userAgent) return undefined
  const known = [systems, browsers].map((list) => list.find(([pattern]) => pattern.test(userAgent))?.[1])
  return known.filter(Boolean).join(" · ") || undefined
}
