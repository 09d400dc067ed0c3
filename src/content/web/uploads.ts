import { join } from "node:path"
import { FileStore } from "@tus/file-store"
import { Server } from "@tus/server"
import { can } from "../../identity/index.ts"
import { type Ctx, type Env, NoSuchPage } from "../../platform/http.ts"
import * as settings from "../../platform/settings.ts"
import { log } from "../../platform/log.ts"
import type { Hono } from "hono"
import type { Db } from "../../platform/db.ts"
import { inOurWords } from "./upload-problems.ts"

const path = "/api/uploads"
const eightGiB = 8 * 2 ** 30
/** Set to another number of bytes to allow larger or smaller files. */
const sizeSetting = "content.maxUploadBytes"

/** Resumable uploads (tus 1.0.0) into a folder of unfinished files; `POST /api/files` makes a file of a finished one. */
export function uploads(
  api: Hono<Env>,
  folder: string,
): { finished(id: string): Promise<Finished | undefined>; remove(id: string): Promise<void> } {
  const store = new FileStore({ directory: folder })
  const limits = new WeakMap<Request, number>()
  const server = new Server({
    path,
    datastore: store,
    relativeLocation: true,
    allowedOrigins: [],
    // Nobody reads a server's fault in the answer; here it is kept.
    onResponseError: (_, error) => {
      if (!("status_code" in error) || error.status_code >= 500) log.error({ err: error }, "an upload failed")
      return undefined
    },
    maxSize: (request) => limits.get(request as unknown as Request) ?? eightGiB,
  })
  const handle = async (c: Ctx) => {
    const most = await largest(c.var.db)
    limits.set(c.req.raw, most)
    const answer = await server.handleWeb(c.req.raw as Parameters<typeof server.handleWeb>[0])
    return inOurWords(c, answer, most)
  }
  api.on(["POST", "OPTIONS"], "/uploads", can("videos:write"), (c) => handle(c))
  api.on(["PATCH", "DELETE"], "/uploads/:id", can("videos:write"), (c) => handle(c))
  // HEAD, by which an upload is resumed, comes in by the route of GET; the bytes themselves are not given out here.
  api.get("/uploads/:id", can("videos:write"), (c) => {
    if (c.req.method !== "HEAD") throw new NoSuchPage()
    return handle(c)
  })
  return {
    async finished(id) {
      const upload = /^[0-9a-f]{32}$/.test(id) ? await store.getUpload(id).catch(() => undefined) : undefined
      if (!upload || upload.size === undefined) return undefined
      return {
        path: join(folder, id),
        complete: upload.offset === upload.size,
        name: upload.metadata?.filename ?? "",
        kind: upload.metadata?.kind ?? "",
      }
    },
    remove: (id) => store.remove(id).catch(() => undefined),
  }
}

type Finished = { path: string; complete: boolean; name: string; kind: string }

async function largest(db: Db): Promise<number> {
  const set = await settings.read(db, sizeSetting)
  return typeof set === "number" && set > 0 ? set : eightGiB
}
