import { type ChildProcess, spawn } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { cpus, tmpdir } from "node:os"
import { join } from "node:path"
import type pg from "pg"
import { connect, type Db } from "../../src/platform/db.ts"
import { migrate } from "../../src/platform/migrations.ts"
import { startPostgres } from "../../src/platform/postgres.ts"
import * as settings from "../../src/platform/settings.ts"
import { freePort } from "../../test/support/ports.ts"

export type World = {
  db: Db & { pool: pg.Pool }
  /** For filling tables: triggers and foreign keys are off. */
  loader: pg.Pool
  databaseUrl: string
  /** The cookie-name part and signature key of the instance. */
  instance: { id: string; key: Buffer }
  url: string
  start(name: "serve" | "work", env?: Record<string, string>): Promise<ChildProcess>
  end(): Promise<void>
}

/** An empty, migrated database of its own (durable settings) and a way to start the product's processes on it. */
export async function world(serverSettings?: Record<string, string>): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), "musubi-bench-"))
  const server = await startPostgres(join(folder, "postgres"), { settings: serverSettings })
  const db = connect(server.url, { max: 4, name: "musubi bench" })
  await migrate(db.pool, "migrations")
  const loading = new URL(server.url)
  loading.searchParams.set("options", "-c session_replication_role=replica")
  const loader = connect(loading.href, { max: 1, name: "musubi bench loader" })
  const instance = await settings.instance(db)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const children: ChildProcess[] = []
  return {
    db,
    loader: loader.pool,
    databaseUrl: server.url,
    instance,
    url,
    async start(name, env = {}) {
      const child = spawn(process.execPath, [`bin/${name}`], {
        env: {
          ...process.env,
          NODE_ENV: "production",
          DATABASE_URL: server.url,
          DATA_DIR: folder,
          PORT: String(port),
          LOG_LEVEL: "error",
          ...env,
        },
        stdio: ["ignore", "inherit", "inherit"],
      })
      children.push(child)
      if (name === "serve") await untilReady(`${url}/readyz`)
      return child
    },
    async end() {
      for (const child of children) {
        if (child.exitCode !== null || child.signalCode !== null) continue
        const exited = new Promise((resolve) => child.once("exit", resolve))
        child.kill("SIGTERM")
        await exited
      }
      await loader.destroy()
      await db.destroy()
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Prints one row per promise: what, the figure asked for, the figure measured. */
export function table(title: string, rows: [what: string, asked: string, measured: string][]): void {
  console.log(`\n${title}   (${cpus().length} cores, ${cpus()[0]?.model.trim()}, Node ${process.version})`)
  const width = (column: number) => Math.max(...rows.map((row) => row[column]!.length))
  for (const [what, asked, measured] of rows)
    console.log(`  ${what.padEnd(width(0))}  asked ${asked.padEnd(width(1))}  measured ${measured}`)
}

/** The value below which this share of the sorted-on-the-way numbers lies. */
export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

async function untilReady(url: string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`${url} did not become ready`)
}
