// `npm run check`: types, lint, format and the promises of ARCHITECTURE.md. Prints every fault, exits 1 when there is one.
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"

process.chdir(fileURLToPath(new URL("..", import.meta.url)))
const bin = (name) => `node_modules/.bin/${name}`

const steps = [
  ["types", bin("tsc"), ["-p", "."]],
  ["types of the console", bin("tsc"), ["-p", "src/console"]],
  ["lint", bin("oxlint"), ["--type-aware", "--deny-warnings", "src", "test", "bench", "tools"]],
  ["format", bin("biome"), ["format", "."]],
  ["boundaries", process.execPath, ["tools/boundaries.mjs"]],
  ["routes", bin("tsx"), ["tools/route-policies.ts"]],
]

let failed = 0
for (const [name, command, args] of steps) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 26 })
  const fine = status === 0
  if (!fine) failed++
  console.log(fine ? "ok  " : "FAIL", name)
  if (!fine) console.log([stdout, stderr, error?.message].join("").trimEnd().slice(0, 20_000))
}
process.exit(failed > 0 ? 1 : 0)
