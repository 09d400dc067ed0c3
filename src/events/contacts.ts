import { sql, type Tx } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"

/** Makes a known contact and gives its id. */
export async function create(tx: Tx, at: Date): Promise<string> {
  const id = newId()
  await tx.insertInto("contact").values({ id, anonymous: false, createdAt: at, erasedAt: null }).execute()
  return id
}

/** Makes the anonymous contacts among these ids that do not exist yet. */
export async function ensureAnonymous(tx: Tx, ids: string[], at: Date): Promise<void> {
  if (ids.length === 0) return
  await sql`insert into contact (id, anonymous, created_at)
    select distinct id, true, ${at}::timestamptz from unnest(${ids}::uuid[]) id order by id
    on conflict do nothing`.execute(tx)
}
