import { globSync, readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { labelOf } from "../src/events/names.ts"
import { hasWord } from "../src/console/words/audit-words.ts"

const sources = globSync("src/**/*.{ts,tsx}", { exclude: (path) => /\.test\.tsx?$/.test(path) }).map((path) =>
  readFileSync(path, "utf8"),
)
const said = (call: RegExp) => [
  ...new Set(sources.flatMap((text) => [...text.matchAll(call)].map(([, name]) => name!))),
]

test("every act the product records reads in words", () => {
  const acts = said(/audit\.record\(\s*tx,\s*[\w.(")]+,\s*"([^"]+)"/g)
  expect(acts.length).toBeGreaterThan(40)
  const missing = acts.filter((act) => {
    const [noun, verb] = act.split(".")
    return !hasWord(`noun.${noun}`) || !hasWord(`verb.${verb}`)
  })
  expect(missing).toEqual([])
})

test("every event the product announces has a label", () => {
  const events = said(/\bannounce(?:All)?\(\s*tx,\s*"([^"]+)"/g)
  expect(events.length).toBeGreaterThan(20)
  expect(events.filter((name) => labelOf(name).ja === name)).toEqual([])
})
