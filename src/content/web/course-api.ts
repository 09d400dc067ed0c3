import { createRoute, type OpenAPIHono } from "@hono/zod-openapi"
import { can } from "../../identity/index.ts"
import { listOf } from "../../platform/api.ts"
import type { Env } from "../../platform/http.ts"
import * as courses from "../courses.ts"
import { body, CourseChanges, CourseShape, IdParam, json, NewCourse, plain } from "./shapes.ts"

const tags = ["Courses"]
const one = { 200: json("The course", CourseShape) }

/** /courses: list, add, change, order, remove. */
export function courseApi(group: OpenAPIHono<Env>): void {
  group.openapi(
    createRoute({
      method: "get",
      path: "/courses",
      tags,
      summary: "All courses in their order, with the ids of their videos",
      middleware: [can("videos:read")] as const,
      responses: { 200: json("Courses", listOf(CourseShape)) },
    }),
    async (c) => c.json(plain({ data: await courses.list(c.var.db), nextCursor: null }), 200),
  )
  group.openapi(
    createRoute({
      method: "post",
      path: "/courses",
      tags,
      summary: "Add a course",
      middleware: [can("videos:write")] as const,
      request: body(NewCourse),
      responses: { 201: json("The course", CourseShape) },
    }),
    async (c) => {
      const id = await c.var.tx((tx) => courses.create(tx, c.req.valid("json"), c.var.actor))
      return c.json(plain(await courses.get(c.var.db, id)), 201)
    },
  )
  group.openapi(
    createRoute({
      method: "get",
      path: "/courses/{id}",
      tags,
      summary: "One course",
      middleware: [can("videos:read")] as const,
      request: { params: IdParam },
      responses: one,
    }),
    async (c) => c.json(plain(await courses.get(c.var.db, c.req.valid("param").id)), 200),
  )
  group.openapi(
    createRoute({
      method: "patch",
      path: "/courses/{id}",
      tags,
      summary: "Change a course, or the order of its videos",
      middleware: [can("videos:write")] as const,
      request: { params: IdParam, ...body(CourseChanges) },
      responses: one,
    }),
    async (c) => {
      const { id } = c.req.valid("param")
      const { videoIds, ...changes } = c.req.valid("json")
      await c.var.tx(async (tx) => {
        if (Object.keys(changes).length > 0) await courses.change(tx, id, changes, c.var.actor)
        if (videoIds) await courses.order(tx, id, videoIds, c.var.actor)
      })
      return c.json(plain(await courses.get(c.var.db, id)), 200)
    },
  )
  group.openapi(
    createRoute({
      method: "delete",
      path: "/courses/{id}",
      tags,
      summary: "Remove a course; its videos stay",
      middleware: [can("videos:write")] as const,
      request: { params: IdParam },
      responses: { 204: { description: "Removed" } },
    }),
    async (c) => {
      await c.var.tx((tx) => courses.remove(tx, c.req.valid("param").id, c.var.actor))
      return c.body(null, 204)
    },
  )
}
