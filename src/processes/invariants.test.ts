import { expect, test } from "vitest"
import { testDatabase } from "../../test/support/database.ts"
import { build, catalogue, segments } from "../audience/index.ts"
import { facts } from "../facts.ts"
import { system } from "../platform/actors.ts"
import { transact } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import { examine } from "./doctor.ts"
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

test("a kept answer that is not true is found", async () => {
  catalogue.offer(facts)
  const contactId = newId()
  await db.pool.query("truncate contact cascade")
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
