// Makes sure that the Node which runs is the one the product was tested on (24), whatever the machine has.
import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"

const wanted = 24

/** Resolves under Node 24 or newer; under an older one starts the same command again with the Node of node_modules and never resolves. */
export async function underOwnNode(script) {
  if (Number(process.versions.node.split(".")[0]) >= wanted) return
  const own = fileURLToPath(new URL("../node_modules/.bin/node", import.meta.url))
  if (!existsSync(own)) {
    console.error(`Node ${wanted} is needed; this is ${process.version}. Run "npm ci", or start with a newer Node.`)
    process.exit(1)
  }
  const child = spawn(own, [fileURLToPath(script), ...process.argv.slice(2)], { stdio: "inherit" })
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal))
  child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)))
  await new Promise(() => undefined)
}
