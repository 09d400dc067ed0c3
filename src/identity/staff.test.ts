import { expect, test } from "vitest"
import { emptyTables, testDatabase } from "../../test/support/database.ts"
import type { Actor, StaffRole } from "../platform/actors.ts"
import { transact } from "../platform/db.ts"
import {
  AddressTaken,
  AlreadySetUp,
  apiTokens,
  LastOwner,
  NotPermitted,
  passwords,
  permissions,
  staff,
  staffSessions,
  WrongCredentials,
} from "./index.ts"

const db = await testDatabase()
const password = await passwords.hash("tanpopo-no-wata")
const product: Actor = { kind: "system", name: "test" }
let numbered = 0

function draft(role: StaffRole) {
  return { name: "伊藤 健", address: `ito${++numbered}@example.jp`, role, password, locale: "ja" as const }
}
async function takeOn(role: StaffRole, by: Actor = product) {
  const made = await transact(db, (tx) => staff.create(tx, draft(role), by))
  return { ...made, actor: { kind: "staff", staffId: made.id, role } satisfies Actor }
}
const change = (id: string, change: staff.StaffChange, by: Actor) =>
  transact(db, (tx) => staff.change(tx, id, change, by))

test("of several first visits at once one becomes the owner", async () => {
  await emptyTables(db)
  expect(await staff.needed(db)).toBe(true)
  const visits = await Promise.allSettled(
    Array.from({ length: 6 }, () => transact(db, (tx) => staff.setUp(tx, draft("analyst")))),
  )
  const made = visits.filter((one) => one.status === "fulfilled").map((one) => one.value.role)
  expect(made).toEqual(["owner"])
  for (const one of visits) if (one.status === "rejected") expect(one.reason).toBeInstanceOf(AlreadySetUp)
  expect(await staff.needed(db)).toBe(false)
})

test("only an owner makes, changes or shuts out an owner", async () => {
  const [owner, admin, other] = [await takeOn("owner"), await takeOn("admin"), await takeOn("owner")]
  await expect(takeOn("owner", admin.actor)).rejects.toBeInstanceOf(NotPermitted)
  await expect(change(other.id, { disabled: true }, admin.actor)).rejects.toBeInstanceOf(NotPermitted)
  await expect(change(other.id, { password }, admin.actor)).rejects.toBeInstanceOf(NotPermitted)
  await expect(change(admin.id, { role: "owner" }, admin.actor)).rejects.toBeInstanceOf(NotPermitted)
  const token: Actor = { kind: "token", tokenId: "", scopes: ["staff:write"] }
  await expect(change(other.id, { role: "analyst" }, token)).rejects.toBeInstanceOf(NotPermitted)
  expect(await change(other.id, { role: "admin" }, owner.actor)).toMatchObject({ role: "admin" })
  expect(await change(admin.id, { role: "owner" }, owner.actor)).toMatchObject({ role: "owner" })
})

test("nobody makes or takes over somebody who may do more than they", async () => {
  const [admin, analyst] = [await takeOn("admin"), await takeOn("analyst")]
  const few: Actor = { kind: "token", tokenId: "", scopes: ["staff:read", "staff:write"] }
  await expect(takeOn("admin", few)).rejects.toBeInstanceOf(NotPermitted)
  await expect(takeOn("analyst", few)).rejects.toBeInstanceOf(NotPermitted)
  await expect(change(admin.id, { password }, few)).rejects.toBeInstanceOf(NotPermitted)
  await expect(change(analyst.id, { role: "admin" }, few)).rejects.toBeInstanceOf(NotPermitted)
  const all: Actor = { kind: "token", tokenId: "", scopes: [...permissions] }
  expect(await takeOn("admin", all)).toMatchObject({ role: "admin" })
  expect(await change(analyst.id, { role: "support" }, admin.actor)).toMatchObject({ role: "support" })
})

test("the last owner stays, also when two leave at once", async () => {
  await emptyTables(db)
  const [one, two] = [await takeOn("owner"), await takeOn("owner")]
  const leaving = await Promise.allSettled([
    change(one.id, { disabled: true }, one.actor),
    change(two.id, { role: "admin" }, two.actor),
  ])
  expect(leaving.filter((each) => each.status === "fulfilled")).toHaveLength(1)
  for (const each of leaving) if (each.status === "rejected") expect(each.reason).toBeInstanceOf(LastOwner)
})

test("somebody shut out is out at once, whatever was opened before", async () => {
  const editor = await takeOn("editor")
  const checked = await staff.check(db, editor.address, "tanpopo-no-wata")
  const word = await transact(db, (tx) => staff.signIn(tx, checked, "test"))
  expect(await staffSessions.who(db, word)).toMatchObject({ staffId: editor.id, role: "editor" })
  await change(editor.id, { role: "support" }, product)
  expect(await staffSessions.who(db, word)).toMatchObject({ role: "support" })
  await change(editor.id, { disabled: true }, product)
  expect(await staffSessions.who(db, word)).toBeUndefined()
  await expect(staff.check(db, editor.address, "tanpopo-no-wata")).rejects.toBeInstanceOf(WrongCredentials)
  await expect(transact(db, (tx) => staff.signIn(tx, checked, "x"))).rejects.toBeInstanceOf(WrongCredentials)
  await change(editor.id, { disabled: false }, product)
  expect(await staffSessions.who(db, word)).toBeUndefined()
})

test("an address belongs to one member of staff", async () => {
  const known = await takeOn("support")
  const again = { ...draft("editor"), address: known.address.toUpperCase() }
  await expect(transact(db, (tx) => staff.create(tx, again, product))).rejects.toBeInstanceOf(AddressTaken)
})

test("a token does what its scopes say, never more than its maker may, and nothing once revoked", async () => {
  const marketer = await takeOn("marketer")
  const make = (scopes: apiTokens.ApiTokenDraft["scopes"], by: Actor) =>
    transact(db, (tx) => apiTokens.create(tx, { name: "集計", scopes }, by))
  await expect(make(["staff:write"], marketer.actor)).rejects.toBeInstanceOf(NotPermitted)
  const { token, secret } = await make(["contacts:read", "contacts:write"], marketer.actor)
  expect(secret).toMatch(/^mst_[\w-]{43}$/)
  expect((await apiTokens.who(db, secret))?.scopes).toEqual(["contacts:read", "contacts:write"])
  await change(marketer.id, { role: "analyst" }, product)
  expect((await apiTokens.who(db, secret))?.scopes).toEqual(["contacts:read"])
  await change(marketer.id, { disabled: true }, product)
  expect(await apiTokens.who(db, secret)).toBeUndefined()
  await change(marketer.id, { disabled: false }, product)
  await transact(db, (tx) => apiTokens.revoke(tx, token.id, product))
  expect(await apiTokens.who(db, secret)).toBeUndefined()
  expect(await apiTokens.who(db, `${secret}x`)).toBeUndefined()
  expect(JSON.stringify(await apiTokens.list(db, { limit: 100 }))).not.toContain(secret)
})

test("a token made by a token is bound to the same person", async () => {
  const admin = await takeOn("admin")
  const first = await transact(db, (tx) =>
    apiTokens.create(tx, { name: "親", scopes: ["keys:write", "contacts:read"] }, admin.actor),
  )
  const by: Actor = { kind: "token", tokenId: first.token.id, scopes: first.token.scopes }
  const wider = transact(db, (tx) => apiTokens.create(tx, { name: "子", scopes: ["videos:write"] }, by))
  await expect(wider).rejects.toBeInstanceOf(NotPermitted)
  const second = await transact(db, (tx) => apiTokens.create(tx, { name: "子", scopes: ["contacts:read"] }, by))
  expect(second.token.createdBy).toBe(admin.id)
})

test("every act on staff and tokens is in the audit with its actor, without passwords or secrets", async () => {
  const owner = await takeOn("owner")
  const support = await transact(db, (tx) => staff.create(tx, draft("support"), owner.actor))
  await change(support.id, { password, disabled: true }, owner.actor)
  const rows = await db
    .selectFrom("audit")
    .select(["action", "actor", "after"])
    .where("subjectId", "=", support.id)
    .execute()
  expect(rows.map((row) => row.action)).toEqual(["staff.create", "staff.change"])
  for (const row of rows) expect(row.actor).toEqual(owner.actor)
  expect(JSON.stringify(rows)).not.toContain("argon2")
})
