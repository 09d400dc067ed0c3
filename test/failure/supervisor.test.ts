import { spawnSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { beforeAll, expect, inject, test } from "vitest"
import { connect } from "../../src/platform/db.ts"
import { newId } from "../../src/platform/ids.ts"
import { type Process, answers, atEnd, freePort, residentMb, run, until } from "./support.ts"

const onLinux = process.platform === "linux"
const asRoot = process.getuid?.() === 0

async function newFolder(): Promise<string> {
  const above = await mkdtemp(join(tmpdir(), "musubi-failure-start-"))
  // One that only its owner can enter, as root's home is.
  await chmod(above, 0o700)
  atEnd(async () => {
    const left = await postmaster(join(above, "data"))
    if (left && onLinux && lives(left)) process.kill(left, "SIGKILL")
    await rm(above, { recursive: true, force: true })
  })
  return join(above, "data")
}

/** The processes a process has started and that live, by what they run. */
function childrenOf(pid: number): Record<string, number> {
  const found: Record<string, number> = {}
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry)))
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8")
      const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ")
      if (Number(parent) !== pid || state === "Z") continue
      const what = readFileSync(`/proc/${name}/cmdline`, "utf8").match(/bin\/(serve|work|postgres)\b/)?.[1]
      if (what) found[what] = Number(name)
    } catch {
      // It ended while we looked.
    }
  return found
}

function lives(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    return !stat.slice(stat.lastIndexOf(")") + 2).startsWith("Z")
  } catch {
    return false
  }
}

const postmaster = (folder: string) =>
  readFile(join(folder, "postgres/cluster/postmaster.pid"), "utf8").then(
    (text) => Number(text.split("\n")[0]),
    () => 0,
  )

test.skipIf(!onLinux)(
  "start keeps server, worker and database alive, runs once per folder, and ends them all when told",
  async () => {
    const folder = await newFolder()
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const env = { DATA_DIR: folder, PORT: String(port) }
    const first = run("start", env)
    const began = performance.now()
    await until(() => answers(`${url}/readyz`), 60_000, "ready")
    console.log(`an empty folder answers after ${Math.round(performance.now() - began)} ms`)
    const pid = first.child.pid!
    const before = await until(
      () => (childrenOf(pid).serve && childrenOf(pid).work ? childrenOf(pid) : undefined),
      10_000,
      "both run",
    )
    await until(() => first.said().includes('"working"'), 20_000, "the worker works")
    for (const path of ["/", "/sign-in", "/api/openapi.json"]) await answers(url + path)
    const [serveMb, workMb] = [await residentMb(before.serve!), await residentMb(before.work!)]
    console.log(
      `resident: serve ${serveMb.toFixed(0)} MB, work ${workMb.toFixed(0)} MB, start ${(await residentMb(pid)).toFixed(0)} MB`,
    )

    for (const name of ["serve", "work"]) {
      process.kill(before[name]!, "SIGKILL")
      await until(() => (childrenOf(pid)[name] ?? before[name]) !== before[name], 10_000, `${name} is started again`)
    }
    await until(() => answers(`${url}/readyz`), 20_000, "ready after both were killed")
    const oldDatabase = await postmaster(folder)
    process.kill(oldDatabase, "SIGKILL")
    await until(
      async () => ![0, oldDatabase].includes(await postmaster(folder)),
      30_000,
      "the database is started again",
    )
    await until(() => answers(`${url}/readyz`), 20_000, "ready after the database was killed")

    const second = run("start", { ...env, PORT: String(await freePort()) })
    expect((await second.ended).code).toBe(1)
    expect(second.said()).toContain(`in use by a running Musubi (process ${pid})`)
    expect(await answers(`${url}/readyz`)).toBe(true)

    // Only the supervisor dies: its children follow it, the database stays, and the next start takes over.
    const children = childrenOf(pid)
    await first.kill()
    await until(
      () => !lives(children.serve!) && !lives(children.work!),
      15_000,
      "server and worker follow their supervisor",
    )
    const database = await postmaster(folder)
    expect(lives(database)).toBe(true)
    const third = run("start", env)
    await until(() => answers(`${url}/readyz`), 30_000, "ready after the supervisor was killed")
    expect(third.said()).toContain("took over the database server")
    expect(await postmaster(folder)).toBe(database)
    const last = childrenOf(third.child.pid!)
    expect(await third.stop()).toBe(0)
    expect([database, ...Object.values(last)].filter(lives)).toEqual([])
    expect(existsSync(join(folder, "running.pid"))).toBe(false)
  },
  150_000,
)

test("data of another PostgreSQL major is refused with what to do, and stays as it is", async () => {
  const folder = await newFolder()
  const cluster = join(folder, "postgres/cluster")
  await mkdir(cluster, { recursive: true })
  await writeFile(join(cluster, "PG_VERSION"), "17\n")
  const started = run("start", { DATA_DIR: folder, PORT: "0" })
  expect((await started.ended).code).toBe(1)
  expect(started.said()).toContain("was written by PostgreSQL 17")
  expect(started.said()).toContain("bin/backup")
  expect(started.said()).toContain("bin/restore")
  expect(readdirSync(cluster)).toEqual(["PG_VERSION"])
})

test("a database that is blind to Japanese letters is refused with what to do", async () => {
  const name = `musubi_${newId().replaceAll("-", "").slice(0, 24)}`
  const root = connect(inject("serverUrl"), { max: 1, name: "musubi failure test" })
  await root.pool.query(
    `create database ${name} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C' locale_provider libc`,
  )
  atEnd(async () => {
    await root.pool.query(`drop database if exists ${name} with (force)`)
    await root.destroy()
  })
  const url = new URL(inject("serverUrl"))
  url.pathname = `/${name}`
  const started = run("start", { DATA_DIR: await newFolder(), PORT: "0", DATABASE_URL: url.href })
  expect((await started.ended).code).toBe(1)
  expect(started.said()).toContain("LC_CTYPE is C")
  expect(started.said()).toContain("--lc-ctype=C.UTF-8")
})

test("rubbish in the environment is named, all of it at once", async () => {
  const started = run("start", {
    PORT: "eighty",
    DATABASE_URL: "mysql://x",
    SMTP_URL: "here",
    DATA_DIR: await newFolder(),
  })
  expect((await started.ended).code).toBe(1)
  for (const name of ["PORT", "DATABASE_URL", "SMTP_URL"]) expect(started.said()).toContain(`${name}: `)
})

/** A user without rights; the checkout must be open to others for it. */
const nobody = 65_534
const script = "require('node:fs').accessSync(process.argv[1], 4)"
const open =
  onLinux &&
  asRoot &&
  spawnSync(process.execPath, ["-e", script, resolve("package.json")], { uid: nobody, gid: nobody }).status === 0

let plain: Process | undefined
beforeAll(() => {
  if (!open) console.log("skipped: start as another user (needs root, and a checkout others can read)")
})

test.skipIf(!open)(
  "an installation made by root runs for a user who may only read it",
  async () => {
    const folder = join(await newFolder(), "..")
    await chown(folder, nobody, nobody)
    const port = await freePort()
    plain = run("start", { DATA_DIR: join(folder, "data"), PORT: String(port) }, { uid: nobody })
    await until(() => plain!.child.exitCode !== null || answers(`http://127.0.0.1:${port}/readyz`), 60_000, "ready")
    expect(plain.child.exitCode, plain.said()).toBe(null)
    expect(await plain.stop()).toBe(0)
  },
  90_000,
)
