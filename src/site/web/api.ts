import { createRoute } from "@hono/zod-openapi"
import { can } from "../../identity/index.ts"
import { apiRoutes, json } from "../../platform/api.ts"
import * as faces from "../faces.ts"

/** How the members' site presents itself, for programs and the console. */
export const api = apiRoutes()

const tags = ["Settings"]
const Presentation = faces.presentationSchema.openapi("SitePresentation")
const answer = { 200: { description: "How the site presents itself now", ...json(Presentation) } }

api.openapi(
  createRoute({
    method: "get",
    path: "/settings/site",
    tags,
    summary: "The name, the accent and the legal pages of the members' site",
    description: "Empty texts are what nobody has said yet. The terms are what people agree to on joining.",
    middleware: [can("settings:read")] as const,
    responses: answer,
  }),
  async (c) => c.json(await faces.presentation(c.var.db), 200),
)

api.openapi(
  createRoute({
    method: "put",
    path: "/settings/site",
    tags,
    summary: "Change how the members' site presents itself",
    description: "Pages show it within five seconds.",
    middleware: [can("settings:write")] as const,
    request: { body: { required: true, ...json(Presentation) } },
    responses: answer,
  }),
  async (c) => {
    await c.var.tx((tx) => faces.present(tx, c.req.valid("json"), c.var.actor))
    return c.json(await faces.presentation(c.var.db), 200)
  },
)
