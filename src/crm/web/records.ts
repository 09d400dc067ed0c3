import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi"
import { audit } from "../../events/index.ts"
import { can } from "../../identity/index.ts"
import { json, listOf } from "../../platform/api.ts"
import { now } from "../../platform/clock.ts"
import { type Env, Invalid } from "../../platform/http.ts"
import * as consents from "../consents.ts"
import * as notes from "../notes.ts"
import * as profiles from "../profiles.ts"
import * as properties from "../properties.ts"
import { say } from "../words.ts"
import { Consent, ConsentDraft, contactId, Note, Property, PropertyDraft } from "./shapes.ts"

const tags = ["Contacts"]

/** Adds the routes of notes, consents and properties of a contact. */
export function records(api: OpenAPIHono<Env>): void {
  api.openapi(
    createRoute({
      method: "get",
      path: "/contacts/{id}/notes",
      tags,
      summary: "Internal notes on a contact, newest first",
      middleware: [can("contacts:read")] as const,
      request: { params: contactId },
      responses: { 200: { description: "The notes", ...json(listOf(Note)) } },
    }),
    async (c) => {
      const { contactId: id } = await profiles.get(c.var.db, c.req.valid("param").id)
      return c.json({ data: await notes.ofContact(c.var.db, id), nextCursor: null }, 200)
    },
  )

  api.openapi(
    createRoute({
      method: "post",
      path: "/contacts/{id}/notes",
      tags,
      summary: "Write an internal note",
      middleware: [can("contacts:write")] as const,
      request: { params: contactId, body: { required: true, ...json(z.object({ body: z.string().max(20_000) })) } },
      responses: { 201: { description: "The note", ...json(z.object({ id: z.uuid() })) } },
    }),
    async (c) => {
      const { contactId: id } = await profiles.get(c.var.db, c.req.valid("param").id)
      const note = await c.var.tx((tx) => notes.write(tx, id, c.req.valid("json").body, c.var.actor))
      return c.json(note, 201)
    },
  )

  api.openapi(
    createRoute({
      method: "get",
      path: "/contacts/{id}/consents",
      tags,
      summary: "What a contact agreed to and refused, with the wording shown",
      middleware: [can("contacts:read")] as const,
      request: { params: contactId },
      responses: { 200: { description: "The consents", ...json(listOf(Consent)) } },
    }),
    async (c) => {
      const { contactId: id } = await profiles.get(c.var.db, c.req.valid("param").id)
      return c.json({ data: await consents.ofContact(c.var.db, id), nextCursor: null }, 200)
    },
  )

  api.openapi(
    createRoute({
      method: "post",
      path: "/contacts/{id}/consents",
      tags,
      summary: "Record what a contact told the staff they agree to or refuse",
      middleware: [can("contacts:write")] as const,
      request: { params: contactId, body: { required: true, ...json(ConsentDraft) } },
      responses: { 200: { description: "The consents", ...json(listOf(Consent)) } },
    }),
    async (c) => {
      const { contactId: id } = await profiles.get(c.var.db, c.req.valid("param").id)
      const { purpose, granted, wording } = c.req.valid("json")
      await c.var.tx(async (tx) => {
        const say = granted ? consents.give : consents.refuse
        if (!(await say(tx, id, purpose, { wording, place: c.var.actor.kind }))) return
        await audit.record(tx, c.var.actor, "consent.record", { kind: "contact", id }, { after: { purpose, granted } })
      })
      return c.json({ data: await consents.ofContact(c.var.db, id), nextCursor: null }, 200)
    },
  )

  api.openapi(
    createRoute({
      method: "get",
      path: "/contacts/{id}/properties",
      tags,
      summary: "The properties of a contact today",
      middleware: [can("contacts:read")] as const,
      request: { params: contactId },
      responses: { 200: { description: "The properties", ...json(listOf(Property)) } },
    }),
    async (c) => {
      const { contactId: id } = await profiles.get(c.var.db, c.req.valid("param").id)
      return c.json({ data: await properties.ofContact(c.var.db, id), nextCursor: null }, 200)
    },
  )

  api.openapi(
    createRoute({
      method: "post",
      path: "/contacts/{id}/properties",
      tags,
      summary: "Set a property as of an instant",
      middleware: [can("contacts:write")] as const,
      request: { params: contactId, body: { required: true, ...json(PropertyDraft) } },
      responses: { 200: { description: "The properties", ...json(listOf(Property)) } },
    }),
    async (c) => {
      const { contactId: id } = await profiles.get(c.var.db, c.req.valid("param").id)
      const { name, value, at } = c.req.valid("json")
      if (at && new Date(at) > now()) throw new Invalid((locale) => ({ at: say(locale)("fault.future") }))
      await c.var.tx(async (tx) => {
        const before = await properties.valueAt(tx, id, name, new Date(8.64e15))
        const options = { source: c.var.actor.kind, at: at ? new Date(at) : undefined }
        if (!(await properties.set(tx, id, name, value, options))) return
        const change = { before: { [name]: before ?? null }, after: { [name]: value } }
        await audit.record(tx, c.var.actor, "property.set", { kind: "contact", id }, change)
      })
      return c.json({ data: await properties.ofContact(c.var.db, id), nextCursor: null }, 200)
    },
  )
}
