import { OpenAPIHono, z } from "@hono/zod-openapi"
import { type Env, Invalid } from "./http.ts"

/** A group of API routes whose schema faults are refused like every other. */
export function apiRoutes(): OpenAPIHono<Env> {
  return new OpenAPIHono<Env>({
    defaultHook: (result) => {
      if (!result.success) throw Invalid.of(result.error)
    },
  })
}

/** A body in JSON, sent or answered. */
export function json<Shape extends z.ZodType>(schema: Shape) {
  return { content: { "application/json": { schema } } }
}

/** The shape of a page of a list. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({ data: z.array(item), nextCursor: z.string().nullable() })
}

/** How a list is asked for page by page. */
export const paging = z.object({
  cursor: z.string().max(1_000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
