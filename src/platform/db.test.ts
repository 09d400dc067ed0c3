import { expect, test } from "vitest"
import { testDatabase } from "../../test/support/database.ts"
import { mostPrepared, sql, transact } from "./db.ts"

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

test("when all names for prepared statements are used up, what still runs often is prepared anew and the others are dropped", async () => {
  const prepared = async () => {
    const { rows } = await client.query("select name, statement from pg_prepared_statements where name ~ '^s[0-9]+$'")
    return new Map(rows.map((row) => [row.statement as string, row.name as string]))
  }
  const ask = async (n: number) => (await client.query(`select $1::int + ${n} as n`, [1_000])).rows[0].n
  let client = await db.pool.connect()
  const namesSeen = new Set<string>()
  for (let n = 0; n < mostPrepared + 20; n++) {
    for (let run = 0; run < 5; run++) expect(await ask(n)).toBe(1_000 + n)
    if (n === 0) for (const name of (await prepared()).values()) namesSeen.add(name)
  }
  expect((await prepared()).size).toBeGreaterThan(mostPrepared)
  client.release()
  client = await db.pool.connect()
  const left = await prepared()
  expect(left.size).toBeLessThanOrEqual(21)
  expect(left.has(`select $1::int + ${mostPrepared + 19} as n`)).toBe(true)
  expect(left.has("select $1::int + 0 as n")).toBe(false)
  for (let run = 0; run < 5; run++) expect(await ask(0)).toBe(1_000)
  const again = (await prepared()).get("select $1::int + 0 as n")
  expect(again).toBeDefined()
  expect(namesSeen).not.toContain(again)
  client.release()
})
