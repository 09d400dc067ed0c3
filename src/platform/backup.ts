import { createReadStream, createWriteStream } from "node:fs"
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { dirname, join, relative } from "node:path"
import { pipeline } from "node:stream/promises"
import { createGunzip, createGzip } from "node:zlib"
import pg from "pg"
import { from as copyFrom, to as copyTo } from "pg-copy-streams"
import { now } from "./clock.ts"
import { migrate, UnusableServer } from "./migrations.ts"
import { unfinished } from "./storage.ts"

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

const lockKey = 7_305_816
/** The table that says that a restore has begun and not ended, and how far it is. */
const marker = "restore_under_way"
const leftOut = ["migration", "rate_limit", "worker_heartbeat", marker]

/** A backup or a database that this cannot be done with; the message is all that whoever asked has to know. */
export class NotPossible extends Error {}

/**
 * Writes everything into a new folder: each table by COPY out of one snapshot, waiting jobs, and the stored files.
 * Needs no client tools and can be restored into another major version. Returns the number of rows.
 */
export async function backUp(pool: pg.Pool, folder: string, storedFiles: string): Promise<number> {
  await refuseHalfRestored(pool)
  await mkdir(dirname(folder), { recursive: true })
  // Everything about everybody, and the installation's own secret: for nobody else on this machine to read.
  await mkdir(folder, { recursive: false, mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "EEXIST" ? new NotPossible(`${folder} is there already. Name a new folder.`) : error
  })
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
    await copyFiles(storedFiles, join(folder, "files"))
    // Last: a folder without it is no backup.
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
 * Fills an empty database from a backup folder: the schema as it was then, all rows in one transaction, the migrations since,
 * then the stored files. One that was killed or failed goes on where it was when it is called again with the same backup;
 * until it has ended the product does not start on that database. Refuses a database that holds anything else, and a backup
 * from a newer version.
 */
export async function restore(pool: pg.Pool, folder: string, migrations: string, storedFiles: string): Promise<number> {
  const manifest = await readManifest(folder, migrations)
  const client = await own(pool)
  try {
    // Whoever comes second waits, and finds a database that is not empty.
    await client.query("select pg_advisory_lock($1)", [lockKey])
    await begin(client, manifest)
    await migrate(pool, migrations, (name) => manifest.migrations.includes(name))
    const { rows } = await client.query(`select filled from ${marker}`)
    if (!rows[0].filled) await fill(client, folder, manifest)
    await migrate(pool, migrations)
    await copyFiles(join(folder, "files"), storedFiles)
    await client.query(`drop table ${marker}`)
  } finally {
    await client.end()
  }
  return manifest.tables.reduce((sum, table) => sum + table.rows, 0)
}

/** Throws when a restore into this database has begun and not ended. */
export async function refuseHalfRestored(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query("select to_regclass($1) is not null as half", [`public.${marker}`])
  if (rows[0].half)
    throw new UnusableServer(
      "A backup was being restored into this database, and that has not ended. Run bin/restore with that backup again.",
    )
}

async function readManifest(folder: string, migrations: string): Promise<Manifest> {
  const text = await readFile(join(folder, "manifest.json"), "utf8").catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT" ? new NotPossible(`There is no finished backup in ${folder}.`) : error
  })
  const manifest = JSON.parse(text) as Manifest
  const known = new Set(await readdir(migrations))
  const unknown = manifest.migrations.filter((name) => !known.has(name))
  if (unknown.length > 0 || manifest.format !== 1)
    throw new NotPossible(
      `The backup was made by a newer version (it knows ${unknown.join(", ") || "another format"}).`,
    )
  return manifest
}

/** Marks an empty database as one into which this backup is being restored, unless it is that already. */
async function begin(client: pg.Client, { madeAt }: Manifest): Promise<void> {
  const { rows } = await client.query(
    "select to_regclass('public.migration') is not null as used, to_regclass($1) is not null as begun",
    [`public.${marker}`],
  )
  const { used, begun } = rows[0]
  if (used && !begun) throw new NotPossible("The database is not empty. Restore into a new one.")
  if (!begun)
    await client.query(
      `begin; create table ${marker} (backup text not null, filled boolean not null);
       insert into ${marker} values (${client.escapeLiteral(madeAt)}, false); commit`,
    )
  const other = await client.query(`select backup from ${marker} where backup <> $1`, [madeAt])
  if (other.rows.length > 0)
    throw new NotPossible(
      `The backup of ${other.rows[0].backup} was being restored into this database. Go on with that one, or take a new database.`,
    )
}

/** All rows and jobs, in one transaction. */
async function fill(client: pg.Client, folder: string, manifest: Manifest): Promise<void> {
  await client.query("begin")
  try {
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
    await client.query(`update ${marker} set filled = true`)
    await client.query("commit")
  } catch (error) {
    await client.query("rollback").catch(() => undefined)
    throw error
  }
}

/** Copies stored files; what goes while the product runs is let go, what is only being written is left out. */
async function copyFiles(from: string, to: string): Promise<void> {
  const gone = (error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error
    return []
  }
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true }).catch(gone)) {
    const path = join(entry.parentPath, entry.name)
    const key = relative(from, path)
    if (!entry.isFile() || key.startsWith(unfinished)) continue
    await mkdir(dirname(join(to, key)), { recursive: true })
    await copyFile(path, join(to, key)).catch(gone)
  }
}

/**
 * A connection apart from the pool's, which write statements ahead of answers: COPY cannot share those. What it writes as text
 * is read alike everywhere, however the server is set.
 */
async function own(pool: pg.Pool): Promise<pg.Client> {
  const { connectionString } = pool.options
  const client = new pg.Client({ connectionString, application_name: "musubi backup" })
  client.on("error", () => undefined)
  await client.connect()
  await client.query(
    "set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; set extra_float_digits = 1",
  )
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
