import { serve as listen } from "@hono/node-server"
import type { Server } from "node:http"
import type { Config } from "../config.ts"
import { buildApp } from "../routes.ts"
import { compose } from "../main.ts"
import { endReadiness, measureProcess } from "../platform/health.ts"
import { log } from "../platform/log.ts"
import { toldToStop } from "../platform/supervise.ts"
import { followClock } from "../platform/test-clock.ts"

/** Answers requests until told to stop: then takes no new ones, finishes those under way, and closes the database. */
export async function serve(config: Config): Promise<void> {
  const product = await compose(config, "musubi serve")
  const clock = config.TEST_CLOCK ? await followClock(product.db, product.databaseUrl) : undefined
  measureProcess()
  const app = await buildApp(product)
  const server = listen({ fetch: app.fetch, port: config.PORT, hostname: config.HOST }) as Server
  server.once("listening", () => log.info({ url: config.PUBLIC_URL }, "serving"))
  server.once("error", (error) => {
    log.fatal({ err: error }, "cannot listen")
    process.exit(1)
  })
  await toldToStop()
  endReadiness()
  // Whoever keeps a connection open and goes on asking is sent elsewhere with the next answer.
  server.prependListener("request", (_, answer) => {
    answer.shouldKeepAlive = false
  })
  const hurry = setTimeout(() => server.closeAllConnections(), 8_000)
  const tidy = setInterval(() => server.closeIdleConnections(), 100)
  await new Promise<void>((resolve) => server.close(() => resolve()))
  clearInterval(tidy)
  clearTimeout(hurry)
  await clock?.stop()
  await product.db.destroy()
}
