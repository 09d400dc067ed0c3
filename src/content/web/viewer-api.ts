import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi"
import { valueName } from "../../crm/index.ts"
import { can } from "../../identity/index.ts"
import { listOf } from "../../platform/api.ts"
import { now } from "../../platform/clock.ts"
import type { Env } from "../../platform/http.ts"
import { decide } from "../access.ts"
import { say, sayRule } from "../access-words.ts"
import * as catalogue from "../catalogue.ts"
import * as standings from "../standings.ts"
import * as viewers from "../viewers.ts"
import { AccessListShape, DensityShape, IdParam, json, Page, plain, ViewerShape } from "./shapes.ts"

const tags = ["Watching"]

/** Who watched a video, which seconds are watched most, and what is open to a contact. Registered before /videos/{id}/{part} could take their place. */
export function viewerApi(group: OpenAPIHono<Env>): void {
  group.openapi(
    createRoute({
      method: "get",
      path: "/videos/{id}/viewers",
      tags,
      summary: "Who watched a video and which seconds, the last to watch first",
      middleware: [can("videos:read"), can("contacts:read")] as const,
      request: {
        params: IdParam,
        query: z.object({
          ...Page,
          completed: z
            .enum(["true", "false"])
            .optional()
            .openapi({ description: "Only who did, or did not, complete it" }),
        }),
      },
      responses: { 200: json("Viewers", listOf(ViewerShape)) },
    }),
    async (c) => {
      const { completed, ...asked } = c.req.valid("query")
      const list = await viewers.of(c.var.db, c.req.valid("param").id, {
        ...asked,
        ...(completed ? { completed: completed === "true" } : {}),
      })
      return c.json(plain(list), 200)
    },
  )
  group.openapi(
    createRoute({
      method: "get",
      path: "/videos/{id}/density",
      tags,
      summary: "How many people played each part of a video",
      middleware: [can("videos:read")] as const,
      request: { params: IdParam },
      responses: { 200: json("The density", DensityShape) },
    }),
    async (c) => c.json(await viewers.density(c.var.db, c.req.valid("param").id), 200),
  )
  group.openapi(
    createRoute({
      method: "get",
      path: "/contacts/{id}/access",
      tags,
      summary:
        "Every published video as this contact finds it, now or on a day of the past: today's rules, that day's facts",
      middleware: [can("videos:read"), can("contacts:read")] as const,
      request: {
        params: IdParam,
        query: z.object({ at: z.iso.datetime({ offset: true }).optional(), video: z.uuid().optional() }),
      },
      responses: { 200: json("Videos and whether they are open", AccessListShape) },
    }),
    async (c) => {
      const { at: asked, video: only } = c.req.valid("query")
      const at = asked ? new Date(asked) : now()
      const { id } = c.req.valid("param")
      const { standing, catalogueVersion } = await (asked ? standings.ofPast : standings.of)(c.var.db, id, at)
      const shelf = await catalogue.current(c.var.db, catalogueVersion)
      const data = shelf.videos
        .filter((video) => !only || video.id === only)
        .map((video) => {
          const { open, until, why, wouldOpen, ...rest } = decide(video, standing, at)
          const decided = { open, until, why, wouldOpen, ...rest }
          const rule = video.rules.find(({ id: ruleId }) => ruleId === rest.ruleId)
          const opens = rule ? sayRule(rule, shelf, c.var.locale) : ""
          const sentences = { ...say(decided, shelf, c.var.locale), opens }
          return { videoId: video.id, slug: video.slug, title: video.title, open, until, why, wouldOpen, sentences }
        })
      const { active, rankId, plan } = standing
      const held = rankId ? shelf.ranks.get(rankId) : undefined
      const rank = held ? { id: held.id, name: held.name, colour: held.colour } : null
      return c.json(
        plain({ data, nextCursor: null, standing: { active, rank, plan, planName: valueName("plan", plan) } }),
        200,
      )
    },
  )
}
