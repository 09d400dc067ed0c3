import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi"
import { can } from "../../identity/index.ts"
import { now } from "../../platform/clock.ts"
import type { Env } from "../../platform/http.ts"
import { overview } from "../overview.ts"

export const api = new OpenAPIHono<Env>()

const count = z.number().int()
const OverviewShape = z
  .object({
    generatedAt: z.iso.datetime(),
    contacts: count,
    members: count,
    active7: count.openapi({
      description: "People who watched something in the last 7 JST days, as `watch.last_days` counts them",
    }),
    active30: count,
    minutesByDay: z.array(z.object({ day: z.iso.date(), minutes: count })).openapi({ description: "JST days" }),
    joinedByDay: z.array(z.object({ day: z.iso.date(), count })).openapi({
      description:
        "Members of today by the JST day they joined, as `member.days_since_joined` counts them; who left again is not among them",
    }),
    ranks: z.array(
      z.object({ id: z.uuid(), name: z.object({ ja: z.string(), en: z.string() }), colour: z.string(), count }),
    ),
    mails: z.object({ queued: count, sending: count, sent: count, suppressed: count, failed: count, uncertain: count }),
    topVideos: z.array(
      z.object({
        id: z.uuid(),
        slug: z.string(),
        title: z.string(),
        watchers: count.openapi({ description: "Who watched it within the last `topVideosDays` JST days" }),
        completed: count.openapi({ description: "Who of them has completed it, whenever" }),
        watchersEver: count.openapi({ description: "Who ever watched it: `viewers` of the video" }),
      }),
    ),
    topVideosDays: count,
    waiting: z.object({ contacts: count, mails: count }),
  })
  .openapi("Overview")

api.openapi(
  createRoute({
    method: "get",
    path: "/reports/overview",
    tags: ["Reports"],
    summary: "The state of the business now",
    middleware: [can("contacts:read")] as const,
    responses: {
      200: { description: "Figures", content: { "application/json": { schema: z.object({ data: OverviewShape }) } } },
    },
  }),
  async (c) => c.json({ data: await overview(c.var.db, now()) }, 200),
)
