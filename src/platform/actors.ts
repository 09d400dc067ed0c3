/** Who acts. Always an argument, never ambient. */
export type Actor =
  | { kind: "visitor" }
  | { kind: "member"; contactId: string }
  | { kind: "staff"; staffId: string; role: StaffRole }
  | { kind: "token"; tokenId: string; scopes: string[] }
  | { kind: "system"; name: string }

export const staffRoles = ["owner", "admin", "marketer", "editor", "support", "analyst"] as const
export type StaffRole = (typeof staffRoles)[number]

/** The product itself acting, e.g. `system("ranks")`. */
export function system(name: string): Actor {
  return { kind: "system", name }
}
