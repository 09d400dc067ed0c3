import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { runMigrations as migrateJobs } from "graphile-worker"
import type pg from "pg"

const lockKey = 7_305_815

/** Brings the schema up to date: plain SQL files in order, each once, under a lock; then the job queue's own. Returns the names applied now. */
export async function migrate(
  pool: pg.Pool,
  folder: string,
  wanted: (name: string) => boolean = () => true,
): Promise<string[]> {
  const client = await pool.connect()
  const applied: string[] = []
  try {
    await client.query("select pg_advisory_lock($1)", [lockKey])
    await client.query("create table if not exists migration (name text primary key, applied_at timestamptz not null)")
    const done = new Set((await client.query("select name from migration")).rows.map((row) => row.name as string))
    for (const name of (await readdir(folder)).filter((file) => file.endsWith(".sql")).sort()) {
      if (done.has(name) || !wanted(name)) continue
      await client.query("begin")
      try {
        await client.query(await readFile(join(folder, name), "utf8"))
        await client.query("insert into migration (name, applied_at) values ($1, clock_timestamp())", [name])
        await client.query("commit")
      } catch (error) {
        await client.query("rollback")
        throw new Error(`migration ${name} failed`, { cause: error })
      }
      applied.push(name)
    }
  } finally {
    await client.query("select pg_advisory_unlock($1)", [lockKey]).catch(() => undefined)
    client.release()
  }
  await migrateJobs({ pgPool: pool })
  return applied
}

/**
 * Throws when the server is older than 15, cannot split Japanese text into trigrams or is set to lose data, with what to do
 * about it. Writes nothing, so that it can be asked before the first migration.
 */
export async function checkServer(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query(
    "select current_setting('server_version_num')::int version, current_setting('server_encoding') encoding",
  )
  if (rows[0].version < 150_000) throw new UnusableServer("PostgreSQL 15 or newer is needed.")
  if (rows[0].encoding !== "UTF8") throw new UnusableServer("The database must use the encoding UTF8.")
  if (!(await splitsJapanese(pool)))
    throw new UnusableServer(
      "The database cannot see Japanese letters (LC_CTYPE is C). Create it with: createdb --template=template0 --encoding=UTF8 --lc-ctype=C.UTF-8 …",
    )
  for (const name of ["fsync", "full_page_writes"]) {
    const setting = await pool.query("select current_setting($1) value", [name])
    if (setting.rows[0].value !== "on") throw new UnusableServer(`The server runs with ${name}=off, which loses data.`)
  }
}

/** Asks the very extension that searches, by settings that it alone reads; made for the question when it is not there yet. */
async function splitsJapanese(pool: pg.Pool): Promise<boolean> {
  const client = await pool.connect()
  try {
    await client.query("begin")
    await client.query("select pg_advisory_xact_lock($1)", [lockKey])
    await client.query("create extension if not exists pg_trgm")
    const { rows } = await client.query("select cardinality(show_trgm('会員サイト')) n")
    return rows[0].n > 0
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    if (code === "42501" || code === "0A000" || code === "58P01")
      throw new UnusableServer(`The extension pg_trgm is needed and cannot be added: ${message}`)
    throw error
  } finally {
    await client.query("rollback").catch(() => undefined)
    client.release()
  }
}

/** A PostgreSQL server this product must not run on; the message says what to change. */
export class UnusableServer extends Error {}
