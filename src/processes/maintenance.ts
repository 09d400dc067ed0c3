import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { type Config, folders } from "../config.ts"
import { backUp, NotPossible, refuseHalfRestored, restore as restoreInto } from "../platform/backup.ts"
import { now } from "../platform/clock.ts"
import { connect, type Db } from "../platform/db.ts"
import { checkServer, migrate } from "../platform/migrations.ts"
import { startPostgres } from "../platform/postgres.ts"
import type pg from "pg"
import { Failed } from "./failures.ts"

/** `bin/backup [folder]`: everything into a new folder, also while the product runs. */
export async function backup(config: Config, [target]: string[]): Promise<void> {
  const folder = target ?? join(config.DATA_DIR, "backups", now().toISOString().slice(0, 19).replaceAll(":", ""))
  const rows = await withDatabase(config, (db) => backUp(db.pool, folder, join(config.DATA_DIR, "files")))
  console.log(`${rows} rows and the stored files are in ${folder}`)
}

/** `bin/restore <folder>`: fills a new, empty database and the file store; goes on where it was when it was stopped. */
export async function restore(config: Config, [source]: string[]): Promise<void> {
  if (!source) throw new Failed("Say which backup: bin/restore <folder>")
  const rows = await withDatabase(config, async (db) => {
    await checkServer(db.pool)
    return restoreInto(db.pool, source, fileURLToPath(folders.migrations), join(config.DATA_DIR, "files"))
  })
  console.log(`${rows} rows restored from ${source}`)
}

/** `bin/migrate`: brings the configured database up to date. */
export async function migrateOnly(config: Config): Promise<void> {
  await withDatabase(config, async (db) => {
    await checkServer(db.pool)
    await refuseHalfRestored(db.pool)
    const applied = await migrate(db.pool, fileURLToPath(folders.migrations))
    console.log(applied.length > 0 ? `applied ${applied.join(", ")}` : "already up to date")
  })
}

/** Opens the configured database, or our own one, taking it over when it runs. */
export async function withDatabase<T>(config: Config, work: (db: Db & { pool: pg.Pool }) => Promise<T>): Promise<T> {
  const own = config.DATABASE_URL ? undefined : await startPostgres(join(config.DATA_DIR, "postgres"))
  const db = connect(config.DATABASE_URL ?? own!.url, { max: 4, name: "musubi maintenance" })
  try {
    return await work(db)
  } catch (error) {
    throw error instanceof NotPossible ? new Failed(error.message) : error
  } finally {
    await db.destroy()
    if (own && !own.tookOver) await own.stop()
  }
}
