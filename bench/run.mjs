// `npm run bench [name…]`: measures the promises on generated data with a database of its own (fsync on) and prints a table. Never part of the tests.
import { spawnSync } from "node:child_process"
import { readdirSync } from "node:fs"
import { fileURLToPath } from "node:url"

process.chdir(fileURLToPath(new URL("..", import.meta.url)))
const all = readdirSync("bench")
  .filter((name) => name.endsWith(".ts"))
  .map((name) => name.slice(0, -3))
const wanted = process.argv.slice(2)
for (const name of wanted.length > 0 ? wanted : all) {
  if (!all.includes(name)) {
    console.error(`no bench named ${name}; there are: ${all.join(", ")}`)
    process.exit(1)
  }
  const { status } = spawnSync("node_modules/.bin/tsx", [`bench/${name}.ts`], {
    stdio: "inherit",
    env: { ...process.env, NODE_ENV: "production" },
  })
  if (status !== 0) process.exit(status ?? 1)
}
