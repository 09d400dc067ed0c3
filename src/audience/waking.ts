import { now } from "../platform/clock.ts"
import { type Db, sql } from "../platform/db.ts"
import { time } from "./registry.ts"

const batch = 1_000

/**
 * Hands people of whom time alone may have changed an answer over to evaluation, oldest first. Says whether there may be more.
 * Evaluation sets the next waking; one statement, so a killed process loses nobody.
 */
export async function turn(db: Db): Promise<boolean> {
  const at = now()
  const { rows } = await sql<{ woken: number; told: unknown }>`
    with due as materialized (
      select contact_id from wake where wake_at <= ${at} order by wake_at limit ${batch} for update skip locked),
    woken as (delete from wake w using due where w.contact_id = due.contact_id returning w.contact_id, w.wake_at),
    put as (
      insert into dirty (contact_id, changes, happened_at, history)
      select contact_id, array[${time}::text], wake_at, null::boolean from woken returning 1)
    select count(*)::int as woken, case when count(*) > 0 then pg_notify('dirty', '') end as told from put`.execute(db)
  return rows[0]!.woken === batch
}
