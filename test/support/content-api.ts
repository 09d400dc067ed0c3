import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { OpenAPIHono } from "@hono/zod-openapi"
import { afterAll } from "vitest"
import { files, watching } from "../../src/content/index.ts"
import { api } from "../../src/content/web/api.ts"
import type { Actor } from "../../src/platform/actors.ts"
import * as clock from "../../src/platform/clock.ts"
import { type Db, sql, transact } from "../../src/platform/db.ts"
import { answerErrors, type Env, foundation } from "../../src/platform/http.ts"
import { newId } from "../../src/platform/ids.ts"
import { folderStorage } from "../../src/platform/storage.ts"

export const clip = await readFile("test/support/clip.mp4")

/** The API of videos and files as an editor finds it, with storage of its own; `as` lets somebody else ask. Call once, at the top of the file. */
export async function contentApi(db: Db) {
  const folder = await mkdtemp(join(tmpdir(), "musubi-api-"))
  afterAll(() => rm(folder, { recursive: true }))
  const storage = folderStorage(join(folder, "files"))
  const uploadFolder = join(folder, "uploads")
  const staffId = newId()
  await sql`insert into staff (id, address, address_key, name, role, password_hash, created_at)
    values (${staffId}, 'e@example.jp', 'e@example.jp', '編集', 'editor', 'x', '2026-01-01')`.execute(db)
  const editor: Actor = { kind: "staff", staffId, role: "editor" }
  let actor: Actor = editor
  const app = new OpenAPIHono<Env>()
  const site = { publicUrl: "http://localhost", secure: false, instance: "abc", trustProxy: false, testClock: true }
  app.use(foundation(db, site))
  answerErrors(app, (c, problem) => c.json(problem, problem.status as 400))
  app.use(async (c, next) => {
    c.set("actor", actor)
    await next()
  })
  app.route("/api", api(storage, uploadFolder))

  // biome-ignore lint/suspicious/noExplicitAny: answers are checked by the tests
  async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> {
    const answer = await app.request(`/api${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    })
    const text = await answer.text()
    return { status: answer.status, body: text ? JSON.parse(text) : undefined }
  }

  /** A kept video file. */
  async function aFile(path = "test/support/clip.mp4"): Promise<string> {
    const stored = await files.store(storage, path, { kind: "video", name: "動画.mp4", uploadId: newId() })
    return transact(db, (tx) => files.keep(tx, stored, editor))
  }

  const as = (somebody: Actor) => {
    actor = somebody
  }
  return { app, storage, uploadFolder, call, aFile, as, editor }
}

/** Somebody plays these seconds of a video, in a player that was open for a minute. */
export async function plays(
  db: Db,
  contactId: string,
  videoId: string,
  ranges: [number, number][],
  at = clock.now(),
): Promise<void> {
  const times = { happenedAt: at, receivedAt: at, startedAt: new Date(at.getTime() - 60_000) }
  const report = { contactId, videoId, id: newId(), ranges, position: ranges.at(-1)![1], ...times }
  await transact(db, (tx) => watching.report(tx, report))
}
