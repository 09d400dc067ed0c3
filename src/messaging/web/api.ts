import { createRoute, z } from "@hono/zod-openapi"
import { naming } from "../../audience/index.ts"
import { can } from "../../identity/index.ts"
import { apiRoutes, json, listOf, paging } from "../../platform/api.ts"
import { now } from "../../platform/clock.ts"
import * as mergeTags from "../merge-tags.ts"
import * as outbox from "../outbox.ts"
import * as senders from "../senders.ts"
import { deliveryStates, mailClasses } from "../tables.ts"

/** Deliveries and the sender, for programs and the console. */
export const api = apiRoutes()

const tags = ["Deliveries"]
const when = z.iso.datetime()
const id = z.object({ id: z.uuid() })

const Line = z
  .object({
    id: z.uuid(),
    contactId: z.uuid(),
    familyName: z.string(),
    givenName: z.string(),
    recipient: z.string().nullable(),
    subject: z.string(),
    class: z.enum(mailClasses),
    state: z.enum(deliveryStates),
    reason: z.string().nullable().openapi({ description: "Why it was suppressed, failed, waits or is uncertain" }),
    scenarioId: z.uuid().nullable(),
    scenarioName: z.string().nullable(),
    queuedAt: when,
    sentAt: when.nullable(),
    nextTryAt: when.nullable(),
    attempts: z.int(),
    clickedAt: when.nullable().openapi({ description: "First click that a person confirmed" }),
  })
  .openapi("DeliveryLine")

const Delivery = Line.extend({
  why: z.record(z.string(), z.any()).nullable().openapi({ description: "判定理由: the facts that made it go out" }),
  messageId: z.string(),
  step: z.string(),
  runId: z.uuid(),
  text: z.string().nullable(),
  hasHtml: z.boolean(),
  links: z.array(
    z.object({
      url: z.string(),
      firstClickAt: z.string().nullable(),
      confirmedAt: z.string().nullable(),
      clicks: z.int(),
    }),
  ),
}).openapi("Delivery")

const filter = z.object({
  state: z.enum(deliveryStates).optional(),
  scenarioId: z.uuid().optional(),
  contactId: z.uuid().optional(),
})

api.openapi(
  createRoute({
    method: "get",
    path: "/deliveries",
    tags,
    summary: "Mails and their fates, newest first",
    middleware: [can("deliveries:read")] as const,
    request: {
      query: filter.extend(paging.shape),
    },
    responses: {
      200: {
        description: "A page of deliveries",
        ...json(listOf(Line)),
      },
    },
  }),
  async (c) => c.json(await outbox.list(c.var.db, c.req.valid("query")), 200),
)

api.openapi(
  createRoute({
    method: "get",
    path: "/deliveries/counts",
    tags,
    summary: "How many mails had which fate; the sum is the audience",
    middleware: [can("deliveries:read")] as const,
    request: { query: filter },
    responses: { 200: { description: "A number for each state", ...json(z.record(z.enum(deliveryStates), z.int())) } },
  }),
  async (c) => c.json(await outbox.counts(c.var.db, c.req.valid("query")), 200),
)

api.openapi(
  createRoute({
    method: "get",
    path: "/deliveries/{id}",
    tags,
    summary: "One mail: what it says, why it went out, what became of it",
    middleware: [can("deliveries:read")] as const,
    request: { params: id },
    responses: { 200: { description: "The delivery", ...json(Delivery) } },
  }),
  async (c) => {
    const delivery = await outbox.get(c.var.db, c.req.valid("param").id, c.var.actor)
    return c.json(await naming.say(c.var.db, delivery, c.var.locale), 200)
  },
)

api.openapi(
  createRoute({
    method: "get",
    path: "/deliveries/{id}/html",
    tags,
    summary: "One mail as it looks",
    description: "A document in a sandbox: no script, no link and no form in it works, and nothing is loaded.",
    middleware: [can("deliveries:read")] as const,
    request: { params: id },
    responses: { 200: { description: "The mail", content: { "text/html": { schema: z.string() } } } },
  }),
  async (c) => {
    const content = await outbox.html(c.var.db, c.req.valid("param").id, c.var.actor)
    return c.html(content, 200, previewHeaders)
  },
)

/** Headers under which foreign-looking HTML may be shown inside the console. */
const previewHeaders = {
  "Content-Security-Policy":
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'",
  "X-Frame-Options": "SAMEORIGIN",
}

api.openapi(
  createRoute({
    method: "post",
    path: "/deliveries/{id}/retry",
    tags,
    summary: "Send a failed or uncertain mail once more",
    description: "An uncertain mail may have arrived: sending it again can double it. Nothing does so but this.",
    middleware: [can("deliveries:write")] as const,
    request: { params: id },
    responses: { 200: { description: "The delivery, queued", ...json(Delivery) } },
  }),
  async (c) => {
    const { id } = c.req.valid("param")
    await c.var.tx((tx) => outbox.retry(tx, id, c.var.actor, now()))
    return c.json(await outbox.get(c.var.db, id, c.var.actor), 200)
  },
)

const Sender = senders.senderSchema.openapi("Sender")
const Limits = senders.limitsSchema.openapi("MailLimits")
const SenderAnswer = senders.senderSchema.extend({ from: z.string(), isComplete: z.boolean() }).openapi("SenderAnswer")

api.openapi(
  createRoute({
    method: "get",
    path: "/settings/sender",
    tags: ["Settings"],
    summary: "Who mails come from",
    description:
      "While isComplete is false no advertising goes out: the law wants name, postal address and contact in it.",
    middleware: [can("settings:read")] as const,
    responses: { 200: { description: "The sender", ...json(SenderAnswer) } },
  }),
  async (c) => c.json(shown(await senders.read(c.var.db)), 200),
)

api.openapi(
  createRoute({
    method: "put",
    path: "/settings/sender",
    tags: ["Settings"],
    summary: "Change who mails come from",
    middleware: [can("settings:write")] as const,
    request: { body: { required: true, ...json(Sender) } },
    responses: { 200: { description: "The sender as it is now", ...json(SenderAnswer) } },
  }),
  async (c) => {
    await c.var.tx((tx) => senders.change(tx, c.req.valid("json"), c.var.actor))
    return c.json(shown(await senders.read(c.var.db)), 200)
  },
)

api.openapi(
  createRoute({
    method: "get",
    path: "/settings/mail-limits",
    tags: ["Settings"],
    summary: "How often and when advertising may go out",
    middleware: [can("settings:read")] as const,
    responses: { 200: { description: "The limits", ...json(Limits) } },
  }),
  async (c) => c.json((await senders.rules(c.var.db)).limits, 200),
)

api.openapi(
  createRoute({
    method: "put",
    path: "/settings/mail-limits",
    tags: ["Settings"],
    summary: "Change how often and when advertising may go out",
    middleware: [can("settings:write")] as const,
    request: { body: { required: true, ...json(Limits) } },
    responses: { 200: { description: "The limits as they are now", ...json(Limits) } },
  }),
  async (c) => {
    await c.var.tx((tx) => senders.limit(tx, c.req.valid("json"), c.var.actor))
    return c.json((await senders.rules(c.var.db)).limits, 200)
  },
)

api.openapi(
  createRoute({
    method: "get",
    path: "/merge-tags",
    tags: ["Scenarios"],
    summary: "The tags a mail may use",
    middleware: [can("scenarios:read")] as const,
    responses: {
      200: { description: "Names, as in {{contact.fullName}}", ...json(z.object({ data: z.array(z.string()) })) },
    },
  }),
  (c) => c.json({ data: mergeTags.names }, 200),
)

function shown(sender: senders.Sender) {
  return { ...sender, isComplete: senders.isComplete(sender) }
}
