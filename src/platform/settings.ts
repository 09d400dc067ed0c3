import { randomBytes } from "node:crypto"
import { now } from "./clock.ts"
import type { Db, Tx } from "./db.ts"
import { sql } from "./db.ts"

declare module "./db.ts" {
  interface Database {
    setting: { name: string; value: unknown; changedAt: Date }
    workerHeartbeat: { workerId: string; startedAt: Date; seenAt: Date; jobsAs: string[] }
  }
}

/** A setting's value, or nothing when it was never set. The caller checks its shape. */
export async function read(db: Db, name: string): Promise<unknown> {
  const row = await db.selectFrom("setting").select("value").where("name", "=", name).executeTakeFirst()
  return row?.value
}

/** Writes a setting. */
export async function write(tx: Tx | Db, name: string, value: unknown): Promise<void> {
  await sql`insert into setting (name, value, changed_at) values (${name}, ${JSON.stringify(value)}::jsonb, ${now()})
    on conflict (name) do update set value = excluded.value, changed_at = excluded.changed_at`.execute(tx)
}

/** What distinguishes this installation: an id for cookie names and a secret key for signatures, made once. */
export async function instance(db: Db): Promise<{ id: string; key: Buffer }> {
  const made = { id: randomBytes(4).toString("hex"), key: randomBytes(32).toString("base64") }
  await sql`insert into setting (name, value, changed_at) values ('instance', ${JSON.stringify(made)}::jsonb, ${now()})
    on conflict (name) do nothing`.execute(db)
  const kept = (await read(db, "instance")) as { id: string; key: string }
  return { id: kept.id, key: Buffer.from(kept.key, "base64") }
}
