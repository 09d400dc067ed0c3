import { createRoute, z } from "@hono/zod-openapi"
import * as events from "../../events/index.ts"
import { can } from "../../identity/index.ts"
import { apiRoutes, json, listOf, paging } from "../../platform/api.ts"
import { now } from "../../platform/clock.ts"
import { anyone, type Env, Invalid } from "../../platform/http.ts"
import * as contacts from "../contacts.ts"
import { type Kind, kinds } from "../kinds.ts"
import * as postal from "../postal.ts"
import * as profiles from "../profiles.ts"
import * as timeline from "../timeline.ts"
import { records } from "./records.ts"
import { Contact, ContactDraft, contactId, ContactLine, Place, TimelineEntry } from "./shapes.ts"

export const api = apiRoutes()
const tags = ["Contacts"]

api.openapi(
  createRoute({
    method: "get",
    path: "/contacts",
    tags,
    summary: "Known contacts in kana order",
    description:
      "`search` finds names in any writing (髙橋 = 高橋, さとう = ｻﾄｳ), kana, mail addresses, phone numbers, companies and member numbers: anywhere inside from three characters on, else at the beginning of a word.",
    middleware: [can("contacts:read")] as const,
    request: {
      query: paging.extend({
        search: z.string().max(200).optional(),
        segmentId: z.uuid().optional(),
        rankId: z.uuid().optional(),
      }),
    },
    responses: { 200: { description: "A page of contacts", ...json(listOf(ContactLine)) } },
  }),
  async (c) => c.json(await contacts.list(c.var.db, c.req.valid("query")), 200),
)

api.openapi(
  createRoute({
    method: "post",
    path: "/contacts",
    tags,
    summary: "Add a contact",
    middleware: [can("contacts:write")] as const,
    request: { body: { required: true, ...json(ContactDraft) } },
    responses: { 201: { description: "The new contact", ...json(Contact) } },
  }),
  async (c) => {
    const id = await c.var.tx(async (tx) => {
      const contactId = await events.contacts.create(tx, now())
      await profiles.save(tx, contactId, c.req.valid("json"), c.var.actor, { source: "staff" })
      return contactId
    })
    return c.json(await whole(c.var.db, id), 201)
  },
)

api.openapi(
  createRoute({
    method: "get",
    path: "/contacts/{id}",
    tags,
    summary: "What is known of a contact",
    middleware: [can("contacts:read")] as const,
    request: { params: contactId },
    responses: { 200: { description: "The contact", ...json(Contact) } },
  }),
  async (c) => c.json(await whole(c.var.db, c.req.valid("param").id), 200),
)

api.openapi(
  createRoute({
    method: "patch",
    path: "/contacts/{id}",
    tags,
    summary: "Change what is known of a contact",
    middleware: [can("contacts:write")] as const,
    request: { params: contactId, body: { required: true, ...json(ContactDraft) } },
    responses: { 200: { description: "The contact as it is now", ...json(Contact) } },
  }),
  async (c) => {
    const { id } = c.req.valid("param")
    await c.var.tx((tx) => profiles.save(tx, id, c.req.valid("json"), c.var.actor, { source: "staff" }))
    return c.json(await whole(c.var.db, id), 200)
  },
)

api.openapi(
  createRoute({
    method: "get",
    path: "/contacts/{id}/timeline",
    tags,
    summary: "What a contact did and what was done for them, newest first",
    middleware: [can("contacts:read")] as const,
    request: {
      params: contactId,
      query: paging.extend({
        kind: z
          .string()
          .optional()
          .openapi({ description: `Comma-separated: ${kinds.join(", ")}`, example: "watch,rank" }),
      }),
    },
    responses: { 200: { description: "A page of entries", ...json(listOf(TimelineEntry)) } },
  }),
  async (c) => {
    const { id } = c.req.valid("param")
    const { kind, ...page } = c.req.valid("query")
    await profiles.get(c.var.db, id)
    const entries = await timeline.of(c.var.db, id, { ...page, kinds: kindsOf(kind) })
    return c.json(await timeline.explained(c.var.db, entries, c.var.locale), 200)
  },
)

api.openapi(
  createRoute({
    method: "get",
    path: "/postal-codes/{code}",
    tags: ["Postal codes"],
    summary: "The places of a Japanese postal code",
    description: "Several when the code crosses a border, none when it is unknown. Any usual writing is read.",
    middleware: [anyone] as const,
    request: { params: z.object({ code: z.string().max(30) }) },
    responses: { 200: { description: "The places", ...json(listOf(Place)) } },
  }),
  async (c) => c.json({ data: postal.lookup(c.req.valid("param").code), nextCursor: null }, 200),
)

records(api)

async function whole(db: Env["Variables"]["db"], id: string) {
  const { contactId: _, ...profile } = await profiles.get(db, id)
  const [line, withdrawalReason] = await Promise.all([contacts.find(db, id), contacts.withdrawalReason(db, id)])
  return { ...profile, ...line!, withdrawalReason }
}

function kindsOf(text: string | undefined): Kind[] {
  const wanted = (text ?? "").split(",").filter(Boolean)
  const unknown = wanted.find((kind) => !kinds.includes(kind as Kind))
  if (unknown) throw new Invalid({ kind: `${unknown}: ${kinds.join(", ")}` })
  return wanted as Kind[]
}
