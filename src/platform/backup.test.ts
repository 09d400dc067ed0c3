import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, inject, test } from "vitest"
import { testDatabase } from "../../test/support/database.ts"
import { announce, react } from "../events/index.ts"
import { backUp, restore } from "./backup.ts"
import { connect, transact } from "./db.ts"
import { newId } from "./ids.ts"
import * as jobs from "./jobs.ts"
import { write } from "./settings.ts"

const db = await testDatabase()
const folder = await mkdtemp(join(tmpdir(), "musubi-backup-"))
afterAll(() => rm(folder, { recursive: true, force: true }))
react({ every: [], named: {} })

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
  await mkdir(join(folder, "files"))
  await writeFile(join(folder, "files/a.txt"), "x")
  const rows = await backUp(db.pool, join(folder, "backups/one"), join(folder, "files"))
  expect((await stat(join(folder, "backups/one"))).mode & 0o077).toBe(0)

  const name = `musubi_restored_${process.pid}`
  const root = connect(inject("serverUrl"), { max: 1, name: "test" })
  await root.pool.query(`create database ${name} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C.UTF-8'`)
  const url = new URL(inject("serverUrl"))
  url.pathname = `/${name}`
  const copy = connect(url.href, { max: 2, name: "test" })
  try {
    expect(await restore(copy.pool, join(folder, "backups/one"), "migrations", join(folder, "restored"))).toBe(rows)
    for (const table of ["contact", "event", "setting", "catalogue_version"] as const) {
      const both = await Promise.all([db, copy].map((one) => one.pool.query(`select * from ${table} order by 1`)))
      expect(both[1]!.rows).toEqual(both[0]!.rows)
    }
    const waiting = await copy.pool.query("select task_identifier, key, run_at from graphile_worker.jobs")
    expect(waiting.rows).toEqual([{ task_identifier: "some.job", key: "k", run_at: new Date("2030-01-01T00:00:00Z") }])
    expect(await readFile(join(folder, "restored/a.txt"), "utf8")).toBe("x")
    await expect(restore(copy.pool, join(folder, "backups/one"), "migrations", folder)).rejects.toThrow("not empty")
  } finally {
    await copy.destroy()
    await root.pool.query(`drop database if exists ${name} with (force)`)
    await root.destroy()
  }
})
