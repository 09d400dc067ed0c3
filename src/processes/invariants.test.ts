import { expect, test } from "vitest"
import { plays } from "../../test/support/content-api.ts"
import { aMember, aVideo } from "../../test/support/content.ts"
import { emptyTables, testDatabase } from "../../test/support/database.ts"
import { build, catalogue, segments } from "../audience/index.ts"
import { jobs } from "../content/index.ts"
import { facts } from "../facts.ts"
import { system } from "../platform/actors.ts"
import { transact } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import { folderStorage } from "../platform/storage.ts"
import { examine } from "./doctor.ts"
import { examples, invariants } from "./invariants.ts"

const db = await testDatabase()

test("every invariant is a query the server understands, and holds for an empty product", async () => {
  for (const invariant of invariants)
    expect([invariant.holds, await examples(db.pool, invariant, new Date())]).toEqual([invariant.holds, []])
})

test("a broken invariant is found", async () => {
  const [origin, between, contact] = [newId(), newId(), newId()]
  for (const id of [between, contact])
    await db.pool.query("insert into contact (id, created_at) values ($1, $2)", [id, new Date()])
  await db.pool.query("insert into alias values ($1, $2, $4), ($2, $3, $4)", [origin, between, contact, new Date()])
  const alias = invariants.find(({ holds }) => holds.startsWith("an alias"))!
  expect(await examples(db.pool, alias, new Date())).toEqual([origin])
})

test("a video whose file was replaced by a shorter one breaks nothing; seconds that nobody played do", async () => {
  const { contactId } = await aMember(db)
  const { id } = await aVideo(db, { seconds: 12 })
  await plays(db, contactId, id, [[0, 11]])
  await db.pool.query("update video set duration_seconds = 2 where id = $1", [id])
  await jobs(folderStorage("unused"), "unused")["content.remeasure"]!(db, { videoId: id } as never)
  const watching = invariants.filter(({ holds }) => /seconds|reports/.test(holds))
  const found = () => Promise.all(watching.map((one) => examples(db.pool, one, new Date())))
  expect(await found()).toEqual([[], [], []])
  await db.pool.query("update watch set seconds = 3, ranges = '{[0,12)}'")
  expect(await found()).toEqual([[contactId], [contactId], [contactId]])
})

test("a kept answer that is not true is found", async () => {
  catalogue.offer(facts)
  const contactId = newId()
  await emptyTables(db)
  await db.pool.query("insert into contact (id, anonymous, created_at) values ($1, false, $2)", [contactId, new Date()])
  await transact(db, (tx) =>
    segments.create(tx, { name: "会員", definition: { fact: "member.joined", is: { eq: true } } }, system("test")),
  )
  const [{ id }] = (await db.pool.query("select id from condition")).rows as [{ id: string }]
  await build(db, { conditionId: id })
  await db.pool.query("delete from dirty")
  expect(await examine(db)).toBe(0)
  await db.pool.query("insert into holding (contact_id, condition_id, since) values ($1, $2, $3)", [
    contactId,
    id,
    new Date(),
  ])
  expect(await examine(db)).toBe(2)
})
