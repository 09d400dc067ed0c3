import { createRoute, type OpenAPIHono } from "@hono/zod-openapi"
import { can } from "../../identity/index.ts"
import type { Ctx, Env } from "../../platform/http.ts"
import type { Storage } from "../../platform/storage.ts"
import * as files from "../files.ts"
import { NoSuchFile, UploadUnfinished, UnusableFile } from "../refusals.ts"
import { body, FileShape, IdParam, json, NewFile, plain } from "./shapes.ts"
import { uploads } from "./uploads.ts"

const tags = ["Files"]

/** /uploads (tus) and /files: what videos are made of. */
export function fileApi(group: OpenAPIHono<Env>, storage: Storage, uploadFolder: string): void {
  const unfinished = uploads(group, uploadFolder)
  group.openapi(
    createRoute({
      method: "post",
      path: "/files",
      tags,
      summary:
        "Make a file of a finished upload: checks that it is what it is given as. Send files to /uploads first (tus 1.0.0)",
      middleware: [can("videos:write")] as const,
      request: body(NewFile),
      responses: { 201: json("The file", FileShape) },
    }),
    async (c) => {
      const given = c.req.valid("json")
      const id = files.idOfUpload(given.uploadId)
      if (await files.find(c.var.db, id)) return c.json(await answer(c, id), 201)
      try {
        const upload = await unfinished.finished(given.uploadId)
        if (!upload) throw new NoSuchFile()
        if (!upload.complete) throw new UploadUnfinished()
        const kind = files.fileKinds.find((one) => one === (given.kind ?? upload.kind)) ?? "video"
        const name = given.name || upload.name || kind
        const stored = await files.store(storage, upload.path, { kind, name, uploadId: given.uploadId })
        await c.var.tx((tx) => files.keep(tx, stored, c.var.actor))
      } catch (error) {
        // Asked for twice at once: the other has taken the upload over and away meanwhile.
        if (await files.find(c.var.db, id)) return c.json(await answer(c, id), 201)
        if (error instanceof UnusableFile) await unfinished.remove(given.uploadId)
        throw error
      }
      await unfinished.remove(given.uploadId)
      return c.json(await answer(c, id), 201)
    },
  )
  group.openapi(
    createRoute({
      method: "get",
      path: "/files/{id}",
      tags,
      summary: "What is known of a file",
      middleware: [can("videos:read")] as const,
      request: { params: IdParam },
      responses: { 200: json("The file", FileShape) },
    }),
    async (c) => c.json(await answer(c, c.req.valid("param").id), 200),
  )
}

async function answer(c: Ctx, id: string) {
  const { kind, originalName, contentType, bytes, probe, uploadedAt } = await files.get(c.var.db, id)
  return plain({
    id,
    kind,
    originalName,
    contentType,
    bytes,
    durationSeconds: probe?.duration ?? null,
    width: probe?.width ?? null,
    height: probe?.height ?? null,
    codec: probe?.codec ?? null,
    uploadedAt,
  })
}
