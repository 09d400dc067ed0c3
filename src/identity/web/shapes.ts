import { z } from "@hono/zod-openapi"
import { staffRoles } from "../../platform/actors.ts"
import { paging } from "../../platform/api.ts"
import type { Ctx } from "../../platform/http.ts"
import { permissions } from "../permissions.ts"

/** Answers a list read by id: one row more than asked for tells that there is a next page. */
export function pageOf<Row extends { id: string }>(rows: Row[], limit: number) {
  const data = rows.slice(0, limit)
  return { data, nextCursor: rows.length > limit ? data.at(-1)!.id : null }
}

/** The id of the acting member of staff; only behind `staffOnly`. */
export function staffIdOf(c: Ctx): string {
  if (c.var.actor.kind !== "staff") throw new Error("a route of the staff was reached without one")
  return c.var.actor.staffId
}

export const LocaleShape = z.enum(["ja", "en"])
export const RoleShape = z.enum(staffRoles)
export const PermissionShape = z.enum(permissions)
export const PasswordShape = z.string().max(1_000).openapi({ format: "password" })
export const AddressShape = z.string().min(1).max(254).openapi({ example: "hanako@example.jp" })
export const NameShape = z.string().trim().min(1).max(100)
export const IdParam = z.object({ id: z.uuid() })
export const PageQuery = paging.extend({ cursor: z.uuid().optional() })
const Time = z.date().openapi({ type: "string", format: "date-time" })

export const WhoShape = z
  .object({
    id: z.uuid(),
    name: z.string(),
    address: z.string(),
    role: RoleShape,
    permissions: z.array(z.string()),
    locale: LocaleShape,
  })
  .openapi("StaffSession")

export const StaffShape = z
  .object({
    id: z.uuid(),
    name: z.string(),
    address: z.string(),
    role: RoleShape,
    locale: LocaleShape,
    createdAt: Time,
    disabledAt: Time.nullable(),
  })
  .openapi("Staff")

export const ApiTokenShape = z
  .object({
    id: z.uuid(),
    name: z.string(),
    scopes: z.array(z.string()),
    createdBy: z.uuid().nullable(),
    createdAt: Time,
    lastUsedAt: Time.nullable(),
    expiresAt: Time.nullable(),
    revokedAt: Time.nullable(),
  })
  .openapi("ApiToken")

export const AccountShape = z
  .object({
    contactId: z.uuid(),
    address: z.string(),
    locale: LocaleShape,
    openedAt: Time,
    verifiedAt: Time.nullable(),
    suspendedAt: Time.nullable(),
    withdrawnAt: Time.nullable(),
  })
  .openapi("Account")

const ProblemShape = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    errors: z.record(z.string(), z.string()).optional(),
  })
  .openapi("Problem")

/** The JSON body of a request. */
export function body<S extends z.ZodType>(schema: S) {
  return { body: { required: true, content: { "application/json": { schema } } } } as const
}

/** A JSON answer. */
export function json<S extends z.ZodType>(description: string, schema: S) {
  return { description, content: { "application/json": { schema } } } as const
}

/** A refusal, as RFC 9457 problem details. */
export function problem(description: string) {
  return { description, content: { "application/problem+json": { schema: ProblemShape } } } as const
}
