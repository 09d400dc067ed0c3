import { existsSync } from "node:fs"
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { UnusableServer } from "./migrations.ts"
import { startPostgres } from "./postgres.ts"

test("a cluster half made by a killed process is made anew; one that was deleted since is not", async () => {
  const folder = await mkdtemp(join(tmpdir(), "musubi-postgres-"))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const cluster = join(folder, "cluster")
  await mkdir(`${cluster}.making`)
  for (const path of [`${cluster}.making/PG_VERSION`, join(folder, "password")]) await writeFile(path, "18\n")

  const first = await startPostgres(folder)
  expect([first.tookOver, first.lives(), existsSync(`${cluster}.making`)]).toEqual([false, true, false])
  await first.stop()

  await rm(cluster, { recursive: true })
  for (let attempt = 1; attempt <= 2; attempt++) {
    const refused = startPostgres(folder)
    await expect(refused).rejects.toThrow(UnusableServer)
    await expect(refused).rejects.toThrow(`The database in ${cluster} is gone`)
  }
  expect(existsSync(cluster)).toBe(false)
})

test("a cluster that cannot be read is not taken for a missing one", async () => {
  const folder = await mkdtemp(join(tmpdir(), "musubi-postgres-"))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await mkdir(join(folder, "cluster/PG_VERSION"), { recursive: true })
  await expect(startPostgres(folder)).rejects.toThrow("EISDIR")
})
