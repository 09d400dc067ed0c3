import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { randomBytes } from "node:crypto"
import { chown, lchown, mkdir, readdir, readFile, readlink, realpath, rename, rm, writeFile } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import pg from "pg"
import { log } from "./log.ts"
import { UnusableServer } from "./migrations.ts"
import { placeBinaries, serverEnvironment } from "./postgres-binaries.ts"

/** A PostgreSQL server of our own: the address of its database, whether it ran already, whether it still does, and a way to end it. */
export type OwnServer = { url: string; tookOver: boolean; lives(): boolean; stop(): Promise<void> }

/** The unprivileged user id the server runs under when we are root, which PostgreSQL refuses: one that nothing else uses. */
const serverUid = 26_543
/** initdb wants a user with a name: "nobody" makes the cluster, which then changes hands. */
const nobody = 65_534
const major = "18"
/** After a crash it reads its log again before it answers, which may take minutes. */
const recoveryMs = 600_000

/**
 * Starts the PostgreSQL of the npm package with its data in `folder`, initialising it the first time. It listens on a socket
 * in that folder and on a loopback port.
 * One that a killed process left running is taken over. Data of another major version is refused with instructions.
 */
export async function startPostgres(
  folder: string,
  options: { settings?: Record<string, string>; port?: number } = {},
): Promise<OwnServer> {
  const asRoot = process.getuid?.() === 0
  const data = resolve(folder, "cluster")
  await mkdir(resolve(folder), { recursive: true, mode: 0o700 })
  const binaries = await placeBinaries(asRoot, folder)
  const identity = asRoot ? { uid: serverUid, gid: serverUid } : {}
  const version = await ifThere(join(data, "PG_VERSION"))
  if (version && version.trim() !== major) throw new UnusableServer(otherMajor(version.trim(), folder))
  const passwordFile = join(folder, "password")
  const madeFile = join(folder, "made")
  if (!version) {
    if (await ifThere(madeFile)) throw new UnusableServer(clusterGone(data, folder))
    await initialise(binaries, data, passwordFile, asRoot)
  }
  await writeFile(madeFile, "The database of this folder was made; should it be missing, it is not made anew.\n")
  const password = (await readFile(passwordFile, "utf8")).trim()

  const left = await leftRunning(data, password)
  if (left && (await ready(() => isAlive(left.pid), urlOf(data, left.port, password)))) {
    log.info({ pid: left.pid }, "took over the database server of an earlier process")
    return server(
      urlOf(data, left.port, password),
      true,
      () => isAlive(left.pid),
      () => endProcess(left.pid),
    )
  }
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort())
    const child = spawn(
      join(binaries, "bin/postgres"),
      ["-D", cwdName, "-p", String(port), "-h", "127.0.0.1", "-k", ".", ...settingArguments(options.settings)],
      { cwd: data, stdio: ["ignore", "ignore", "pipe"], detached: true, env: serverEnvironment(binaries), ...identity },
    )
    const said: string[] = []
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      said.push(text)
      if (said.length > 50) said.shift()
    })
    const lives = () => child.exitCode === null && child.signalCode === null
    if (await ready(lives, urlOf(data, port, password))) {
      child.stderr!.on("data", () => undefined)
      child.unref()
      return server(urlOf(data, port, password), false, lives, () => endChild(child))
    }
    await endChild(child)
    if (attempt >= 3) throw new Error(`PostgreSQL did not start:\n${said.join("")}`)
    // What a killed server left behind (its other processes, its port) is gone in a moment.
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

/** `-D` names the folder by the process's own working directory on Linux, so that it may lie below folders only root can enter. */
const cwdName = process.platform === "linux" ? "/proc/self/cwd" : "."

/** Makes the cluster beside its place and moves it there when it is whole: one that was killed meanwhile begins anew. */
async function initialise(binaries: string, data: string, passwordFile: string, asRoot: boolean): Promise<void> {
  const making = `${data}.making`
  await rm(making, { recursive: true, force: true })
  await mkdir(making, { mode: 0o700 })
  const password = randomBytes(24).toString("base64url")
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  const readable = join(tmpdir(), `musubi-${randomBytes(8).toString("hex")}`)
  await writeFile(readable, password, { mode: 0o600 })
  const identity = asRoot ? { uid: nobody, gid: nobody } : {}
  if (asRoot) for (const path of [readable, making]) await chown(path, nobody, nobody)
  const encoding = ["--encoding=UTF8", "--locale=C", "--lc-ctype=C.UTF-8"]
  const provider = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
  const access = ["-U", "musubi", "--pwfile", readable, "--auth=scram-sha-256"]
  const run = spawnSync(
    join(binaries, "bin/initdb"),
    ["-D", cwdName, ...access, ...encoding, ...provider, "--data-checksums"],
    { cwd: making, env: serverEnvironment(binaries), encoding: "utf8", ...identity },
  )
  await rm(readable, { force: true })
  if (run.status !== 0) {
    await rm(making, { recursive: true, force: true })
    throw new Error(`PostgreSQL could not be initialised:\n${run.stdout}\n${run.stderr}${run.error ?? ""}`)
  }
  if (asRoot) {
    await chown(making, serverUid, serverUid)
    for (const name of await readdir(making, { recursive: true }))
      await lchown(join(making, name), serverUid, serverUid)
  }
  await rename(making, data)
}

function settingArguments(settings: Record<string, string> = {}): string[] {
  const all: Record<string, string> = {
    shared_buffers: "256MB",
    work_mem: "16MB",
    maintenance_work_mem: "128MB",
    effective_cache_size: "1GB",
    random_page_cost: "1.1",
    jit: "off",
    max_wal_size: "2GB",
    max_connections: "120",
    timezone: "UTC",
    log_min_messages: "warning",
    ...settings,
  }
  return Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`])
}

/** The text of a file, or nothing when there is none; one that cannot be read is not taken for missing. */
function ifThere(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined
    throw error
  })
}

async function ready(lives: () => boolean, url: string): Promise<boolean> {
  const from = performance.now()
  while (lives() && performance.now() - from < recoveryMs) {
    if (await answers(url)) return true
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
  return false
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on("error", () => undefined)
  try {
    await client.connect()
    await client.query("select 1")
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** The server that an earlier process left running. The number in its file may long be another program's: then the file goes. */
async function leftRunning(data: string, password: string): Promise<{ pid: number; port: number } | undefined> {
  const file = join(data, "postmaster.pid")
  const lines = (await readFile(file, "utf8").catch(() => "")).split("\n")
  const [pid, port] = [Number(lines[0]), Number(lines[3])]
  if (!pid || !port || !isAlive(pid)) return undefined
  const ours =
    process.platform === "linux"
      ? (await readlink(`/proc/${pid}/cwd`).catch(() => "")) === (await realpath(data))
      : await answers(urlOf(data, port, password))
  if (ours) return { pid, port }
  await rm(file, { force: true })
  return undefined
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

function server(url: string, tookOver: boolean, lives: () => boolean, end: () => Promise<void>): OwnServer {
  let ended: Promise<void> | undefined
  return {
    url,
    tookOver,
    lives,
    stop() {
      ended ??= end()
      return ended
    },
  }
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.ref()
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()))
  child.kill("SIGINT")
  await exited
}

async function endProcess(pid: number): Promise<void> {
  if (!isAlive(pid)) return
  process.kill(pid, "SIGINT")
  for (let waited = 0; waited < 30_000 && isAlive(pid); waited += 50)
    await new Promise((resolve) => setTimeout(resolve, 50))
}

/** By the socket in its folder, a fifth quicker than loopback, where the system can name it: a socket's path has at most 107 bytes. */
function urlOf(data: string, port: number, password: string): string {
  const url = `postgres://musubi:${password}@127.0.0.1:${port}/postgres`
  const named = Buffer.byteLength(join(data, `.s.PGSQL.${port}`)) <= 100 && process.platform !== "win32"
  return named ? `${url}?host=${encodeURIComponent(data)}` : url
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

function otherMajor(found: string, folder: string): string {
  return [
    `The data in ${folder} was written by PostgreSQL ${found}; this version brings PostgreSQL ${major}.`,
    `Start the version of Musubi that wrote it, run bin/backup, then start this one with an empty DATA_DIR and run bin/restore.`,
  ].join("\n")
}

function clusterGone(data: string, folder: string): string {
  return [
    `The database in ${data} is gone, although it had been made there: it was deleted, or its disk is not mounted.`,
    `Nothing has been written. Put the folder back; or remove ${folder} to begin with an empty database, which bin/restore can fill from a backup.`,
  ].join("\n")
}
