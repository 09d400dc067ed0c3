import { expect, test } from "vitest"
import { staffRoles } from "../platform/actors.ts"
import { may, permissions } from "./index.ts"

test("who may do what is this table and nothing else", () => {
  const short = { owner: "o", admin: "a", marketer: "m", editor: "e", support: "s", analyst: "n" }
  const table = permissions.map((permission) => {
    const roles = staffRoles.filter((role) => may({ kind: "staff", staffId: "", role }, permission))
    return `${permission.padEnd(18)}${staffRoles.map((role) => (roles.includes(role) ? short[role] : "·")).join("")}`
  })
  expect(`\n${table.join("\n")}\n`).toBe(`
contacts:read     oam·sn
contacts:write    oam·s·
events:read       oam·sn
events:write      oa····
segments:read     oamesn
segments:write    oam···
videos:read       oamesn
videos:write      oa·e··
ranks:read        oamesn
ranks:write       oam···
scenarios:read    oam··n
scenarios:write   oam···
deliveries:read   oam·sn
deliveries:write  oam···
settings:read     oa···n
settings:write    oa····
staff:read        oa····
staff:write       oa····
keys:read         oa····
keys:write        oa····
audit:read        oa····
`)
})

test("visitors, members and the product itself pass no staff door; tokens pass by scope", () => {
  for (const permission of permissions) {
    expect(may({ kind: "visitor" }, permission)).toBe(false)
    expect(may({ kind: "member", contactId: "" }, permission)).toBe(false)
    expect(may({ kind: "system", name: "ranks" }, permission)).toBe(false)
    expect(may({ kind: "token", tokenId: "", scopes: ["contacts:read"] }, permission)).toBe(
      permission === "contacts:read",
    )
  }
})
