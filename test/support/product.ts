import { spawn } from "node:child_process"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll } from "vitest"
import { testDatabase } from "./database.ts"

export type Demo = {
  url: string
  console: string
  staff: Record<string, { address: string; password: string }>
  members: Record<string, { address: string; password: string }>
  apiToken: string
  serverKey: string
  browserKey: string
}

/** The built product as a stranger starts it, with the demo in it, on a database of its own; ended with the test file. */
export async function demo(env: Record<string, string> = {}) {
  const db = await testDatabase()
  const folder = await mkdtemp(join(tmpdir(), "musubi-story-"))
  const port = await freePort()
  const child = spawn(process.execPath, ["bin/demo"], {
    env: {
      ...process.env,
      NODE_ENV: "production",
      DATABASE_URL: db.url,
      DATA_DIR: folder,
      PORT: String(port),
      LOG_LEVEL: "warn",
      TEST_CLOCK: "1",
      ...env,
    },
    stdio: ["ignore", "pipe", "inherit"],
  })
  child.stdout.resume()
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()))
  afterAll(async () => {
    child.kill("SIGTERM")
    await exited
    await rm(folder, { recursive: true, force: true })
  })
  const url = `http://127.0.0.1:${port}`
  for (let waited = 0; ; waited += 100) {
    if (child.exitCode !== null) throw new Error(`the demo ended with ${child.exitCode}`)
    if (waited > 60_000) throw new Error("the demo did not become ready")
    const answer = await fetch(`${url}/readyz`).catch(() => undefined)
    if (answer?.ok) break
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const facts = JSON.parse(await readFile(join(folder, "demo.json"), "utf8")) as Demo
  const api = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${url}/api${path}`, {
      method,
      headers: { Authorization: `Bearer ${facts.apiToken}`, "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = await answer.text()
    return { status: answer.status, body: text ? JSON.parse(text) : undefined }
  }
  const setClock = (at: string | null) => api("POST", "/test-clock", { at })
  return { ...facts, url, db, api, setClock, child, folder }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on("error", reject)
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}
