import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { Readable } from "node:stream"
import { audit } from "../events/index.ts"
import type { Actor } from "../platform/actors.ts"
import { now } from "../platform/clock.ts"
import { type Db, sql, transact, type Tx } from "../platform/db.ts"
import { idOf } from "../platform/ids.ts"
import { add } from "../platform/jobs.ts"
import type { Storage } from "../platform/storage.ts"
import * as probes from "./probes.ts"
import { NoSuchFile } from "./refusals.ts"

export const fileKinds = ["video", "captions", "poster"] as const
export type FileKind = (typeof fileKinds)[number]

/** A file that is in storage but not yet in the database. */
type Stored = {
  id: string
  kind: FileKind
  storageKey: string
  originalName: string
  contentType: string
  bytes: number
  sha256: Buffer
  probe: probes.Probe | null
}

/** Checks an uploaded file on disk and copies it into storage; refuses what is not what it is given as. Outside any transaction. */
export async function store(
  storage: Storage,
  path: string,
  given: { kind: FileKind; name: string; uploadId: string },
): Promise<Stored> {
  const probe = given.kind === "video" ? await probes.video(path) : null
  const contentType =
    probe?.contentType ?? (await (given.kind === "captions" ? probes.captions(path) : probes.poster(path)))
  const id = idOfUpload(given.uploadId)
  const storageKey = `content/${id.slice(-2)}/${id}`
  const hash = createHash("sha256")
  let bytes = 0
  // Read only while it is being written, so that a failure of either side ends the other.
  async function* measured() {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      hash.update(chunk)
      bytes += chunk.length
      yield chunk
    }
  }
  await storage.put(storageKey, Readable.from(measured()))
  return {
    id,
    kind: given.kind,
    storageKey,
    originalName: given.name.slice(0, 250),
    contentType,
    bytes,
    sha256: hash.digest(),
    probe,
  }
}

/** Writes a stored file down, so that videos can name it. */
export async function keep(tx: Tx, stored: Stored, by: Actor): Promise<string> {
  const { id, kind, probe, storageKey, originalName, contentType, bytes, sha256 } = stored
  const kept = await tx
    .insertInto("file")
    .values({
      id,
      kind,
      storageKey,
      originalName,
      contentType,
      bytes,
      sha256,
      probe: probe ? JSON.stringify(probe) : null,
      uploadedBy: by.kind === "staff" ? by.staffId : null,
      uploadedAt: now(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst()
  if (!kept) return id
  await audit.record(tx, by, "file.upload", { kind: "file", id }, { after: { originalName, contentType, bytes } })
  return id
}

/** The id of the file that an upload becomes: the same however often it is taken over. */
export function idOfUpload(uploadId: string): string {
  return idOf("upload", uploadId)
}

/** A kept file, if there is one. */
export async function find(db: Db, id: string) {
  return db.selectFrom("file").selectAll().where("id", "=", id).executeTakeFirst()
}

/** A kept file, or a refusal. */
export async function get(db: Db, id: string) {
  const found = await find(db, id)
  if (!found) throw new NoSuchFile()
  return found
}

const orphanDays = 2

/** Lets go of files that no video has named for two days (replaced, or uploaded and never used); their bytes follow by a job, so that a crash leaves none behind. */
export async function sweep(db: Db): Promise<number> {
  const before = new Date(now().getTime() - orphanDays * 86_400_000)
  return transact(db, async (tx) => {
    const { rows } = await sql<{ storageKey: string }>`
      delete from file f where f.uploaded_at < ${before} and coalesce(f.dropped_at, f.uploaded_at) < ${before}
        and not exists (select from video v where f.id in (v.file_id, v.captions_file_id, v.poster_file_id))
      returning f.storage_key`.execute(tx)
    for (const { storageKey } of rows) await add(tx, "content.removeBlob", { storageKey })
    return rows.length
  })
}
