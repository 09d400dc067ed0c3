import { expect, test } from "vitest"
import { testDatabase } from "../../test/support/database.ts"
import { newId } from "../platform/ids.ts"
import { invariants } from "./invariants.ts"

const db = await testDatabase()

test("every invariant is a query the server understands, and holds for an empty product", async () => {
  for (const { holds, broken } of invariants)
    expect(
      await db.pool.query(broken, [new Date()]).then(
        ({ rows }) => rows,
        (error: Error) => error.message,
      ),
      holds,
    ).toEqual([])
})

test("a broken invariant is found", async () => {
  const [origin, between, contact] = [newId(), newId(), newId()]
  for (const id of [between, contact])
    await db.pool.query("insert into contact (id, created_at) values ($1, $2)", [id, new Date()])
  await db.pool.query("insert into alias values ($1, $2, $4), ($2, $3, $4)", [origin, between, contact, new Date()])
  const alias = invariants.find(({ holds }) => holds.startsWith("an alias"))!
  expect((await db.pool.query(alias.broken, [new Date()])).rows).toEqual([{ origin_id: origin }])
})
