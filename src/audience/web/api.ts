import { createRoute, z } from "@hono/zod-openapi"
import { called } from "../../crm/index.ts"
import { names } from "../../events/index.ts"
import { can, may } from "../../identity/index.ts"
import { apiRoutes, json, listOf, paging } from "../../platform/api.ts"
import { now } from "../../platform/clock.ts"
import * as catalogue from "../catalogue.ts"
import * as conditions from "../conditions.ts"
import { comparisonsOf } from "../language.ts"
import * as members from "../members.ts"
import * as naming from "../naming.ts"
import * as segments from "../segments.ts"
import * as shapes from "./shapes.ts"
import { shown } from "./shapes.ts"

/** Facts, conditions and segments. */
export const api = apiRoutes()

const body = <Shape extends z.ZodType>(schema: Shape) => ({ body: { required: true, ...json(schema) } })
const tags = ["Segments"]

api.openapi(
  createRoute({
    method: "get",
    path: "/facts",
    tags,
    summary: "Every fact a condition may ask for, with the JSON Schema of its arguments",
    middleware: [can("segments:read")] as const,
    responses: { 200: { description: "Facts", ...json(listOf(shapes.FactShape)) } },
  }),
  (c) => {
    const data = catalogue.all().map(({ name, label, type, with: schema }) => ({
      name,
      label,
      type,
      comparisons: [...comparisonsOf[type]],
      with: z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as unknown,
    }))
    return c.json({ data, nextCursor: null }, 200)
  },
)

api.openapi(
  createRoute({
    method: "get",
    path: "/facts/names",
    tags,
    summary:
      "What conditions mention by name (events, properties, plans, purposes of consent), and what people call it",
    middleware: [can("segments:read")] as const,
    responses: { 200: { description: "Names", ...json(listOf(shapes.NameShape)) } },
  }),
  async (c) => {
    const events = await names.list(c.var.db)
    const data = [...events.map(({ name, label }) => ({ kind: "event" as const, name, label })), ...called()]
    return c.json({ data, nextCursor: null }, 200)
  },
)

api.openapi(
  createRoute({
    method: "post",
    path: "/conditions/preview",
    tags,
    summary: "Try a condition out: how many people it is true of, and the first twenty of them with the values found",
    description:
      "`at` may lie in the past: the condition is then asked as of that instant. Nothing is kept. Without `contacts:read` no people are shown.",
    middleware: [can("segments:read")] as const,
    request: body(z.object({ definition: shapes.ConditionShape, at: z.coerce.date().optional() })),
    responses: { 200: { description: "The count and some people", ...json(shapes.PreviewShape) } },
  }),
  async (c) => {
    const draft = c.req.valid("json")
    const definition = conditions.check(draft.definition, "definition")
    const at = draft.at ?? now()
    const count = await conditions.count(c.var.db, definition, at)
    if (!may(c.var.actor, "contacts:read")) return c.json({ at, count, people: [] }, 200)
    const { data } = await conditions.people(c.var.db, definition, at, { limit: 20 })
    const named = await members.namesOf(
      c.var.db,
      data.map((person) => person.contactId),
    )
    const people = data.map(({ contactId, reason }) => ({
      contactId,
      name: named.get(contactId) ?? "",
      reason: shown(reason),
    }))
    return c.json({ at, count, people: await naming.say(c.var.db, people, c.var.locale) }, 200)
  },
)

api.openapi(
  createRoute({
    method: "get",
    path: "/segments",
    tags,
    summary: "The segments, by name, with how many people are in each",
    middleware: [can("segments:read")] as const,
    responses: { 200: { description: "Segments", ...json(listOf(shapes.SegmentShape)) } },
  }),
  async (c) => c.json({ data: await segments.list(c.var.db), nextCursor: null }, 200),
)

api.openapi(
  createRoute({
    method: "post",
    path: "/segments",
    tags,
    summary: "Make a segment; its people are found at once, with progress",
    middleware: [can("segments:write")] as const,
    request: body(shapes.SegmentDraftShape),
    responses: { 201: { description: "The new segment", ...json(shapes.SegmentShape) } },
  }),
  async (c) => {
    const id = await c.var.tx((tx) => segments.create(tx, c.req.valid("json"), c.var.actor))
    return c.json(await segments.get(c.var.db, id), 201)
  },
)

api.openapi(
  createRoute({
    method: "get",
    path: "/segments/{id}",
    tags,
    summary: "One segment",
    middleware: [can("segments:read")] as const,
    request: { params: shapes.Id },
    responses: { 200: { description: "The segment", ...json(shapes.SegmentShape) } },
  }),
  async (c) => c.json(await segments.get(c.var.db, c.req.valid("param").id), 200),
)

api.openapi(
  createRoute({
    method: "patch",
    path: "/segments/{id}",
    tags,
    summary: "Change a segment; a changed condition is applied to everybody again",
    middleware: [can("segments:write")] as const,
    request: { params: shapes.Id, ...body(shapes.SegmentChangeShape) },
    responses: { 200: { description: "The segment", ...json(shapes.SegmentShape) } },
  }),
  async (c) => {
    const { id } = c.req.valid("param")
    await c.var.tx((tx) => segments.change(tx, id, c.req.valid("json"), c.var.actor))
    return c.json(await segments.get(c.var.db, id), 200)
  },
)

api.openapi(
  createRoute({
    method: "delete",
    path: "/segments/{id}",
    tags,
    summary: "Archive a segment: nobody is in it any more, its history stays",
    middleware: [can("segments:write")] as const,
    request: { params: shapes.Id },
    responses: { 204: { description: "Archived" } },
  }),
  async (c) => {
    await c.var.tx((tx) => segments.archive(tx, c.req.valid("param").id, c.var.actor))
    return c.body(null, 204)
  },
)

api.openapi(
  createRoute({
    method: "get",
    path: "/segments/{id}/contacts",
    tags,
    summary: "The people in a segment in kana order, and why they entered",
    middleware: [can("segments:read"), can("contacts:read")] as const,
    request: { params: shapes.Id, query: paging },
    responses: { 200: { description: "A page of people", ...json(listOf(shapes.MemberShape)) } },
  }),
  async (c) => {
    const { id } = await segments.get(c.var.db, c.req.valid("param").id)
    const { data, nextCursor } = await members.of(c.var.db, id, c.req.valid("query"))
    const spoken = data.map((member) => ({ ...member, reason: member.reason && shown(member.reason) }))
    return c.json({ data: await naming.say(c.var.db, spoken, c.var.locale), nextCursor }, 200)
  },
)

api.openapi(
  createRoute({
    method: "get",
    path: "/segments/{id}/history",
    tags,
    summary: "Who entered a segment and left it, when and why; the latest first",
    middleware: [can("segments:read"), can("contacts:read")] as const,
    request: { params: shapes.Id, query: paging },
    responses: { 200: { description: "A page of stays", ...json(listOf(shapes.StayShape)) } },
  }),
  async (c) => {
    const { id } = await segments.get(c.var.db, c.req.valid("param").id)
    const { data, nextCursor } = await members.history(c.var.db, id, c.req.valid("query"))
    const spoken = data.map((stay) => ({
      ...stay,
      enteredReason: shown(stay.enteredReason),
      leftReason: stay.leftReason && shown(stay.leftReason),
    }))
    return c.json({ data: await naming.say(c.var.db, spoken, c.var.locale), nextCursor }, 200)
  },
)

api.openapi(
  createRoute({
    method: "get",
    path: "/contacts/{id}/segments",
    tags,
    summary: "Every segment, whether a contact is in it, and why or why not",
    middleware: [can("segments:read"), can("contacts:read")] as const,
    request: { params: shapes.Id },
    responses: { 200: { description: "Segments", ...json(listOf(shapes.InOrOutShape)) } },
  }),
  async (c) => {
    const { id } = c.req.valid("param")
    const all = await members.segmentsOf(c.var.db, id)
    const outside = all.filter((one) => !one.reason)
    const reasons = await conditions.whyAll(
      c.var.db,
      outside.map((one) => one.definition),
      id,
      now(),
    )
    const data = all.map((one) => ({
      segmentId: one.segmentId,
      name: one.name,
      in: one.in,
      since: one.since,
      reason: shown(one.reason ?? reasons[outside.findIndex((other) => other.segmentId === one.segmentId)]!),
    }))
    return c.json({ data: await naming.say(c.var.db, data, c.var.locale), nextCursor: null }, 200)
  },
)
