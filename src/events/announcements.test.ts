import { expect, test } from "vitest"
import { testDatabase } from "../../test/support/database.ts"
import { transact } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import { announce, react } from "./index.ts"

const db = await testDatabase()

test("an announcement and what follows it commit together or not at all", async () => {
  const contactId = newId()
  const heard: string[] = []
  react({
    every: [],
    named: { "thing.happened": [async (_, events) => void heard.push(...events.map((e) => e.contactId))] },
  })
  await transact(db, (tx) => announce(tx, "thing.happened", { contactId, properties: { size: 3 } }))
  expect(heard).toEqual([contactId])
  react({ every: [], named: { "thing.happened": [() => Promise.reject(new Error("no"))] } })
  await expect(transact(db, (tx) => announce(tx, "thing.happened", { contactId }))).rejects.toThrow("no")
  const rows = await db.selectFrom("event").selectAll().where("contactId", "=", contactId).execute()
  expect(rows.map((row) => [row.name, row.properties])).toEqual([["thing.happened", { size: 3 }]])
})

test("an event of a month without a partition makes one", async () => {
  react({ every: [], named: {} })
  const contactId = newId()
  const happenedAt = new Date("2019-02-03T00:00:00Z")
  await transact(db, (tx) => announce(tx, "thing.happened", { contactId, happenedAt }))
  expect(
    (await db.selectFrom("event").select("happenedAt").where("contactId", "=", contactId).execute())[0]?.happenedAt,
  ).toEqual(happenedAt)
})

test("many that need the same new month at once all find it", async () => {
  react({ every: [], named: {} })
  for (const year of [2011, 2012, 2013, 2014]) {
    const contactId = newId()
    const happenedAt = new Date(`${year}-05-06T00:00:00Z`)
    await Promise.all(
      Array.from({ length: 8 }, () => transact(db, (tx) => announce(tx, "thing.happened", { contactId, happenedAt }))),
    )
    expect((await db.selectFrom("event").select("id").where("contactId", "=", contactId).execute()).length).toBe(8)
  }
})
