import { expect, test } from "vitest"
import { testDatabase } from "../../test/support/database.ts"
import { system } from "../platform/actors.ts"
import { sql, transact } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import * as audit from "./audit.ts"
import * as contacts from "./contacts.ts"

const db = await testDatabase()

test("acts are listed newest first, read on by the last one seen, and narrowed to a subject", async () => {
  for (let n = 0; n < 5; n++)
    await transact(db, (tx) =>
      audit.record(
        tx,
        system("test"),
        "thing.change",
        { kind: n === 2 ? "other" : "thing", id: String(n) },
        { after: { n } },
      ),
    )
  const first = await audit.list(db, { limit: 2 })
  expect(first.map((act) => act.subjectId)).toEqual(["4", "3"])
  const rest = await audit.list(db, { limit: 9, after: first.at(-1)!.id })
  expect(rest.map((act) => act.after)).toEqual([{ n: 2 }, { n: 1 }, { n: 0 }])
  expect((await audit.list(db, { limit: 9, subjectKind: "other" })).map((act) => act.subjectId)).toEqual(["2"])
})

test("of persons it is kept which fields changed, and no value that is personal", async () => {
  const before = { familyName: "佐藤", company: null, phone: "", お子さまの名前: "太郎", rankId: "r1" }
  const after = {
    familyName: "鈴木",
    company: "あずみ製作所",
    phone: "0263-00-0000",
    お子さまの名前: null,
    rankId: "r2",
  }
  await transact(db, async (tx) => {
    await audit.record(tx, system("test"), "contact.change", { kind: "contact", id: "p" }, { before, after })
    await audit.record(
      tx,
      system("test"),
      "staff.change",
      { kind: "staff", id: "p" },
      { after: { name: "高橋", role: "editor" } },
    )
    await audit.record(tx, system("test"), "segment.change", { kind: "segment", id: "p" }, { after: { name: "常連" } })
  })
  const acts = (await audit.list(db, { limit: 3 })).toReversed()
  expect(acts.map((act) => [act.before, act.after])).toEqual([
    [
      { familyName: "…", company: null, phone: "", お子さまの名前: "…", rankId: "r1" },
      { familyName: "…", company: "…", phone: "…", お子さまの名前: null, rankId: "r2" },
    ],
    [null, { name: "…", role: "editor" }],
    [null, { name: "常連" }],
  ])
})

test("an act that is rolled back leaves no trace", async () => {
  const before = (await audit.list(db, { limit: 100 })).length
  await transact(db, async (tx) => {
    await audit.record(tx, system("test"), "thing.change", { kind: "thing", id: "9" })
    throw new Error("no")
  }).catch(() => undefined)
  expect((await audit.list(db, { limit: 100 })).length).toBe(before)
})

test("what acts were done to is called by its name of now; what is gone or has none is not, nor contacts to those who may not see them", async () => {
  const [rankId, gone] = [newId(), newId()]
  const name = { ja: "シルバー", en: "Silver" }
  await sql`insert into rank (id, position, name, changed_at)
    values (${rankId}, 0, ${JSON.stringify(name)}::jsonb, '2026-01-01')`.execute(db)
  const contactId = await transact(db, (tx) => contacts.create(tx, new Date("2026-01-01T00:00:00Z")))
  await sql`update profile set family_name = '佐藤', given_name = '花子' where contact_id = ${contactId}`.execute(db)
  await transact(db, async (tx) => {
    await audit.record(tx, system("test"), "rank.change", { kind: "rank", id: rankId })
    await audit.record(tx, system("test"), "contact.change", { kind: "contact", id: contactId })
    await audit.record(tx, system("test"), "rank.remove", { kind: "rank", id: gone })
    await audit.record(tx, system("test"), "sender.change", { kind: "setting", id: "sender" })
  })
  const acts = await audit.list(db, { limit: 4 })
  expect(await audit.subjectsOf(db, acts, { contacts: false })).toEqual(new Map([[rankId, name]]))
  const found = await audit.subjectsOf(db, acts, { contacts: true })
  expect([...found].sort(([a], [b]) => (a < b ? -1 : 1))).toEqual(
    [[rankId, name] as const, [contactId, { ja: "佐藤 花子", en: "佐藤 花子" }] as const].sort(([a], [b]) =>
      a < b ? -1 : 1,
    ),
  )
})
