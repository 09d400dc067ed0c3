import { type ChildProcess, spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, inject } from "vitest"
import { connect, type Db } from "../../src/platform/db.ts"
import { newId } from "../../src/platform/ids.ts"
import type pg from "pg"
import { freePort } from "./ports.ts"

type SignIn = { address: string; password: string }
type Sheet = {
  staff: Record<"owner" | "admin" | "marketer" | "editor" | "support" | "analyst", SignIn>
  members: Record<"hanako" | "takeshi", SignIn>
  apiToken: string
  serverKey: string
  browserKey: string
}
export type Product = Awaited<ReturnType<typeof demo>>

/** The built product as a stranger starts it, with the demo in it, on a database of its own. Call at the top of a file; it ends with the file. */
export async function demo(env: Record<string, string> = {}) {
  const { template, files } = await filled()
  const server = inject("serverUrl")
  const name = `musubi_${newId().replaceAll("-", "").slice(0, 24)}`
  const root = connect(server, { max: 1, name: "musubi story" })
  await root.pool.query(`create database ${name} template ${template}`)
  const folder = await mkdtemp(join(tmpdir(), "musubi-story-"))
  await cp(files, folder, { recursive: true })
  const db = connect(databaseUrl(name), { max: 4, name: "musubi story" })
  const going = start(databaseUrl(name), folder, await freePort(), env)
  afterAll(async () => {
    await stop(going.child)
    await db.destroy()
    await root.pool.query(`drop database if exists ${name} with (force)`)
    await root.destroy()
    await rm(folder, { recursive: true, force: true })
  })
  await going.ready()
  const sheet = JSON.parse(await readFile(join(folder, "demo.json"), "utf8")) as Sheet
  const api = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${going.url}/api${path}`, {
      method,
      headers: { Authorization: `Bearer ${sheet.apiToken}`, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    // biome-ignore lint/suspicious/noExplicitAny: a story reads what it needs of an answer
    return { status: answer.status, body: (text ? JSON.parse(text) : undefined) as any }
  }
  const now = async () => new Date((await api("GET", "/test-clock")).body.now)
  /** Sets the clock of all processes; `null` gives it back to the machine. */
  const setClock = async (at: Date | null) => {
    const { status } = await api("POST", "/test-clock", { at: at && at.toISOString() })
    if (status !== 200) throw new Error(`the clock could not be set: ${status}`)
  }
  return { ...sheet, url: going.url, db: db as Db & { pool: pg.Pool }, api, now, setClock, child: going.child, folder }
}

/** Asks again and again until there is an answer; fails when there is none in time. */
export async function eventually<T>(
  ask: () => Promise<T | undefined | null | false>,
  options: { within: number; what: string },
): Promise<T> {
  const start = performance.now()
  for (;;) {
    const answer = await ask()
    if (answer) return answer
    if (performance.now() - start > options.within) throw new Error(`not within ${options.within} ms: ${options.what}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** Filling the demo takes seconds, so that it is done once per run, by whichever story comes first; each story gets a copy. */
async function filled(): Promise<{ template: string; files: string }> {
  const template = `${inject("templateName")}_demo`
  const files = join(inject("folder"), "demo")
  const root = connect(inject("serverUrl"), { max: 1, name: "musubi story" })
  const client = await root.pool.connect()
  try {
    await client.query("select pg_advisory_lock(hashtext($1))", [template])
    if (!existsSync(join(files, "done"))) {
      await client.query(`drop database if exists ${template} with (force)`)
      await rm(files, { recursive: true, force: true })
      await mkdir(files, { recursive: true })
      await client.query(`create database ${template} template ${inject("templateName")}`)
      const first = start(databaseUrl(template), files, await freePort(), {})
      try {
        await first.ready()
      } finally {
        await stop(first.child)
      }
      await mkdir(join(files, "done"))
    }
  } finally {
    client.release(true)
    await root.destroy()
  }
  return { template, files }
}

function start(url: string, folder: string, port: number, env: Record<string, string>) {
  const child = spawn(process.execPath, ["bin/demo"], {
    env: {
      ...process.env,
      NODE_ENV: "production",
      DATABASE_URL: url,
      DATA_DIR: folder,
      PORT: String(port),
      LOG_LEVEL: "error",
      TEST_CLOCK: "1",
      ...env,
    },
    stdio: ["ignore", "ignore", "inherit"],
  })
  const address = `http://127.0.0.1:${port}`
  const ready = async () => {
    const from = performance.now()
    for (;;) {
      if (child.exitCode !== null)
        throw new Error(`the demo ended with ${child.exitCode}; is it built? (npm run build)`)
      if (performance.now() - from > 120_000) throw new Error("the demo did not become ready")
      const answer = await fetch(`${address}/readyz`).catch(() => undefined)
      // It serves while it is still being filled; the sign-ins are written when that is done.
      if (answer?.ok && existsSync(join(folder, "demo.json"))) return
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  return { child, url: address, ready }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()))
  child.kill("SIGTERM")
  const hurry = setTimeout(() => child.kill("SIGKILL"), 15_000)
  await exited
  clearTimeout(hurry)
}

function databaseUrl(name: string): string {
  const url = new URL(inject("serverUrl"))
  url.pathname = `/${name}`
  return url.href
}
