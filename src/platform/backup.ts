import { createReadStream, createWriteStream } from "node:fs"
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { pipeline } from "node:stream/promises"
import { createGunzip, createGzip } from "node:zlib"
import pg from "pg"
import { from as copyFrom, to as copyTo } from "pg-copy-streams"
import { now } from "./clock.ts"
import { migrate } from "./migrations.ts"

type Manifest = {
  format: 1
  madeAt: string
  server: string
  migrations: string[]
  /** In an order in which foreign keys are satisfied. */
  tables: { name: string; columns: string[]; rows: number }[]
  sequences: { name: string; value: string }[]
  eventMonths: string[]
  jobs: { identifier: string; payload: unknown; runAt: string; key: string | null; maxAttempts: number }[]
}

const leftOut = ["migration", "rate_limit", "worker_heartbeat"]

/**
 * Writes everything into a new folder: each table by COPY out of one snapshot, waiting jobs, and the stored files.
 * Needs no client tools and can be restored into another major version. Returns the number of rows.
 */
export async function backUp(pool: pg.Pool, folder: string, storedFiles: string): Promise<number> {
  await mkdir(dirname(folder), { recursive: true })
  // Everything about everybody, and the installation's own secret: for nobody else on this machine to read.
  await mkdir(folder, { recursive: false, mode: 0o700 })
  const client = await own(pool)
  try {
    await client.query("begin transaction isolation level repeatable read read only")
    const manifest = await describe(client)
    for (const table of manifest.tables) {
      const columns = table.columns.map((name) => client.escapeIdentifier(name)).join(", ")
      const out = client.query(copyTo(`copy (select ${columns} from ${client.escapeIdentifier(table.name)}) to stdout`))
      await pipeline(out, createGzip({ level: 6 }), createWriteStream(join(folder, `${table.name}.copy.gz`)))
      table.rows = out.rowCount
    }
    await client.query("commit")
    if (await stat(storedFiles).catch(() => undefined))
      await cp(storedFiles, join(folder, "files"), { recursive: true })
    await writeFile(join(folder, "manifest.json"), JSON.stringify(manifest, null, 2))
    return manifest.tables.reduce((sum, table) => sum + table.rows, 0)
  } catch (error) {
    await client.query("rollback").catch(() => undefined)
    await rm(folder, { recursive: true, force: true })
    throw error
  } finally {
    await client.end()
  }
}

/**
 * Fills an empty database from a backup folder, in one transaction: the schema as it was then, the rows, then the migrations since.
 * Refuses a database that holds anything, and a backup from a newer version.
 */
export async function restore(pool: pg.Pool, folder: string, migrations: string, storedFiles: string): Promise<number> {
  const manifest = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8")) as Manifest
  const known = new Set(await readdir(migrations))
  const unknown = manifest.migrations.filter((name) => !known.has(name))
  if (unknown.length > 0) throw new Error(`The backup was made by a newer version (it knows ${unknown.join(", ")}).`)
  const filled = await pool.query("select to_regclass('public.migration') is not null filled")
  if (filled.rows[0].filled) throw new Error("The database is not empty. Restore into a new one.")
  await migrate(pool, migrations, (name) => manifest.migrations.includes(name))
  const client = await own(pool)
  try {
    await client.query("begin")
    await client.query("select ensure_event_partition(month::timestamptz) from unnest($1::text[]) month", [
      manifest.eventMonths,
    ])
    // What triggers would write is in the backup already.
    const triggers = async (able: "enable" | "disable") => {
      for (const { name } of manifest.tables)
        await client.query(`alter table ${client.escapeIdentifier(name)} ${able} trigger user`)
    }
    await triggers("disable")
    for (const table of [...manifest.tables].reverse())
      await client.query(`delete from ${client.escapeIdentifier(table.name)}`)
    for (const table of manifest.tables) {
      const columns = table.columns.map((name) => client.escapeIdentifier(name)).join(", ")
      const into = client.query(copyFrom(`copy ${client.escapeIdentifier(table.name)} (${columns}) from stdin`))
      await pipeline(createReadStream(join(folder, `${table.name}.copy.gz`)), createGunzip(), into)
      if (into.rowCount !== table.rows) throw new Error(`${table.name}: ${into.rowCount} of ${table.rows} rows arrived`)
    }
    await triggers("enable")
    for (const { name, value } of manifest.sequences) await client.query("select setval($1, $2)", [name, value])
    for (const job of manifest.jobs)
      await client.query(
        "select graphile_worker.add_job($1, payload := $2::json, run_at := $3, job_key := $4, max_attempts := $5)",
        [job.identifier, JSON.stringify(job.payload), job.runAt, job.key, job.maxAttempts],
      )
    await client.query("commit")
  } catch (error) {
    await client.query("rollback").catch(() => undefined)
    throw error
  } finally {
    await client.end()
  }
  await migrate(pool, migrations)
  if (await stat(join(folder, "files")).catch(() => undefined))
    await cp(join(folder, "files"), storedFiles, { recursive: true })
  return manifest.tables.reduce((sum, table) => sum + table.rows, 0)
}

/** A connection apart from the pool's, which write statements ahead of answers: COPY cannot share those. */
async function own(pool: pg.Pool): Promise<pg.Client> {
  const { connectionString } = pool.options
  const client = new pg.Client({ connectionString, application_name: "musubi backup" })
  client.on("error", () => undefined)
  await client.connect()
  return client
}

async function describe(client: pg.ClientBase): Promise<Manifest> {
  const tables = await client.query(
    `select c.relname name, array_agg(a.attname::text order by a.attnum) columns,
       (select coalesce(array_agg(f.confrelid::regclass::text), '{}') from pg_constraint f
        where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid) needs
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> all($1)
     group by c.oid, c.relname order by c.relname`,
    [leftOut],
  )
  const sequences = await client.query(
    "select sequencename as name, last_value::text as value from pg_sequences where schemaname = 'public' and last_value is not null",
  )
  const months = await client.query(
    "select distinct to_char(happened_at at time zone 'UTC', 'YYYY-MM-01') as month from event",
  )
  const migrations = await client.query("select name from migration order by name")
  const jobs = await client.query(
    `select t.identifier, j.payload, j.run_at as "runAt", j.key, j.max_attempts as "maxAttempts"
     from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id order by j.id`,
  )
  return {
    format: 1,
    madeAt: now().toISOString(),
    server: (await client.query("show server_version")).rows[0].server_version,
    migrations: migrations.rows.map((row) => row.name),
    tables: inOrder(tables.rows).map((row) => ({ name: row.name, columns: row.columns, rows: 0 })),
    sequences: sequences.rows,
    eventMonths: months.rows.map((row) => row.month),
    jobs: jobs.rows,
  }
}

type Described = { name: string; columns: string[]; needs: string[] }

/** Tables after those they refer to. */
function inOrder(tables: Described[]): Described[] {
  const done: Described[] = []
  const waiting = [...tables]
  while (waiting.length > 0) {
    const at = waiting.findIndex((table) => table.needs.every((need) => !waiting.some((other) => other.name === need)))
    if (at < 0)
      throw new Error(`tables refer to each other in a circle: ${waiting.map((table) => table.name).join(", ")}`)
    done.push(...waiting.splice(at, 1))
  }
  return done
}
