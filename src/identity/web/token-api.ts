import { createRoute, z } from "@hono/zod-openapi"
import { apiRoutes, listOf } from "../../platform/api.ts"
import * as apiTokens from "../api-tokens.ts"
import { can } from "./policies.ts"
import { ApiTokenShape, body, IdParam, json, NameShape, PageQuery, PermissionShape, pageOf, problem } from "./shapes.ts"

/** The keys by which programs use the API. */
export const tokenApi = apiRoutes()
const tags = ["API tokens"]

tokenApi.openapi(
  createRoute({
    method: "get",
    path: "/api-tokens",
    tags,
    summary: "All API tokens, revoked ones too; never their secrets",
    middleware: [can("keys:read")] as const,
    request: { query: PageQuery },
    responses: { 200: json("Tokens", listOf(ApiTokenShape)) },
  }),
  async (c) => {
    const { cursor, limit } = c.req.valid("query")
    return c.json(pageOf(await apiTokens.list(c.var.db, { cursor, limit: limit + 1 }), limit), 200)
  },
)

tokenApi.openapi(
  createRoute({
    method: "post",
    path: "/api-tokens",
    tags,
    summary: "Make a token; its secret is in this answer and never again",
    middleware: [can("keys:write")] as const,
    request: body(
      z.object({
        name: NameShape,
        scopes: z.array(PermissionShape).min(1),
        expiresAt: z.iso.datetime({ offset: true }).nullable().optional(),
      }),
    ),
    responses: {
      201: json("The token and its secret", ApiTokenShape.extend({ secret: z.string() }).openapi("NewApiToken")),
      403: problem("A scope goes beyond your own permissions"),
    },
  }),
  async (c) => {
    const { name, scopes, expiresAt } = c.req.valid("json")
    const draft = { name, scopes, expiresAt: expiresAt ? new Date(expiresAt) : null }
    const { token, secret } = await c.var.tx((tx) => apiTokens.create(tx, draft, c.var.actor))
    return c.json({ ...token, secret }, 201)
  },
)

tokenApi.openapi(
  createRoute({
    method: "delete",
    path: "/api-tokens/{id}",
    tags,
    summary: "Revoke a token; it fails from the next request on",
    middleware: [can("keys:write")] as const,
    request: { params: IdParam },
    responses: { 200: json("Revoked", ApiTokenShape), 404: problem("No such token") },
  }),
  async (c) => {
    const { id } = c.req.valid("param")
    return c.json(await c.var.tx((tx) => apiTokens.revoke(tx, id, c.var.actor)), 200)
  },
)
