import { expect, test } from "vitest"
import { testDatabase } from "../../test/support/database.ts"
import { sql, transact } from "./db.ts"

const db = await testDatabase()
await sql`create table kept (n int)`.execute(db)

test("a transaction is whole though its begin is not waited for", async () => {
  const broken = transact(db, async (tx) => {
    await sql`insert into kept values (1)`.execute(tx)
    await sql`select 1 / 0`.execute(tx)
  })
  await expect(broken).rejects.toThrow("division by zero")
  expect((await sql`select from kept`.execute(db)).rows).toHaveLength(0)
})

test("when the server refuses to begin, nothing sent behind is kept and the connection is given up", async () => {
  const client = await db.pool.connect()
  client.on("error", () => undefined)
  await client.query("begin")
  await expect(client.query("select 1 / 0", [])).rejects.toThrow("division by zero")
  // In a transaction that has failed, everything but its end is refused.
  await client.query("begin")
  await expect(client.query("insert into kept values (1)", [])).rejects.toThrow()
  await expect(client.query("select 1", [])).rejects.toThrow(/not queryable|terminated/)
  client.release(true)
  expect((await sql`select from kept`.execute(db)).rows).toHaveLength(0)
})
