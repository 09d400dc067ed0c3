import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { type Config, folders } from "../config.ts"
import { refuseHalfRestored } from "../platform/backup.ts"
import { connect } from "../platform/db.ts"
import { log } from "../platform/log.ts"
import { checkServer, migrate } from "../platform/migrations.ts"
import type { OwnServer } from "../platform/postgres.ts"
import { keepPostgres } from "../platform/postgres-keeping.ts"
import { supervise, toldToStop } from "../platform/supervise.ts"
import { claimFolder } from "./claim.ts"

/**
 * Brings a database (ours unless DATABASE_URL is set) up to date and keeps `serve` and `work` running beside each other until
 * told to stop. What is to be done after the migration is done while pages are served already, before anything is worked.
 */
export async function start(
  config: Config,
  afterMigration: (databaseUrl: string) => Promise<void> = async () => undefined,
): Promise<void> {
  await mkdir(config.DATA_DIR, { recursive: true })
  const told = toldToStop()
  const letGo = await claimFolder(config.DATA_DIR)
  let own: OwnServer | undefined
  const kept: ReturnType<typeof supervise>[] = []
  try {
    own = config.DATABASE_URL ? undefined : await keepPostgres(join(config.DATA_DIR, "postgres"))
    const databaseUrl = config.DATABASE_URL ?? own!.url
    await bringUpToDate(databaseUrl)
    const env = { ...config.environment, DATABASE_URL: databaseUrl, DATABASE_URL_FILE: "" }
    const keep = (name: string) => {
      const script = fileURLToPath(new URL(`bin/${name}`, folders.root))
      kept.push(supervise({ name, command: process.execPath, args: [script], env }))
    }
    keep("serve")
    await afterMigration(databaseUrl)
    keep("work")
    await told
  } finally {
    await Promise.all(kept.map((one) => one.stop()))
    await own?.stop()
    await letGo()
  }
}

/** Checks that the server can be trusted with the data, before anything is written, and applies missing migrations. */
export async function bringUpToDate(databaseUrl: string): Promise<void> {
  const db = connect(databaseUrl, { max: 2, name: "musubi migrate" })
  try {
    await checkServer(db.pool)
    await refuseHalfRestored(db.pool)
    const applied = await migrate(db.pool, fileURLToPath(folders.migrations))
    if (applied.length > 0) log.info({ applied }, "database brought up to date")
  } finally {
    await db.destroy()
  }
}
