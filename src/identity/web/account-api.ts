import { createRoute, z } from "@hono/zod-openapi"
import { now } from "../../platform/clock.ts"
import { apiRoutes } from "../../platform/api.ts"
import * as accounts from "../accounts.ts"
import { can } from "./policies.ts"
import { AccountShape, body, IdParam, json, problem } from "./shapes.ts"

/** The account of a contact, as staff see it. */
export const accountApi = apiRoutes()
const tags = ["Accounts"]
const responses = { 200: json("The account", AccountShape), 404: problem("The contact has no account") }

accountApi.openapi(
  createRoute({
    method: "get",
    path: "/contacts/{id}/account",
    tags,
    summary: "The account of a contact",
    middleware: [can("contacts:read")] as const,
    request: { params: IdParam },
    responses,
  }),
  async (c) => c.json(await accounts.get(c.var.db, c.req.valid("param").id), 200),
)

accountApi.openapi(
  createRoute({
    method: "put",
    path: "/contacts/{id}/account/suspension",
    tags,
    summary: "Lock a member out at once",
    middleware: [can("contacts:write")] as const,
    request: { params: IdParam, ...body(z.object({ reason: z.string().trim().min(1).max(1_000) })) },
    responses,
  }),
  async (c) => {
    const { id } = c.req.valid("param")
    const { reason } = c.req.valid("json")
    await c.var.tx((tx) => accounts.suspend(tx, id, reason, c.var.actor, now()))
    return c.json(await accounts.get(c.var.db, id), 200)
  },
)

accountApi.openapi(
  createRoute({
    method: "delete",
    path: "/contacts/{id}/account/suspension",
    tags,
    summary: "Let a suspended member sign in again",
    middleware: [can("contacts:write")] as const,
    request: { params: IdParam },
    responses,
  }),
  async (c) => {
    const { id } = c.req.valid("param")
    await c.var.tx((tx) => accounts.resume(tx, id, c.var.actor))
    return c.json(await accounts.get(c.var.db, id), 200)
  },
)
