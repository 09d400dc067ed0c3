import { createServer, type Server } from "node:http"
import { mkdtemp, rm } from "node:fs/promises"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { getRequestListener } from "@hono/node-server"
import { afterAll } from "vitest"
import { readConfig } from "../../src/config.ts"
import { keys } from "../../src/events/index.ts"
import { apiTokens, permissions } from "../../src/identity/index.ts"
import { compose } from "../../src/main.ts"
import { system } from "../../src/platform/actors.ts"
import { transact } from "../../src/platform/db.ts"
import { buildApp } from "../../src/routes.ts"
import { testDatabase } from "../support/database.ts"

type Fetch = (request: Request) => Response | Promise<Response>

/** The product's own pages and APIs on a port of this machine, with a database of their own; `around` may come between. */
export async function listeningSite(around: (answer: Fetch) => Fetch = (answer) => answer) {
  const { url: databaseUrl } = await testDatabase()
  const folder = await mkdtemp(join(tmpdir(), "musubi-replay-"))
  const config = readConfig({ DATABASE_URL: databaseUrl, DATA_DIR: folder, LOG_LEVEL: "silent" })
  const product = await compose(config, "musubi replay test")
  const app = await buildApp(product)
  const server: Server = createServer(getRequestListener(around((request) => app.fetch(request))))
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  afterAll(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await product.db.destroy()
    await rm(folder, { recursive: true, force: true })
  })
  const by = system("test")
  const { key } = await transact(product.db, (tx) => keys.create(tx, { kind: "server", name: "replay" }, by))
  const { secret } = await transact(product.db, (tx) =>
    apiTokens.create(tx, { name: "replay", scopes: [...permissions] }, by),
  )
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, key, token: secret, db: product.db, config, folder }
}
