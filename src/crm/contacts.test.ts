import { expect, test } from "vitest"
import { testDatabase } from "../../test/support/database.ts"
import * as events from "../events/index.ts"
import { system } from "../platform/actors.ts"
import { transact } from "../platform/db.ts"
import { BadCursor } from "../platform/cursors.ts"
import { contacts, profiles } from "./index.ts"

const db = await testDatabase()
const at = new Date("2026-11-01T00:00:00Z")

async function person(familyName: string, familyKana: string, more: object = {}) {
  return transact(db, async (tx) => {
    const id = await events.contacts.create(tx, at)
    await profiles.save(tx, id, { familyName, familyKana, ...more }, system("test"))
    return id
  })
}

await person("伊藤", "いとう")
await person("渡邊", "ﾜﾀﾅﾍﾞ")
const hanako = await person("佐藤", "さとう", {
  givenName: "花子",
  givenKana: "はなこ",
  email: "hanako@example.jp",
  phone: "090-1234-5678",
})
await person("髙橋", "タカハシ", { company: "㈱あずみ製作所" })
const nameless = await transact(db, (tx) => events.contacts.create(tx, at))
await transact(db, (tx) => events.contacts.ensureAnonymous(tx, ["0199f0e0-0000-5000-8000-000000000001"], at))

const names = async (search?: string) => (await contacts.list(db, { search })).data.map((row) => row.familyName)

test("contacts stand in kana order, however the kana were typed; anonymous visitors are not among them", async () => {
  expect(await names()).toEqual(["伊藤", "佐藤", "髙橋", "渡邊", ""])
  expect(await contacts.count(db)).toBe(5)
})

test("people are found by names in any writing, by mail, phone, company and number", async () => {
  for (const search of [
    "佐藤",
    "佐藤花子",
    "佐藤 花子",
    "さとう",
    "ｻﾄｳ",
    "とうは",
    "hanako",
    "090-1234",
    "09012345678",
    "+8190",
    "花子",
    "さ",
  ])
    expect(await names(search), search).toEqual(["佐藤"])
  expect(await names("高橋")).toEqual(["髙橋"])
  expect(await names("あずみ製作所")).toEqual(["髙橋"])
  expect(await names("株式会社あずみ")).toEqual(["髙橋"])
  expect(await names("渡辺")).toEqual(["渡邊"])
  const { number } = await profiles.get(db, hanako)
  expect(await names(number)).toEqual(["佐藤"])
  expect((await contacts.list(db, { search: (await profiles.get(db, nameless)).number })).data).toHaveLength(1)
})

test("what nobody is called finds nobody, and signs of the pattern language are only signs", async () => {
  for (const search of ["%", "_", "\\", "%%%", "存在しない名前", "-"]) expect(await names(search), search).toEqual([])
})

test("reading page by page shows everybody once, in the same order", async () => {
  const seen: string[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await contacts.list(db, { limit: 2, cursor })
    seen.push(...page.data.map((row) => row.id))
    if (!page.nextCursor) break
    cursor = page.nextCursor
  }
  expect(seen).toEqual((await contacts.list(db)).data.map((row) => row.id))
})

test("a cursor that is not ours is refused", async () => {
  for (const cursor of ["x", "W10", Buffer.from('["a","b"]').toString("base64url")])
    await expect(contacts.list(db, { cursor })).rejects.toThrow(BadCursor)
})
