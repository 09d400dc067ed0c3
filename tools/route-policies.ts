// Fails when a route names no policy before its handler; `--list` prints every route with its policy.
import { readConfig } from "../src/config.ts"
import type { Product } from "../src/main.ts"
import { connect } from "../src/platform/db.ts"
import { policyName } from "../src/platform/http.ts"
import { folderStorage } from "../src/platform/storage.ts"
import { buildApp } from "../src/routes.ts"

const config = readConfig({})
const app = await buildApp({
  config,
  db: connect("postgres://nobody@127.0.0.1:9/none", { max: 1, name: "check" }),
  databaseUrl: "",
  site: { publicUrl: config.PUBLIC_URL, secure: false, instance: "check", trustProxy: false, testClock: false },
  key: Buffer.alloc(32),
  storage: folderStorage("data/files"),
  uploads: "data/uploads",
  mail: undefined,
} satisfies Product)

const policies = new Map<string, string | undefined>()
for (const { method, path, handler } of app.routes) {
  const route = `${method} ${path}`
  if (method === "ALL" && policyName(handler) === undefined) continue
  policies.set(route, policies.get(route) ?? policyName(handler))
}
const without = [...policies].filter(([, policy]) => policy === undefined).map(([route]) => route)
if (process.argv.includes("--list")) for (const [route, policy] of policies) console.log(`${policy ?? "-"}\t${route}`)
if (without.length > 0) console.log(`routes without a policy:\n  ${without.join("\n  ")}`)
process.exit(without.length > 0 ? 1 : 0)
