import type { Actor, StaffRole } from "../platform/actors.ts"

/** Everything a route may ask for: an area and whether it is read or written. */
export const permissions = [
  "contacts:read",
  "contacts:write",
  "events:read",
  "events:write",
  "segments:read",
  "segments:write",
  "videos:read",
  "videos:write",
  "ranks:read",
  "ranks:write",
  "scenarios:read",
  "scenarios:write",
  "deliveries:read",
  "deliveries:write",
  "settings:read",
  "settings:write",
  "staff:read",
  "staff:write",
  "keys:read",
  "keys:write",
  "audit:read",
] as const
export type Permission = (typeof permissions)[number]

const readsOfWork = permissions.filter((name) => name.endsWith(":read") && !/^(staff|keys|audit):/.test(name))

/** Which role may do what. Beyond this table only an owner may touch an owner (staff.ts). */
export const permissionsOf: Record<StaffRole, readonly Permission[]> = {
  owner: permissions,
  admin: permissions,
  marketer: [
    "contacts:read",
    "contacts:write",
    "events:read",
    "segments:read",
    "segments:write",
    "videos:read",
    "ranks:read",
    "ranks:write",
    "scenarios:read",
    "scenarios:write",
    "deliveries:read",
    "deliveries:write",
  ],
  editor: ["segments:read", "videos:read", "videos:write", "ranks:read"],
  support: [
    "contacts:read",
    "contacts:write",
    "events:read",
    "segments:read",
    "videos:read",
    "ranks:read",
    "deliveries:read",
  ],
  analyst: readsOfWork,
}

/** What an actor may do: staff by role, tokens by scope, nobody else anything. */
export function allowed(actor: Actor): readonly string[] {
  if (actor.kind === "staff") return permissionsOf[actor.role]
  return actor.kind === "token" ? actor.scopes : []
}

/** Whether an actor has a permission. */
export function may(actor: Actor, permission: Permission): boolean {
  return allowed(actor).includes(permission)
}
