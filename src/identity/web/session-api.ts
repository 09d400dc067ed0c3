import { createRoute, z } from "@hono/zod-openapi"
import { anyone, type Ctx } from "../../platform/http.ts"
import { apiRoutes } from "../../platform/api.ts"
import * as passwords from "../passwords.ts"
import { permissionsOf } from "../permissions.ts"
import * as staff from "../staff.ts"
import * as staffSessions from "../staff-sessions.ts"
import { dropWord, keepWord, wordOf } from "./cookies.ts"
import { limits } from "./limits.ts"
import { staffOnly } from "./policies.ts"
import {
  AddressShape,
  body,
  json,
  LocaleShape,
  NameShape,
  PasswordShape,
  problem,
  staffIdOf,
  WhoShape,
} from "./shapes.ts"

/** The first owner, and signing in to the console. */
export const sessionApi = apiRoutes()
const tags = ["Staff session"]

sessionApi.openapi(
  createRoute({
    method: "get",
    path: "/setup",
    tags,
    summary: "Whether the first owner is still to be set up",
    middleware: [anyone] as const,
    responses: { 200: json("Whether set-up is needed", z.object({ needed: z.boolean() })) },
  }),
  async (c) => c.json({ needed: await staff.needed(c.var.db) }, 200),
)

sessionApi.openapi(
  createRoute({
    method: "post",
    path: "/setup",
    tags,
    summary: "Set up the first owner and sign in; only while there is no staff",
    middleware: [anyone] as const,
    request: body(
      z.object({ name: NameShape, address: AddressShape, password: PasswordShape, locale: LocaleShape.optional() }),
    ),
    responses: { 201: json("The owner, signed in", WhoShape), 409: problem("Set-up was done before") },
  }),
  async (c) => {
    const { name, address, password, locale = c.var.locale } = c.req.valid("json")
    await limits.setUp(c)
    const hashed = await passwords.prepare(password, [address], "password")
    const [owner, word] = await c.var.tx(async (tx) => {
      const made = await staff.setUp(tx, { name, address, password: hashed, locale })
      return [made, await staffSessions.open(tx, made.id, c.req.header("user-agent"))] as const
    })
    keepWord(c, "staff", word, staffSessions.lifeSeconds)
    return c.json(face(owner), 201)
  },
)

sessionApi.openapi(
  createRoute({
    method: "post",
    path: "/staff-session",
    tags,
    summary: "Sign in to the console; answers with a cookie",
    middleware: [anyone] as const,
    request: body(z.object({ address: AddressShape, password: PasswordShape })),
    responses: { 200: json("Who is signed in", WhoShape), 401: problem("Address and password do not match") },
  }),
  async (c) => {
    const { address, password } = c.req.valid("json")
    await limits.signIn(c, "staff", address)
    const checked = await staff.check(c.var.db, address, password)
    await limits.signedIn(c, "staff", address)
    const word = await c.var.tx((tx) => staff.signIn(tx, checked, c.req.header("user-agent")))
    keepWord(c, "staff", word, staffSessions.lifeSeconds)
    return c.json(face(checked), 200)
  },
)

sessionApi.openapi(
  createRoute({
    method: "get",
    path: "/staff-session",
    tags,
    summary: "Who is signed in, and what they may do",
    middleware: [staffOnly] as const,
    responses: { 200: json("Who is signed in", WhoShape), 401: problem("Nobody") },
  }),
  async (c) => c.json(await own(c), 200),
)

sessionApi.openapi(
  createRoute({
    method: "patch",
    path: "/staff-session",
    tags,
    summary: "Choose the language of one's own console",
    middleware: [staffOnly] as const,
    request: body(z.object({ locale: LocaleShape })),
    responses: { 200: json("Who is signed in", WhoShape) },
  }),
  async (c) => {
    const { locale } = c.req.valid("json")
    await c.var.tx((tx) => staff.speak(tx, staffIdOf(c), locale))
    return c.json(await own(c), 200)
  },
)

sessionApi.openapi(
  createRoute({
    method: "put",
    path: "/staff-session/password",
    tags,
    summary: "Change one's own password; other sessions end",
    middleware: [staffOnly] as const,
    request: body(z.object({ password: PasswordShape, newPassword: PasswordShape })),
    responses: { 204: { description: "Changed" }, 422: problem("Wrong or weak password") },
  }),
  async (c) => {
    const { password, newPassword } = c.req.valid("json")
    const id = staffIdOf(c)
    await limits.proof(c, id)
    await staff.prove(c.var.db, id, password)
    const hashed = await passwords.prepare(newPassword, [(await staff.get(c.var.db, id)).address])
    await c.var.tx((tx) => staff.changeOwnPassword(tx, id, hashed, wordOf(c, "staff"), c.var.actor))
    return c.body(null, 204)
  },
)

sessionApi.openapi(
  createRoute({
    method: "delete",
    path: "/staff-session",
    tags,
    summary: "Sign out",
    middleware: [anyone] as const,
    responses: { 204: { description: "Signed out" } },
  }),
  async (c) => {
    const word = wordOf(c, "staff")
    if (word) await c.var.tx((tx) => staffSessions.end(tx, word))
    dropWord(c, "staff")
    return c.body(null, 204)
  },
)

async function own(c: Ctx) {
  return face(await staff.get(c.var.db, staffIdOf(c)))
}

function face({ id, name, address, role, locale }: staff.Staff) {
  return { id, name, address, role, locale, permissions: [...permissionsOf[role]] }
}
