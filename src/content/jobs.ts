import { readdir, rm, stat } from "node:fs/promises"
import { join } from "node:path"
import { changes } from "../audience/index.ts"
import { now } from "../platform/clock.ts"
import { type Db, sql, transact } from "../platform/db.ts"
import type { Job, Scheduled } from "../platform/jobs.ts"
import type { Storage } from "../platform/storage.ts"
import * as files from "./files.ts"

/** Counts anew how many people of each rank completed which video. Replaces only what differs, so that the catalogue is not read again for nothing. */
export async function countPopularity(db: Db): Promise<void> {
  await transact(db, (tx) =>
    sql`with counted as (
        select h.rank_id, w.video_id, count(*)::integer completed from watch w
        join rank_history h on h.contact_id = w.contact_id and h.until is null
        where w.completed_at is not null group by h.rank_id, w.video_id)
      merge into video_popularity p using (
        select coalesce(c.rank_id, o.rank_id) rank_id, coalesce(c.video_id, o.video_id) video_id, c.completed, o.completed as old
        from counted c full join video_popularity o on o.rank_id = c.rank_id and o.video_id = c.video_id
        where c.completed is distinct from o.completed) n
      on p.rank_id = n.rank_id and p.video_id = n.video_id
      when matched and n.completed is null then delete
      when matched then update set completed = n.completed
      when not matched then insert (rank_id, video_id, completed) values (n.rank_id, n.video_id, n.completed)`.execute(
      tx,
    ),
  )
}

const batch = 1_000

/** After a new file, other tags or another course: counts the seconds within the video anew and lets conditions look at its viewers again. */
export async function remeasure(db: Db, { videoId }: { videoId: string }): Promise<void> {
  let after = "00000000-0000-0000-0000-000000000000"
  for (;;) {
    const contactIds = await transact(db, async (tx) => {
      const { rows } = await sql<{ contactId: string }>`
        with part as (select w.contact_id, w.video_id from watch w where w.video_id = ${videoId} and w.contact_id > ${after}
          order by w.contact_id limit ${batch} for update)
        update watch w set seconds = watched_seconds(w.ranges * int4multirange(int4range(0, v.duration_seconds)))
        from part s join video v on v.id = s.video_id where w.contact_id = s.contact_id and w.video_id = s.video_id
        returning w.contact_id`.execute(tx)
      await changes.mark(
        tx,
        rows.map(({ contactId }) => ({
          contactId,
          changes: ["watch", `watch:${videoId}`],
          happenedAt: now(),
          history: false,
        })),
      )
      return rows.map((row) => row.contactId).sort()
    })
    if (contactIds.length < batch) return
    after = contactIds.at(-1)!
  }
}

const uploadHours = 24

/** Removes uploads that were never finished or never used, a day after their last byte. */
export async function clearUploads(folder: string): Promise<number> {
  const before = now().getTime() - uploadHours * 3_600_000
  let removed = 0
  for (const name of await readdir(folder).catch(() => [])) {
    const id = name.replace(/\.json$/, "")
    const times = await Promise.all(
      [join(folder, id), join(folder, `${id}.json`)].map((path) =>
        stat(path).then(
          (s) => s.mtimeMs,
          () => 0,
        ),
      ),
    )
    if (Math.max(...times) >= before) continue
    await rm(join(folder, name), { force: true })
    removed++
  }
  return removed
}

/** The jobs of this module for the composition root. */
export function jobs(storage: Storage, uploadFolder: string): Record<string, Job> {
  return {
    "content.popularity": (db) => countPopularity(db),
    "content.remeasure": (db, payload) => remeasure(db, payload),
    "content.sweep": async (db) => {
      await clearUploads(uploadFolder)
      await files.sweep(db)
    },
    "content.removeBlob": (_, { storageKey }: { storageKey: string }) => storage.remove(storageKey),
  }
}

/** When they run by themselves (UTC). */
export const schedule: Scheduled[] = [
  { job: "content.popularity", cron: "*/10 * * * *" },
  { job: "content.sweep", cron: "37 * * * *" },
]
