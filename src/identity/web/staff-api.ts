import { createRoute, z } from "@hono/zod-openapi"
import { apiRoutes, listOf } from "../../platform/api.ts"
import * as passwords from "../passwords.ts"
import * as staff from "../staff.ts"
import { can } from "./policies.ts"
import {
  AddressShape,
  body,
  IdParam,
  json,
  LocaleShape,
  NameShape,
  PageQuery,
  PasswordShape,
  pageOf,
  problem,
  RoleShape,
  StaffShape,
} from "./shapes.ts"

/** The people who run the site. */
export const staffApi = apiRoutes()
const tags = ["Staff"]

staffApi.openapi(
  createRoute({
    method: "get",
    path: "/staff",
    tags,
    summary: "Everybody on the staff",
    middleware: [can("staff:read")] as const,
    request: { query: PageQuery },
    responses: { 200: json("Staff", listOf(StaffShape)) },
  }),
  async (c) => {
    const { cursor, limit } = c.req.valid("query")
    return c.json(pageOf(await staff.list(c.var.db, { cursor, limit: limit + 1 }), limit), 200)
  },
)

staffApi.openapi(
  createRoute({
    method: "post",
    path: "/staff",
    tags,
    summary: "Take somebody on, with a first password",
    middleware: [can("staff:write")] as const,
    request: body(
      z.object({
        name: NameShape,
        address: AddressShape,
        role: RoleShape,
        password: PasswordShape,
        locale: LocaleShape.default("ja"),
      }),
    ),
    responses: {
      201: json("Taken on", StaffShape),
      403: problem("Only an owner makes an owner"),
      409: problem("The address is used by somebody of the staff"),
      422: problem("Faulty input"),
    },
  }),
  async (c) => {
    const draft = c.req.valid("json")
    const password = await passwords.prepare(draft.password, [draft.address], "password")
    return c.json(await c.var.tx((tx) => staff.create(tx, { ...draft, password }, c.var.actor)), 201)
  },
)

staffApi.openapi(
  createRoute({
    method: "patch",
    path: "/staff/{id}",
    tags,
    summary: "Change name, role or password, or shut somebody out; a new password ends their sessions",
    middleware: [can("staff:write")] as const,
    request: {
      params: IdParam,
      ...body(
        z.object({
          name: NameShape.optional(),
          role: RoleShape.optional(),
          disabled: z.boolean().optional(),
          password: PasswordShape.optional(),
        }),
      ),
    },
    responses: {
      200: json("Changed", StaffShape),
      403: problem("Only an owner touches an owner"),
      404: problem("Nobody of that id"),
      409: problem("The last owner stays"),
    },
  }),
  async (c) => {
    const { password, ...change } = c.req.valid("json")
    const { id } = c.req.valid("param")
    const known = await staff.get(c.var.db, id)
    const hashed = password === undefined ? undefined : await passwords.prepare(password, [known.address], "password")
    return c.json(await c.var.tx((tx) => staff.change(tx, id, { ...change, password: hashed }, c.var.actor)), 200)
  },
)
