/** Reads a condition as typed; a fault names the line. */
export function parse(text: string): { value?: unknown; fault?: { line: number } } {
  if (text.trim() === "") return {}
  try {
    return { value: JSON.parse(text) as unknown }
  } catch (error) {
    const said = error instanceof Error ? error.message : ""
    const position = Number(said.match(/position (\d+)/)?.[1] ?? NaN)
    const line = Number(said.match(/line (\d+)/)?.[1] ?? NaN)
    if (!Number.isNaN(line)) return { fault: { line } }
    const upTo = Number.isNaN(position) ? text : text.slice(0, position)
    return { fault: { line: upTo.split("\n").length } }
  }
}

/** A condition as it is edited: what fits on a line stands on one. */
export function write(definition: unknown): string {
  return definition === undefined || definition === null ? "" : laidOut(inOrder(definition), "")
}

function laidOut(value: unknown, indent: string): string {
  const flat = JSON.stringify(value, null, 1).replaceAll(/\n\s*/g, " ")
  if (flat.length + indent.length <= 72 || typeof value !== "object" || value === null) return flat
  const inner = `${indent}  `
  if (Array.isArray(value)) return `[\n${value.map((one) => inner + laidOut(one, inner)).join(",\n")}\n${indent}]`
  const fields = Object.entries(value).map(([key, one]) => `${inner}${JSON.stringify(key)}: ${laidOut(one, inner)}`)
  return `{\n${fields.join(",\n")}\n${indent}}`
}

/** The keys of a question in the order in which one says it; the database keeps an order of its own. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== "object" || value === null) return value
  const rank = (key: string) => ["fact", "with", "is"].indexOf(key)
  const fields = Object.entries(value).toSorted(([a], [b]) => rank(a) - rank(b))
  return Object.fromEntries(fields.map(([key, one]) => [key, inOrder(one)]))
}
