import { createRoute, z } from "@hono/zod-openapi"
import { naming } from "../../audience/index.ts"
import { contacts, profiles } from "../../crm/index.ts"
import { can, may } from "../../identity/index.ts"
import { apiRoutes, json, listOf, paging } from "../../platform/api.ts"
import { now } from "../../platform/clock.ts"
import type { Db } from "../../platform/db.ts"
import type { Locale } from "../../platform/words.ts"
import * as ranks from "../ranks.ts"
import { byId, HoldDraft, Rank, RankChange, RankDraft, RankOfContact, Trial, TrialDraft } from "./shapes.ts"

export const api = apiRoutes()
const tags = ["Ranks"]

api.openapi(
  createRoute({
    method: "get",
    path: "/ranks",
    tags,
    summary: "The ladder of ranks, lowest first",
    middleware: [can("ranks:read")] as const,
    responses: { 200: { description: "The ranks", ...json(listOf(Rank)) } },
  }),
  async (c) => c.json({ data: await ranks.list(c.var.db), nextCursor: null }, 200),
)

api.openapi(
  createRoute({
    method: "post",
    path: "/ranks",
    tags,
    summary: "Add a rank",
    middleware: [can("ranks:write")] as const,
    request: { body: { required: true, ...json(RankDraft) } },
    responses: { 201: { description: "The new rank", ...json(Rank) } },
  }),
  async (c) => {
    const draft = c.req.valid("json")
    const id = await c.var.tx((tx) => ranks.create(tx, draft, c.var.actor))
    return c.json(await ranks.get(c.var.db, id), 201)
  },
)

api.openapi(
  createRoute({
    method: "post",
    path: "/ranks/try-out",
    tags,
    summary: "Who would rise and fall, were this rule live; changes nothing",
    description: "Without `contacts:read` no people are shown.",
    middleware: [can("ranks:read")] as const,
    request: { body: { required: true, ...json(TrialDraft) } },
    responses: { 200: { description: "Counts and the first hundred people", ...json(Trial) } },
  }),
  async (c) => {
    const { rankId, position, rise, stay } = c.req.valid("json")
    const trial = await ranks.tryOut(c.var.db, { rankId, position, rise, stay }, now())
    return c.json(may(c.var.actor, "contacts:read") ? trial : { ...trial, people: [] }, 200)
  },
)

api.openapi(
  createRoute({
    method: "get",
    path: "/ranks/{id}",
    tags,
    summary: "One rank",
    middleware: [can("ranks:read")] as const,
    request: { params: byId },
    responses: { 200: { description: "The rank", ...json(Rank) } },
  }),
  async (c) => c.json(await ranks.get(c.var.db, c.req.valid("param").id), 200),
)

api.openapi(
  createRoute({
    method: "patch",
    path: "/ranks/{id}",
    tags,
    summary: "Change a rank; changed conditions are applied to everybody",
    middleware: [can("ranks:write")] as const,
    request: { params: byId, body: { required: true, ...json(RankChange) } },
    responses: { 200: { description: "The rank as it is now", ...json(Rank) } },
  }),
  async (c) => {
    const { id } = c.req.valid("param")
    await c.var.tx((tx) => ranks.change(tx, id, c.req.valid("json"), c.var.actor))
    return c.json(await ranks.get(c.var.db, id), 200)
  },
)

api.openapi(
  createRoute({
    method: "delete",
    path: "/ranks/{id}",
    tags,
    summary: "Remove a rank that nobody ever held",
    middleware: [can("ranks:write")] as const,
    request: { params: byId },
    responses: { 204: { description: "Removed" } },
  }),
  async (c) => {
    await c.var.tx((tx) => ranks.remove(tx, c.req.valid("param").id, c.var.actor))
    return c.body(null, 204)
  },
)

api.openapi(
  createRoute({
    method: "get",
    path: "/ranks/{id}/contacts",
    tags,
    summary: "The members who hold a rank, in kana order",
    middleware: [can("contacts:read")] as const,
    request: {
      params: byId,
      query: paging,
    },
    responses: {
      200: {
        description: "A page of contacts",
        ...json(
          listOf(z.looseObject({ id: z.uuid(), number: z.string(), familyName: z.string(), givenName: z.string() })),
        ),
      },
    },
  }),
  async (c) => {
    const { id: rankId } = await ranks.get(c.var.db, c.req.valid("param").id)
    return c.json(await contacts.list(c.var.db, { rankId, ...c.req.valid("query") }), 200)
  },
)

api.openapi(
  createRoute({
    method: "get",
    path: "/contacts/{id}/rank",
    tags,
    summary: "A contact's rank, what is missing for the next, and every change with its reason",
    middleware: [can("contacts:read")] as const,
    request: { params: byId },
    responses: { 200: { description: "The rank", ...json(RankOfContact) } },
  }),
  async (c) => c.json(await standing(c.var.db, c.req.valid("param").id, c.var.locale), 200),
)

api.openapi(
  createRoute({
    method: "put",
    path: "/contacts/{id}/rank/hold",
    tags,
    summary: "Hold a rank against the rules, with a reason",
    middleware: [can("contacts:write")] as const,
    request: { params: byId, body: { required: true, ...json(HoldDraft) } },
    responses: { 200: { description: "The rank as it is now", ...json(RankOfContact) } },
  }),
  async (c) => {
    const { id } = c.req.valid("param")
    const { rankId, reason } = c.req.valid("json")
    await c.var.tx((tx) => ranks.hold(tx, id, rankId, reason, c.var.actor))
    return c.json(await standing(c.var.db, id, c.var.locale), 200)
  },
)

api.openapi(
  createRoute({
    method: "delete",
    path: "/contacts/{id}/rank/hold",
    tags,
    summary: "Release a held rank; the rules decide again at once",
    middleware: [can("contacts:write")] as const,
    request: { params: byId },
    responses: { 200: { description: "The rank as it is now", ...json(RankOfContact) } },
  }),
  async (c) => {
    const { id } = c.req.valid("param")
    await c.var.tx((tx) => ranks.release(tx, id, c.var.actor))
    return c.json(await standing(c.var.db, id, c.var.locale), 200)
  },
)

async function standing(db: Db, id: string, locale: Locale): Promise<z.input<typeof RankOfContact>> {
  await profiles.get(db, id)
  const [held, missing] = await Promise.all([ranks.of(db, id), ranks.missing(db, id, now())])
  const next = missing && {
    rank: missing.rank,
    sentence: { ja: ranks.sentence(missing, "ja"), en: ranks.sentence(missing, "en") },
  }
  const items = missing?.items.map(({ fact, wanted, ...item }) => item) ?? []
  return JSON.parse(JSON.stringify({ ...(await naming.say(db, held, locale)), next, missing: items }))
}
