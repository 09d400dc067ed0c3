import { type Ctx, Unreadable } from "./http.ts"

/** No field of a form is longer; what goes beyond is cut off. */
const longest = 10_000

/** The text fields of a sent form; what is missing or a file reads as empty. */
export async function typed<Name extends string>(c: Ctx, names: readonly Name[]): Promise<Record<Name, string>> {
  const body: Record<string, unknown> = await c.req.parseBody().catch(() => {
    throw new Unreadable()
  })
  const text = (name: string) => (typeof body[name] === "string" ? body[name].slice(0, longest) : "")
  return Object.fromEntries(names.map((name) => [name, text(name)])) as Record<Name, string>
}
