import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi"
import { can } from "../../identity/index.ts"
import { listOf } from "../../platform/api.ts"
import type { Ctx, Env } from "../../platform/http.ts"
import type { Storage } from "../../platform/storage.ts"
import * as files from "../files.ts"
import { NoSuchFile } from "../refusals.ts"
import * as videos from "../videos.ts"
import { send } from "./media.ts"
import {
  body,
  IdParam,
  json,
  NewVideo,
  Page,
  plain,
  Publication,
  VideoChanges,
  VideoDetailShape,
  VideoShape,
} from "./shapes.ts"

const tags = ["Videos"]
const detail = { 200: json("The video", VideoDetailShape) }
const answer = async (c: Ctx, id: string) => plain(await videos.get(c.var.db, id))

/** /videos: list, add, change, publish, archive. */
export function videoApi(group: OpenAPIHono<Env>, storage: Storage): void {
  group.openapi(
    createRoute({
      method: "get",
      path: "/videos",
      tags,
      summary: "Videos, the last changed first",
      middleware: [can("videos:read")] as const,
      request: {
        query: z.object({
          ...Page,
          search: z.string().trim().max(200).optional().openapi({ description: "In title, address or as a whole tag" }),
          state: z.enum(["draft", "published", "archived"]).optional(),
          courseId: z.uuid().optional(),
        }),
      },
      responses: { 200: json("Videos", listOf(VideoShape)) },
    }),
    async (c) => c.json(plain(await videos.list(c.var.db, c.req.valid("query"))), 200),
  )
  group.openapi(
    createRoute({
      method: "post",
      path: "/videos",
      tags,
      summary: "Add a video as a draft",
      middleware: [can("videos:write")] as const,
      request: body(NewVideo),
      responses: { 201: json("The draft", VideoDetailShape) },
    }),
    async (c) => {
      const id = await c.var.tx((tx) => videos.create(tx, c.req.valid("json"), c.var.actor))
      return c.json(await answer(c, id), 201)
    },
  )
  group.openapi(
    createRoute({
      method: "get",
      path: "/videos/{id}",
      tags,
      summary: "One video with its access rules",
      middleware: [can("videos:read")] as const,
      request: { params: IdParam },
      responses: detail,
    }),
    async (c) => c.json(await answer(c, c.req.valid("param").id), 200),
  )
  group.openapi(
    createRoute({
      method: "patch",
      path: "/videos/{id}",
      tags,
      summary: "Change what is given and leave the rest; a new file keeps what people watched",
      middleware: [can("videos:write")] as const,
      request: { params: IdParam, ...body(VideoChanges) },
      responses: detail,
    }),
    async (c) => {
      const { id } = c.req.valid("param")
      await c.var.tx((tx) => videos.change(tx, id, c.req.valid("json"), c.var.actor))
      return c.json(await answer(c, id), 200)
    },
  )
  group.openapi(
    createRoute({
      method: "post",
      path: "/videos/{id}/publication",
      tags,
      summary: "Publish, now or from an instant on",
      middleware: [can("videos:write")] as const,
      request: { params: IdParam, body: { content: { "application/json": { schema: Publication } } } },
      responses: detail,
    }),
    async (c) => {
      const { id } = c.req.valid("param")
      await c.var.tx((tx) => videos.publish(tx, id, c.var.actor, c.req.valid("json")?.publishedAt))
      return c.json(await answer(c, id), 200)
    },
  )
  group.openapi(
    createRoute({
      method: "delete",
      path: "/videos/{id}/publication",
      tags,
      summary: "Take a video back into drafts",
      middleware: [can("videos:write")] as const,
      request: { params: IdParam },
      responses: detail,
    }),
    async (c) => {
      const { id } = c.req.valid("param")
      await c.var.tx((tx) => videos.unpublish(tx, id, c.var.actor))
      return c.json(await answer(c, id), 200)
    },
  )
  group.openapi(
    createRoute({
      method: "delete",
      path: "/videos/{id}",
      tags,
      summary: "Archive a video; what people watched of it stays",
      middleware: [can("videos:write")] as const,
      request: { params: IdParam },
      responses: detail,
    }),
    async (c) => {
      const { id } = c.req.valid("param")
      await c.var.tx((tx) => videos.archive(tx, id, c.var.actor))
      return c.json(await answer(c, id), 200)
    },
  )
  group.openapi(
    createRoute({
      method: "get",
      path: "/videos/{id}/{part}",
      tags,
      summary: "The bytes of a video's file, captions or poster, also by range, for staff to look at",
      middleware: [can("videos:read")] as const,
      request: { params: IdParam.extend({ part: z.enum(["file", "captions", "poster"]) }) },
      responses: { 200: { description: "The bytes" }, 206: { description: "The range asked for" } },
    }),
    async (c) => {
      const { id, part } = c.req.valid("param")
      const video = await videos.get(c.var.db, id)
      const fileId = { file: video.fileId, captions: video.captionsFileId, poster: video.posterFileId }[part]
      if (!fileId) throw new NoSuchFile()
      return send(c, storage, await files.get(c.var.db, fileId))
    },
  )
}
