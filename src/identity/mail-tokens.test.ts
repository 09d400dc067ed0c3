import { expect, test } from "vitest"
import { testDatabase } from "../../test/support/database.ts"
import { contacts } from "../events/index.ts"
import * as clock from "../platform/clock.ts"
import { transact } from "../platform/db.ts"
import { LinkNoLongerWorks, mailTokens } from "./index.ts"

const db = await testDatabase()
const person = () => transact(db, (tx) => contacts.create(tx, clock.now()))
const issue = (contactId: string, purpose = "verify", hours = 24) =>
  transact(db, (tx) => mailTokens.issue(tx, contactId, purpose, { page: 3 }, hours))
const use = (word: string, purpose = "verify") => transact(db, (tx) => mailTokens.use(tx, word, purpose))

test("a link works once", async () => {
  const contactId = await person()
  const word = await issue(contactId)
  expect(await mailTokens.peek(db, word, "verify")).toMatchObject({ contactId, object: { page: 3 } })
  expect(await use(word)).toMatchObject({ contactId, object: { page: 3 } })
  await expect(use(word)).rejects.toBeInstanceOf(LinkNoLongerWorks)
  expect(await mailTokens.peek(db, word, "verify")).toBeUndefined()
})

test("of many uses at once one wins", async () => {
  const word = await issue(await person())
  const uses = await Promise.allSettled(Array.from({ length: 8 }, () => use(word)))
  expect(uses.filter((one) => one.status === "fulfilled")).toHaveLength(1)
  for (const one of uses) if (one.status === "rejected") expect(one.reason).toBeInstanceOf(LinkNoLongerWorks)
})

test("a use that is rolled back leaves the link working", async () => {
  const word = await issue(await person())
  const failing = transact(db, async (tx) => {
    await mailTokens.use(tx, word, "verify")
    throw new Error("no")
  })
  await expect(failing).rejects.toThrow("no")
  await use(word)
})

test("a link is good for its purpose, its contact and its time only", async () => {
  const [hanako, taro] = [await person(), await person()]
  const word = await issue(hanako, "reset", 1)
  await expect(use(word, "verify")).rejects.toBeInstanceOf(LinkNoLongerWorks)
  const another = (await issue(taro, "reset")).slice(0, 22) + word.slice(22)
  await expect(use(another, "reset")).rejects.toBeInstanceOf(LinkNoLongerWorks)
  clock.shift(3_600_001)
  await expect(use(word, "reset")).rejects.toBeInstanceOf(LinkNoLongerWorks)
  clock.shift(0)
  await use(word, "reset")
})

test("rubbish is no link", async () => {
  for (const word of ["", "x", "%00", "a".repeat(65), `${await issue(await person())}x`])
    await expect(use(word)).rejects.toBeInstanceOf(LinkNoLongerWorks)
})

test("what is stored does not open anything", async () => {
  const word = await issue(await person())
  const rows = await db.selectFrom("mailToken").select("tokenHash").execute()
  for (const { tokenHash } of rows) {
    expect(tokenHash).toHaveLength(32)
    expect(tokenHash.toString("base64url")).not.toContain(word.slice(22, 40))
  }
})
