import { type ChildProcess, spawn } from "node:child_process"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import type pg from "pg"
import { afterAll, inject } from "vitest"
import { catalogue } from "../../src/audience/index.ts"
import { keys } from "../../src/events/index.ts"
import { facts } from "../../src/facts.ts"
import { apiTokens, passwords, permissions, staff } from "../../src/identity/index.ts"
import { scenarios } from "../../src/journeys/index.ts"
import { ranks } from "../../src/membership/index.ts"
import { system } from "../../src/platform/actors.ts"
import { connect, type Db, sql, transact } from "../../src/platform/db.ts"
import { newId } from "../../src/platform/ids.ts"
import { examples, invariants } from "../../src/processes/invariants.ts"
import { operator, person } from "../support/mailing.ts"
import { freePort } from "../support/ports.ts"

/** The product runs under Node 24 whatever runs the tests; `bin/*` would start a second process for it, which a kill would miss. */
const node = Number(process.versions.node.split(".")[0]) >= 24 ? process.execPath : resolve("node_modules/.bin/node")
const by = system("test")

const endings: (() => unknown)[] = []
afterAll(async () => {
  for (const end of endings.reverse()) await end()
})

/** Does something when the test file is done, the last first; also from within a test, where `afterAll` would not be heard. */
export function atEnd(end: () => unknown): void {
  endings.push(end)
}

export type Process = {
  child: ChildProcess
  /** Set once it has ended. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** What it wrote, both ways. */
  said: () => string
  /** Ends it at once, as power loss would. */
  kill(): Promise<void>
  /** Asks it to end; gives its exit code. */
  stop(): Promise<number | null>
}

/** Starts a command of `bin/`, built; ended with the test file at the latest. */
export function run(name: string, env: Record<string, string>, options: { uid?: number; cwd?: string } = {}): Process {
  const script = resolve(options.cwd ?? ".", "bin", name)
  const { uid } = options
  const child = spawn(node, [script], {
    env: { PATH: process.env.PATH!, TZ: "UTC", NODE_ENV: "production", LOG_LEVEL: "info", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  let text = ""
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text = (text + chunk).slice(-200_000)
    })
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((done) =>
    child.once("exit", (code, signal) => done({ code, signal })),
  )
  const over = () => child.exitCode !== null || child.signalCode !== null
  const process_: Process = {
    child,
    ended,
    said: () => text,
    async kill() {
      if (!over()) child.kill("SIGKILL")
      await ended
    },
    async stop() {
      if (!over()) child.kill("SIGTERM")
      return (await ended).code
    },
  }
  atEnd(() => process_.kill())
  return process_
}

export type Installation = Awaited<ReturnType<typeof installation>>

/** A migrated database of its own with keys, a token and an owner in it, and a way to start the built processes on it. */
export async function installation(options: { databaseUrl?: string; env?: Record<string, string> } = {}) {
  const databaseUrl = options.databaseUrl ?? (await copyOfTemplate())
  const folder = await mkdtemp(join(tmpdir(), "musubi-failure-"))
  const db = connect(databaseUrl, { max: 4, name: "musubi failure test" })
  const password = "tanuki-no-shippo-9"
  const hashed = await passwords.hash(password)
  const made = await transact(db, async (tx) => {
    await staff.create(
      tx,
      { name: "中島 修", address: "owner@manabi.example", role: "owner", password: hashed, locale: "ja" },
      by,
    )
    return {
      serverKey: (await keys.create(tx, { kind: "server", name: "server" }, by)).key,
      browserKey: (await keys.create(tx, { kind: "browser", name: "browser" }, by)).key,
      token: (await apiTokens.create(tx, { name: "all", scopes: [...permissions] }, by)).secret,
    }
  })
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = {
    DATABASE_URL: databaseUrl,
    DATA_DIR: folder,
    PORT: String(port),
    TEST_CLOCK: "1",
    ...options.env,
  }
  atEnd(async () => {
    await db.destroy()
    await rm(folder, { recursive: true, force: true })
  })
  const api = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${url}/api${path}`, {
      method,
      headers: { Authorization: `Bearer ${made.token}`, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    // biome-ignore lint/suspicious/noExplicitAny: a test reads what it needs of an answer
    return { status: answer.status, body: (text ? JSON.parse(text) : undefined) as any }
  }
  return {
    ...made,
    databaseUrl,
    db: db as Db & { pool: pg.Pool },
    folder,
    url,
    password,
    api,
    start: (name: "serve" | "work", more: Record<string, string> = {}) => run(name, { ...env, ...more }),
    ready: (within = 20_000) => until(() => answers(`${url}/readyz`), within, "the site is ready"),
    /** One event through the public door. Throws when it is not acknowledged. */
    async track(message: object) {
      const answer = await fetch(`${url}/v1/track`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Authorization: `Basic ${btoa(`${made.serverKey}:`)}` },
        body: JSON.stringify(message),
        signal: AbortSignal.timeout(10_000),
      })
      await answer.text()
      if (answer.status !== 200) throw new Error(`answer ${answer.status}`)
    },
    async setClock(at: Date | null) {
      const { status } = await api("POST", "/test-clock", { at })
      if (status !== 200) throw new Error(`the clock could not be set: ${status}`)
    },
  }
}

/** A ladder of three ranks by finished lessons, and a scenario: whoever rises above the first gets an advertising mail and a transactional one. */
export async function rules(db: Db): Promise<{ scenarioId: string; rankIds: string[] }> {
  catalogue.offer(facts)
  await operator(db)
  const mail = (key: string, kind: "advertising" | "transactional") => ({
    key,
    kind: "mail",
    class: kind,
    subject: `${key}`,
    body: [{ kind: "paragraph", text: "{{contact.fullName}} 様" }],
  })
  return transact(db, async (tx) => {
    const rankIds: string[] = []
    for (const [position, finished] of [0, 1, 3].entries())
      rankIds.push(
        await ranks.create(
          tx,
          {
            position,
            name: { ja: `ランク${position}`, en: `Rank ${position}` },
            colour: "#8e99a8",
            stay: null,
            graceDays: 30,
            mayFall: true,
            rise:
              position === 0
                ? null
                : { fact: "event.count", with: { event: "lesson.finished" }, is: { gte: finished } },
          },
          by,
        ),
      )
    const definition = {
      entry: { fact: "rank.position", is: { gte: 1 } },
      exit: null,
      steps: [mail("news", "advertising"), mail("notice", "transactional")],
    }
    const { id } = await scenarios.create(tx, { name: "昇格のお祝い", reentry: "never", definition }, by, new Date())
    await scenarios.start(tx, id, by, new Date())
    return { scenarioId: id, rankIds }
  })
}

/** Members of the lowest rank who may be mailed. */
export async function members(
  db: Db,
  count: number,
  rankId: string,
): Promise<{ contactId: string; address: string }[]> {
  const people = []
  for (let n = 0; n < count; n++) people.push(await person(db))
  const ids = people.map(({ contactId }) => contactId)
  const since = new Date("2026-01-01T00:00:00Z")
  await sql`insert into membership (contact_id, joined_at) select id, ${since}::timestamptz from unnest(${ids}::uuid[]) id`.execute(
    db,
  )
  await sql`insert into rank_history (contact_id, since, rank_id, cause, reason, decided_at, decided_by)
    select id, ${since}::timestamptz, ${rankId}::uuid, 'joined', '{}', ${since}::timestamptz, '{"kind":"system","name":"test"}'
    from unnest(${ids}::uuid[]) id`.execute(db)
  return people
}

/** Every invariant of `bin/doctor` that does not hold, with examples. */
export async function broken(db: { pool: pg.Pool }, at = new Date()): Promise<string[]> {
  const found: string[] = []
  for (const invariant of invariants) {
    const rows = await examples(db.pool, invariant, at)
    if (rows.length > 0) found.push(`${invariant.holds}: ${rows.join(", ")}`)
  }
  return found
}

/** Waits until `ask` gives something truthy. */
export async function until<T>(ask: () => Promise<T> | T, within: number, what: string): Promise<NonNullable<T>> {
  const from = performance.now()
  for (;;) {
    const answer = await ask()
    if (answer) return answer
    if (performance.now() - from > within) throw new Error(`not within ${within} ms: ${what}`)
    await pause(50)
  }
}

export const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))

/** Whether an address answers with success. */
export async function answers(url: string): Promise<boolean> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined)
  await answer?.text().catch(() => "")
  return answer?.ok === true
}

export { freePort }

/** Resident memory of a process in MB, on Linux. */
export async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "")
  return Number(status.match(/VmRSS:\s+(\d+)/)?.[1] ?? Number.NaN) / 1024
}

async function copyOfTemplate(): Promise<string> {
  const name = `musubi_${newId().replaceAll("-", "").slice(0, 24)}`
  const root = connect(inject("serverUrl"), { max: 1, name: "musubi failure test" })
  await root.pool.query(`create database ${name} template ${inject("templateName")}`)
  atEnd(async () => {
    await root.pool.query(`drop database if exists ${name} with (force)`)
    await root.destroy()
  })
  const url = new URL(inject("serverUrl"))
  url.pathname = `/${name}`
  return url.href
}
