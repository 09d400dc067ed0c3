import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { TestProject } from "vitest/node"
import { connect } from "../../src/platform/db.ts"
import { checkServer, migrate } from "../../src/platform/migrations.ts"
import { startPostgres } from "../../src/platform/postgres.ts"

declare module "vitest" {
  interface ProvidedContext {
    serverUrl: string
    templateName: string
    /** A folder of this run, gone with it. */
    folder: string
  }
}

/** One PostgreSQL for the whole run (ours, or TEST_DATABASE_URL) with a migrated template that every test file copies. */
export default async function setup(project: TestProject) {
  const folder = await mkdtemp(join(tmpdir(), "musubi-test-"))
  const given = process.env.TEST_DATABASE_URL
  const own = given ? undefined : await startPostgres(folder, { settings: { max_connections: "200" } })
  const url = given ?? own!.url
  const templateName = `musubi_template_${process.pid}`
  const root = connect(url, { max: 1, name: "musubi test setup" })
  await root.pool.query(
    `create database ${templateName} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C.UTF-8'`,
  )
  const template = connect(databaseUrl(url, templateName), { max: 2, name: "musubi test setup" })
  await migrate(template.pool, "migrations")
  await checkServer(template.pool)
  await template.destroy()
  project.provide("serverUrl", url)
  project.provide("templateName", templateName)
  project.provide("folder", folder)
  return async () => {
    // The stories fill a second template beside the first.
    await root.pool.query(`drop database if exists ${templateName}_demo with (force)`)
    await root.pool.query(`drop database if exists ${templateName} with (force)`)
    await root.destroy()
    await own?.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

function databaseUrl(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}
