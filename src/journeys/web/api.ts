import { createRoute, z } from "@hono/zod-openapi"
import { naming } from "../../audience/index.ts"
import { can } from "../../identity/index.ts"
import { apiRoutes, json, listOf, paging } from "../../platform/api.ts"
import { now } from "../../platform/clock.ts"
import * as progress from "../progress.ts"
import * as scenarios from "../scenarios.ts"
import { runStates } from "../tables.ts"
import * as trials from "../trials.ts"
import { any, Counts, Definition, Draft, Run, Scenario, when } from "./shapes.ts"

/** Scenarios, for programs and the console. */
export const api = apiRoutes()

const tags = ["Scenarios"]
const params = z.object({ id: z.uuid() })

const one = { 200: { description: "The scenario", ...json(Scenario) } }

api.openapi(
  createRoute({
    method: "get",
    path: "/scenarios",
    tags,
    summary: "All scenarios",
    middleware: [can("scenarios:read")] as const,
    responses: {
      200: { description: "The scenarios", ...json(z.object({ data: z.array(Scenario), nextCursor: z.null() })) },
    },
  }),
  async (c) => c.json({ data: await scenarios.list(c.var.db), nextCursor: null }, 200),
)

api.openapi(
  createRoute({
    method: "post",
    path: "/scenarios",
    tags,
    summary: "Make a scenario as a draft",
    middleware: [can("scenarios:write")] as const,
    request: { body: { required: true, ...json(Draft) } },
    responses: { 201: { description: "The new scenario", ...json(Scenario) } },
  }),
  async (c) => c.json(await c.var.tx((tx) => scenarios.create(tx, c.req.valid("json"), c.var.actor, now())), 201),
)

api.openapi(
  createRoute({
    method: "post",
    path: "/scenarios/try",
    tags,
    summary: "Try a draft on the past: who would have gone in, and what would have become of their mails",
    middleware: [can("scenarios:read"), can("contacts:read")] as const,
    request: {
      body: {
        required: true,
        ...json(z.object({ definition: Definition, days: z.int().min(1).max(366).default(30) })),
      },
    },
    responses: {
      200: {
        description: "The outcome",
        ...json(
          z.object({
            entered: z.int(),
            people: z.array(z.object({ contactId: z.uuid(), familyName: z.string(), givenName: z.string() })),
            mails: z.record(z.string(), z.int()).openapi({ description: "Of the first mail: `sent`, or why not" }),
          }),
        ),
      },
    },
  }),
  async (c) => {
    const { definition, days } = c.req.valid("json")
    return c.json(await trials.tryOut(c.var.db, definition, days, now()), 200)
  },
)

api.openapi(
  createRoute({
    method: "get",
    path: "/scenarios/{id}",
    tags,
    summary: "A scenario",
    middleware: [can("scenarios:read")] as const,
    request: { params },
    responses: one,
  }),
  async (c) => c.json(await scenarios.get(c.var.db, c.req.valid("param").id), 200),
)

api.openapi(
  createRoute({
    method: "put",
    path: "/scenarios/{id}",
    tags,
    summary: "Change a scenario",
    description:
      "A changed definition is a new version. People inside finish on theirs, or with `move` go on in the new one.",
    middleware: [can("scenarios:write")] as const,
    request: { params, body: { required: true, ...json(Draft.extend({ move: z.boolean().default(false) })) } },
    responses: one,
  }),
  async (c) => {
    const { move, ...draft } = c.req.valid("json")
    const { id } = c.req.valid("param")
    return c.json(await c.var.tx((tx) => scenarios.change(tx, id, draft, { move }, c.var.actor, now())), 200)
  },
)

for (const [path, summary, act] of [
  ["/scenarios/{id}/start", "Start a scenario, or let a paused one go on", scenarios.start],
  ["/scenarios/{id}/pause", "Hold a scenario: no entry, no step, no queued mail", scenarios.pause],
  ["/scenarios/{id}/archive", "End a scenario for good", scenarios.archive],
] as const) {
  api.openapi(
    createRoute({
      method: "post",
      path,
      tags,
      summary,
      middleware: [can("scenarios:write")] as const,
      request: { params },
      responses: one,
    }),
    async (c) => {
      const { id } = c.req.valid("param")
      return c.json(await c.var.tx((tx) => act(tx, id, c.var.actor, now())), 200)
    },
  )
}

api.openapi(
  createRoute({
    method: "get",
    path: "/scenarios/{id}/versions",
    tags,
    summary: "The versions of a scenario, newest first",
    middleware: [can("scenarios:read")] as const,
    request: { params },
    responses: {
      200: {
        description: "The versions",
        ...json(
          z.object({
            data: z.array(
              z.object({ version: z.int(), definition: Definition, createdAt: when, createdBy: any, running: z.int() }),
            ),
            nextCursor: z.null(),
          }),
        ),
      },
    },
  }),
  async (c) => c.json({ data: await scenarios.versions(c.var.db, c.req.valid("param").id), nextCursor: null }, 200),
)

api.openapi(
  createRoute({
    method: "get",
    path: "/scenarios/{id}/runs",
    tags,
    summary: "Who went in, where they stand and why",
    middleware: [can("scenarios:read"), can("contacts:read")] as const,
    request: {
      params,
      query: paging.extend({
        state: z.enum(runStates).optional(),
        step: z.string().max(40).optional(),
        contactId: z.uuid().optional(),
      }),
    },
    responses: {
      200: {
        description: "A page of runs",
        ...json(listOf(Run)),
      },
    },
  }),
  async (c) => {
    const runs = await progress.runsOf(c.var.db, c.req.valid("param").id, c.req.valid("query"))
    return c.json(await naming.say(c.var.db, runs, c.var.locale), 200)
  },
)

api.openapi(
  createRoute({
    method: "get",
    path: "/scenarios/{id}/counts",
    tags,
    summary: "People by state and step, mails by fate",
    middleware: [can("scenarios:read")] as const,
    request: { params },
    responses: { 200: { description: "The counts", ...json(Counts) } },
  }),
  async (c) => c.json(await progress.counts(c.var.db, c.req.valid("param").id), 200),
)

api.openapi(
  createRoute({
    method: "post",
    path: "/scenarios/{id}/test-mail",
    tags,
    summary: "A mail of the scenario as one member would get it",
    description:
      "With `send` it also goes to the mail address of whoever asks, a member of staff; never to anybody else.",
    middleware: [can("scenarios:write"), can("contacts:read")] as const,
    request: {
      params,
      body: {
        required: true,
        ...json(
          z.object({ contactId: z.uuid(), step: z.string().max(40).optional(), send: z.boolean().default(false) }),
        ),
      },
    },
    responses: {
      200: { description: "The mail", ...json(z.object({ subject: z.string(), html: z.string(), text: z.string() })) },
    },
  }),
  async (c) => {
    const { contactId, step, send } = c.req.valid("json")
    const mail = await c.var.tx(async (tx) => {
      const { definition } = await scenarios.get(tx, c.req.valid("param").id)
      const written = await trials.testMail(tx, definition, step, contactId, now())
      if (send && c.var.actor.kind === "staff") await trials.sendToStaff(tx, c.var.actor.staffId, written)
      return written
    })
    return c.json(mail, 200)
  },
)
