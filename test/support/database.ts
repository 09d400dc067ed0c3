import { afterAll, inject } from "vitest"
import { connect, type Db, sql } from "../../src/platform/db.ts"
import { newId } from "../../src/platform/ids.ts"
import type pg from "pg"

/** A migrated database of this test file's own, dropped when the file is done. Call once, at the top of the file. */
export async function testDatabase(): Promise<Db & { pool: pg.Pool; url: string }> {
  const server = inject("serverUrl")
  const name = `musubi_${newId().replaceAll("-", "").slice(0, 24)}`
  const root = connect(server, { max: 1, name: "musubi test" })
  await root.pool.query(`create database ${name} template ${inject("templateName")}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  const db = Object.assign(connect(url.href, { max: 8, name: "musubi test" }), { url: url.href })
  afterAll(async () => {
    await db.destroy()
    await root.pool.query(`drop database if exists ${name} with (force)`)
    await root.destroy()
  })
  return db
}

/** Empties every table but those that came filled. */
export async function emptyTables(db: Db): Promise<void> {
  const { rows } = await sql<{ tablename: string }>`
    select tablename from pg_tables where schemaname = 'public'
    and tablename not in ('migration', 'catalogue_version', 'condition_version') and tablename !~ '^event_\d{4}_'`.execute(
    db,
  )
  await sql`truncate ${sql.join(rows.map((row) => sql.table(row.tablename)))} restart identity cascade`.execute(db)
}
