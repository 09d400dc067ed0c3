import { spawn, spawnSync } from "node:child_process"
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, inject, onTestFinished, test } from "vitest"
import { testDatabase } from "../../test/support/database.ts"
import { announce, react } from "../events/index.ts"
import { backUp, refuseHalfRestored, restore } from "./backup.ts"
import { connect, transact } from "./db.ts"
import { newId } from "./ids.ts"
import * as jobs from "./jobs.ts"
import { write } from "./settings.ts"

const db = await testDatabase()
const folder = await mkdtemp(join(tmpdir(), "musubi-backup-"))
afterAll(() => rm(folder, { recursive: true, force: true }))
react({ every: [], named: {} })
const files = join(folder, "files")
await mkdir(join(files, ".unfinished"), { recursive: true })
await writeFile(join(files, "a.txt"), "x")
await writeFile(join(files, ".unfinished/b"), "half")

/** A new database without anything in it, gone with the test. */
async function emptyDatabase() {
  const name = `musubi_restored_${newId().slice(-12)}`
  const root = connect(inject("serverUrl"), { max: 1, name: "test" })
  await root.pool.query(`create database ${name} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C.UTF-8'`)
  const url = new URL(inject("serverUrl"))
  url.pathname = `/${name}`
  const copy = connect(url.href, { max: 2, name: "test" })
  onTestFinished(async () => {
    await copy.destroy()
    await root.pool.query(`drop database if exists ${name} with (force)`)
    await root.destroy()
  })
  return { copy, url: url.href }
}

async function until(check: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50)))
    if (await check()) return
  throw new Error("waited in vain")
}

test("a backup restored into an empty database holds the same rows, jobs and files", async () => {
  const contactId = newId()
  await db
    .insertInto("contact")
    .values({ id: contactId, anonymous: false, createdAt: new Date(), erasedAt: null })
    .execute()
  await write(db, "greeting", { ja: "改行\n\\と\tタブ", en: null })
  await transact(db, async (tx) => {
    await announce(tx, "old.thing", {
      contactId,
      happenedAt: new Date("2021-05-06T00:00:00Z"),
      properties: { 名: "花子" },
    })
    await jobs.add(tx, "some.job", { contactId }, { at: new Date("2030-01-01T00:00:00Z"), key: "k" })
  })
  const rows = await backUp(db.pool, join(folder, "backups/one"), files)
  expect((await stat(join(folder, "backups/one"))).mode & 0o077).toBe(0)

  const { copy } = await emptyDatabase()
  expect(await restore(copy.pool, join(folder, "backups/one"), "migrations", join(folder, "restored"))).toBe(rows)
  for (const table of ["contact", "event", "setting", "catalogue_version"] as const) {
    const both = await Promise.all([db, copy].map((one) => one.pool.query(`select * from ${table} order by 1`)))
    expect(both[1]!.rows).toEqual(both[0]!.rows)
  }
  const waiting = await copy.pool.query("select task_identifier, key, run_at from graphile_worker.jobs")
  expect(waiting.rows).toEqual([{ task_identifier: "some.job", key: "k", run_at: new Date("2030-01-01T00:00:00Z") }])
  expect(await readFile(join(folder, "restored/a.txt"), "utf8")).toBe("x")
  await expect(stat(join(folder, "restored/.unfinished"))).rejects.toThrow("ENOENT")
  await expect(restore(copy.pool, join(folder, "backups/one"), "migrations", folder)).rejects.toThrow("not empty")
  await refuseHalfRestored(copy.pool)
})

test("a restore that is killed in the middle goes on when it is called again, and nothing starts on it before", async () => {
  const backup = join(folder, "backups/two")
  const rows = await backUp(db.pool, backup, files)
  const { copy, url } = await emptyDatabase()
  // A pipe that nobody writes into: the restore comes as far as this table and waits.
  const table = join(backup, "setting.copy.gz")
  await rename(table, `${table}.kept`)
  spawnSync("mkfifo", [table])
  const code = `import { restore } from "./src/platform/backup.ts"
    import { connect } from "./src/platform/db.ts"
    const [url, backup, to] = process.argv.slice(1)
    await restore(connect(url, { max: 2, name: "test" }).pool, backup, "migrations", to)`
  const to = join(folder, "restored-two")
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", code, url, backup, to])
  const ended = new Promise((resolve) => child.once("exit", resolve))
  const copying =
    "select from pg_stat_activity where application_name = 'musubi backup' and query ilike 'copy \"setting\"%'"
  await until(async () => (await copy.pool.query(copying)).rows.length > 0)
  child.kill("SIGKILL")
  await ended

  await expect(refuseHalfRestored(copy.pool)).rejects.toThrow("has not ended")
  await expect(backUp(copy.pool, join(folder, "backups/half"), files)).rejects.toThrow("has not ended")
  const others = await backUp(db.pool, join(folder, "backups/other"), files).then(() => join(folder, "backups/other"))
  await expect(restore(copy.pool, others, "migrations", to)).rejects.toThrow("Go on with that one")

  // The rows arrive, the files do not; then they do.
  await rename(`${table}.kept`, table)
  await writeFile(to, "in the way")
  await expect(restore(copy.pool, backup, "migrations", to)).rejects.toThrow()
  await expect(refuseHalfRestored(copy.pool)).rejects.toThrow("has not ended")
  await rm(to)
  expect(await restore(copy.pool, backup, "migrations", to)).toBe(rows)
  expect((await copy.pool.query("select from setting")).rows).toHaveLength(
    (await db.pool.query("select from setting")).rows.length,
  )
  const waiting = await copy.pool.query("select from graphile_worker.jobs")
  expect(waiting.rows).toHaveLength((await db.pool.query("select from graphile_worker.jobs")).rows.length)
  expect(await readFile(join(to, "a.txt"), "utf8")).toBe("x")
  await refuseHalfRestored(copy.pool)
})

test("what is no finished backup, and a folder that is there already, are named in a sentence", async () => {
  const { copy } = await emptyDatabase()
  await mkdir(join(folder, "backups/unfinished"), { recursive: true })
  await expect(restore(copy.pool, join(folder, "backups/unfinished"), "migrations", files)).rejects.toThrow(
    "There is no finished backup",
  )
  await expect(backUp(db.pool, join(folder, "backups/unfinished"), files)).rejects.toThrow("is there already")
  expect((await copy.pool.query("select from pg_tables where schemaname = 'public'")).rows).toEqual([])
})

test("a backup is read alike whatever the server says about dates and zones", async () => {
  const { copy, url } = await emptyDatabase()
  await copy.pool.query(`alter database ${new URL(url).pathname.slice(1)} set timezone = 'Asia/Tokyo'`)
  await copy.pool.query(`alter database ${new URL(url).pathname.slice(1)} set datestyle = 'SQL, MDY'`)
  const { pathname } = new URL(db.url)
  await db.pool.query("insert into contact (id, created_at) values ($1, '2026-03-04T15:00:00Z')", [newId()])
  await db.pool.query(`alter database ${pathname.slice(1)} set datestyle = 'SQL, DMY'`)
  await backUp(db.pool, join(folder, "backups/abroad"), files)
  await restore(copy.pool, join(folder, "backups/abroad"), "migrations", join(folder, "restored-abroad"))
  const both = await Promise.all(
    [db, copy].map((one) => one.pool.query("select extract(epoch from created_at) as at from contact order by id")),
  )
  expect(both[1]!.rows).toEqual(both[0]!.rows)
})
