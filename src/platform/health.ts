import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client"
import type pg from "pg"
import type { Db } from "./db.ts"
import { type App, anyone, type Ctx, NoSuchPage, routes } from "./http.ts"
import { same } from "./tokens.ts"

/** The process's figures for Prometheus. */
const registry = new Registry()
const requests = new Histogram({
  name: "musubi_http_request_seconds",
  help: "Time to answer, by route and status class",
  labelNames: ["method", "route", "status"] as const,
  buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1, 3],
  registers: [registry],
})
const waiting = new Gauge({
  name: "musubi_waiting",
  help: "Rows that wait for a worker",
  labelNames: ["queue"] as const,
  registers: [registry],
})

/** Starts collecting the runtime's own figures (memory, event loop, garbage collection). */
export function measureProcess(): void {
  collectDefaultMetrics({ register: registry })
}

/** Records how long an answer took. */
export function observe(c: Ctx, seconds: number): void {
  requests.observe(
    { method: c.req.method, route: c.req.routePath, status: `${Math.floor(c.res.status / 100)}xx` },
    seconds,
  )
}

let ending = false

/** From now on /readyz says no, so that a load balancer sends nobody here any more. */
export function endReadiness(): void {
  ending = true
}

/** /healthz: the process lives. /readyz: it can work (database there and durable). /metrics: figures, for loopback or with METRICS_TOKEN. */
export function health(options: { db: Db & { pool: pg.Pool }; metricsToken?: string }): App {
  const app = routes()
  app.get("/healthz", anyone, (c) => c.text("ok\n"))
  app.get("/readyz", anyone, async (c) => {
    const problem = ending ? "shutting down" : await unready(options.db.pool)
    if (problem) c.header("Retry-After", "5")
    return c.text(problem ? `${problem}\n` : "ok\n", problem ? 503 : 200)
  })
  app.get("/metrics", anyone, async (c) => {
    const given = c.req.header("authorization")?.replace(/^Bearer /, "") ?? ""
    if (options.metricsToken ? !same(given, options.metricsToken) : !fromThisMachine(c)) throw new NoSuchPage()
    await measureQueues(options.db.pool)
    return c.text(await registry.metrics(), 200, { "Content-Type": registry.contentType })
  })
  return app
}

async function unready(pool: pg.Pool): Promise<string | undefined> {
  try {
    const { rows } = await pool.query(
      "select current_setting('fsync') f, current_setting('full_page_writes') w, current_setting('synchronous_commit') s",
    )
    const { f, w, s } = rows[0]
    return f === "on" && w === "on" && s !== "off"
      ? undefined
      : "the database is not durable (fsync, full_page_writes or synchronous_commit is off)"
  } catch {
    return "the database cannot be reached"
  }
}

function fromThisMachine(c: Ctx): boolean {
  const socket = (c.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined)?.incoming?.socket
  const forwarded = c.req.header("x-forwarded-for") ?? c.req.header("forwarded")
  return !forwarded && /^(::1|127\.|::ffff:127\.)/.test(socket?.remoteAddress ?? "")
}

async function measureQueues(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query(
    `select (select count(*) from dirty) dirty, (select count(*) from delivery where state = 'queued') deliveries,
       (select count(*) from graphile_worker._private_jobs) jobs`,
  )
  for (const [queue, value] of Object.entries(rows[0])) waiting.set({ queue }, Number(value))
}
