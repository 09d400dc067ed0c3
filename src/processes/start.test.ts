import { expect, inject, test } from "vitest"
import { readConfig } from "../config.ts"
import { connect } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import { UnusableServer } from "../platform/migrations.ts"
import { migrateOnly } from "./maintenance.ts"
import { bringUpToDate } from "./start.ts"

test("a database that is blind for Japanese is refused before anything is written into it", async () => {
  const root = connect(inject("serverUrl"), { max: 1, name: "musubi test" })
  const name = `musubi_blind_${newId().slice(-12)}`
  await root.pool.query(`create database ${name} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'`)
  const url = new URL(inject("serverUrl"))
  url.pathname = `/${name}`
  try {
    await expect(bringUpToDate(url.href)).rejects.toThrow(UnusableServer)
    await expect(bringUpToDate(url.href)).rejects.toThrow(/LC_CTYPE is C/)
    const config = readConfig({ DATABASE_URL: url.href, DATA_DIR: inject("folder"), LOG_LEVEL: "silent" })
    await expect(migrateOnly(config)).rejects.toThrow(/LC_CTYPE is C/)
    const db = connect(url.href, { max: 1, name: "musubi test" })
    const { rows } = await db.pool.query(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace
       union all select extname from pg_extension where extname <> 'plpgsql'
       union all select nspname from pg_namespace where nspname like 'graphile%'`,
    )
    await db.destroy()
    expect(rows).toEqual([])
  } finally {
    await root.pool.query(`drop database ${name} with (force)`)
    await root.destroy()
  }
})
