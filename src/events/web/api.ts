import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi"
import type { MiddlewareHandler } from "hono"
import type { Actor } from "../../platform/actors.ts"
import { apiRoutes, json, listOf, paging } from "../../platform/api.ts"
import type { Env } from "../../platform/http.ts"
import * as audit from "../audit.ts"
import * as keys from "../keys.ts"
import * as names from "../names.ts"
import * as schemas from "../schemas.ts"

type Permission = "keys:read" | "keys:write" | "events:read" | "events:write" | "audit:read"
type May = (actor: Actor, permission: "contacts:read") => boolean

/** Write keys, event schemas, event names and the audit. Who may do what is decided above this module: hand in identity's `can` and `may`. */
export function api(can: (permission: Permission) => MiddlewareHandler<Env>, may: May): OpenAPIHono<Env> {
  const group = apiRoutes()
  aboutKeys(group, can)
  aboutSchemas(group, can)
  aboutActs(group, can, may)
  group.openapi(
    createRoute({
      method: "get",
      path: "/events/names",
      tags: ["Events"],
      summary: "Every event name, the product's own and those that were sent, with labels",
      middleware: [can("events:read")] as const,
      responses: { 200: { description: "Names", ...json(listOf(NameShape)) } },
    }),
    async (c) => c.json({ data: await names.list(c.var.db), nextCursor: null }, 200),
  )
  return group
}

const Label = z.object({ ja: z.string().min(1).max(100), en: z.string().min(1).max(100) }).openapi("Label")
const NameShape = z
  .object({
    name: z.string(),
    label: Label,
    own: z.boolean().openapi({ description: "Whether the product itself records it" }),
    sent: z.boolean().openapi({ description: "Whether it has ever been sent to us" }),
  })
  .openapi("EventName")
const KeyShape = z
  .object({
    id: z.uuid(),
    kind: z.enum(["server", "browser"]),
    name: z.string(),
    publicKey: z.string().nullable().openapi({ description: "The word of a browser key; null for server keys" }),
    createdAt: z.iso.datetime(),
    revokedAt: z.iso.datetime().nullable(),
  })
  .openapi("Key")
const NewKey = z
  .object({ name: z.string().trim().min(1).max(100), kind: z.enum(["server", "browser"]) })
  .openapi("NewKey")
const MadeKey = KeyShape.extend({
  key: z.string().openapi({ description: "The word to send. That of a server key is shown this once." }),
}).openapi("MadeKey")
const SchemaDraft = z
  .object({
    label: Label,
    properties: z
      .record(
        z.string().min(1).max(100),
        z.object({ type: z.enum(schemas.propertyTypes), required: z.boolean().optional() }),
      )
      .default({}),
    protected: z.boolean().default(false).openapi({ description: "Whether browser keys may not send it" }),
  })
  .openapi("EventSchemaDraft")
const SchemaShape = z.object({ name: z.string(), ...SchemaDraft.shape }).openapi("EventSchema")
const SchemaName = z.object({ name: z.string().min(1).max(200) })

function shown(key: keys.Key): z.infer<typeof KeyShape> {
  return { ...key, createdAt: key.createdAt.toISOString(), revokedAt: key.revokedAt?.toISOString() ?? null }
}

function aboutKeys(group: OpenAPIHono<Env>, can: (permission: Permission) => MiddlewareHandler<Env>): void {
  group.openapi(
    createRoute({
      method: "get",
      path: "/keys",
      tags: ["Keys"],
      summary: "Write keys, newest first, revoked ones too",
      middleware: [can("keys:read")] as const,
      responses: { 200: { description: "Keys", ...json(listOf(KeyShape)) } },
    }),
    async (c) => c.json({ data: (await keys.list(c.var.db)).map(shown), nextCursor: null }, 200),
  )
  group.openapi(
    createRoute({
      method: "post",
      path: "/keys",
      tags: ["Keys"],
      summary: "Make a write key; the word of a server key is shown this once",
      middleware: [can("keys:write")] as const,
      request: { body: { required: true, ...json(NewKey) } },
      responses: { 201: { description: "The key", ...json(MadeKey) } },
    }),
    async (c) => {
      const made = await c.var.tx((tx) => keys.create(tx, c.req.valid("json"), c.var.actor))
      keys.forget(c.var.db)
      return c.json({ ...shown(made), key: made.key }, 201)
    },
  )
  group.openapi(
    createRoute({
      method: "delete",
      path: "/keys/{id}",
      tags: ["Keys"],
      summary: "Revoke a write key; other processes notice within five seconds",
      middleware: [can("keys:write")] as const,
      request: { params: z.object({ id: z.uuid() }) },
      responses: { 204: { description: "Revoked" } },
    }),
    async (c) => {
      await c.var.tx((tx) => keys.revoke(tx, c.req.valid("param").id, c.var.actor))
      keys.forget(c.var.db)
      return c.body(null, 204)
    },
  )
}

function aboutSchemas(group: OpenAPIHono<Env>, can: (permission: Permission) => MiddlewareHandler<Env>): void {
  group.openapi(
    createRoute({
      method: "get",
      path: "/event-schemas",
      tags: ["Events"],
      summary: "What event names mean and which properties they have",
      middleware: [can("events:read")] as const,
      responses: { 200: { description: "Schemas", ...json(listOf(SchemaShape)) } },
    }),
    async (c) => c.json({ data: await schemas.list(c.var.db), nextCursor: null }, 200),
  )
  group.openapi(
    createRoute({
      method: "put",
      path: "/event-schemas/{name}",
      tags: ["Events"],
      summary: "Set the schema of an event name; holds for what comes from now on",
      middleware: [can("events:write")] as const,
      request: {
        params: SchemaName,
        body: { required: true, ...json(SchemaDraft) },
      },
      responses: { 200: { description: "The schema", ...json(SchemaShape) } },
    }),
    async (c) => {
      const schema = { name: c.req.valid("param").name, ...c.req.valid("json") }
      await c.var.tx((tx) => schemas.put(tx, schema, c.var.actor))
      schemas.forget(c.var.db)
      return c.json(schema, 200)
    },
  )
  group.openapi(
    createRoute({
      method: "delete",
      path: "/event-schemas/{name}",
      tags: ["Events"],
      summary: "Take a schema away; the events stay",
      middleware: [can("events:write")] as const,
      request: { params: SchemaName },
      responses: { 204: { description: "Gone" } },
    }),
    async (c) => {
      await c.var.tx((tx) => schemas.remove(tx, c.req.valid("param").name, c.var.actor))
      schemas.forget(c.var.db)
      return c.body(null, 204)
    },
  )
}

const ActShape = z
  .object({
    id: z.uuid(),
    happenedAt: z.iso.datetime(),
    actor: z.looseObject({ kind: z.string() }).openapi({ description: "Who: staff, token, member, system" }),
    actorName: z.string().nullable().openapi({ description: "The name of the staff or token, while it is known" }),
    action: z.string().openapi({ example: "segment.change" }),
    subjectKind: z.string(),
    subjectId: z.string(),
    subjectName: Label.nullable().openapi({
      description: "What the subject is called now, where it has a name; contacts only with `contacts:read`",
    }),
    before: z
      .unknown()
      .openapi({ description: "The fields as they were; “…” stands for a personal value, which is not kept" }),
    after: z.unknown(),
    reason: z.string().nullable(),
  })
  .openapi("Act")

function aboutActs(group: OpenAPIHono<Env>, can: (permission: Permission) => MiddlewareHandler<Env>, may: May): void {
  group.openapi(
    createRoute({
      method: "get",
      path: "/audit",
      tags: ["Audit"],
      summary: "Who did what to what, newest first",
      middleware: [can("audit:read")] as const,
      request: {
        query: paging.extend({
          cursor: z.uuid().optional(),
          subjectKind: z.string().max(50).optional(),
          subjectId: z.string().max(100).optional(),
        }),
      },
      responses: { 200: { description: "Acts", ...json(listOf(ActShape)) } },
    }),
    async (c) => {
      const { cursor, limit, ...filter } = c.req.valid("query")
      const acts = await audit.list(c.var.db, { ...filter, after: cursor, limit: limit + 1 })
      const shownActs = acts.slice(0, limit)
      const names = await audit.namesOf(c.var.db, shownActs)
      const subjects = await audit.subjectsOf(c.var.db, shownActs, { contacts: may(c.var.actor, "contacts:read") })
      const data = shownActs.map((act) => ({
        ...act,
        happenedAt: act.happenedAt.toISOString(),
        actorName: names.get(act.id) ?? null,
        subjectName: subjects.get(act.subjectId) ?? null,
      }))
      return c.json({ data, nextCursor: acts.length > limit ? data.at(-1)!.id : null }, 200)
    },
  )
}
