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

/** A stored condition as it is edited. */
export function write(definition: unknown): string {
  return definition === undefined || definition === null ? "" : JSON.stringify(definition, null, 2)
}
