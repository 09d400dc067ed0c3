import { expect, test } from "vitest"
import { testDatabase } from "../../test/support/database.ts"
import { contacts } from "../events/index.ts"
import { now, shift } from "../platform/clock.ts"
import { sql, transact } from "../platform/db.ts"
import {
  AddressTaken,
  AlreadyHasAccount,
  accounts,
  addressChanges,
  credentials,
  jobs,
  LinkNoLongerWorks,
  mailTokens,
  NotAnAddress,
  passwords,
  sessions,
  WeakPassword,
  WrongCredentials,
} from "./index.ts"

const db = await testDatabase()
const password = "tanpopo-no-wata"
const hashed = await passwords.hash(password)
const staff = { kind: "system", name: "test" } as const
let numbered = 0
const newAddress = () => `hanako${++numbered}@example.jp`

async function signUp(address: string) {
  return transact(db, async (tx) => {
    const contactId = await contacts.create(tx, now())
    const outcome = await accounts.open(tx, { contactId, address, password: hashed, locale: "ja" }, now())
    return { contactId, outcome }
  })
}
const link = (contactId: string, purpose: string) =>
  transact(db, (tx) => mailTokens.issue(tx, contactId, purpose, {}, 24))
const verify = (word: string) => transact(db, (tx) => accounts.verify(tx, word, now()))
async function member(address = newAddress()) {
  const { contactId } = await signUp(address)
  await verify(await link(contactId, "verify"))
  return { contactId, address }
}
const signIn = async (address: string, typed = password) => {
  const checked = await credentials.check(db, address, typed)
  return transact(db, (tx) => credentials.signIn(tx, checked, "test"))
}
async function events(contactId: string) {
  const rows = await db.selectFrom("event").select(["name", "properties"]).where("contactId", "=", contactId).execute()
  return rows.map((row) => row.name)
}

test("an account is opened, confirmed by mail, and signed in to", async () => {
  const { contactId } = await signUp("Hanako@Example.JP")
  expect(await accounts.find(db, "hanako@example.jp")).toMatchObject({ contactId, verifiedAt: null })
  await verify(await link(contactId, "verify"))
  expect((await accounts.get(db, contactId)).verifiedAt).toBeInstanceOf(Date)
  const word = await signIn("ｈａｎａｋｏ＠example.jp")
  expect(await sessions.who(db, word)).toMatchObject({ contactId, locale: "ja" })
  expect((await events(contactId)).sort()).toEqual(["account.opened", "account.signed_in", "account.verified"])
})

test("no event of an account carries personal text", async () => {
  const { contactId } = await member()
  await transact(db, (tx) => addressChanges.request(tx, contactId, newAddress(), now()))
  const rows = await db.selectFrom("event").select("properties").where("contactId", "=", contactId).execute()
  expect(rows.map((row) => row.properties)).toEqual(rows.map(() => ({})))
})

test("an address that is none and a weak password are refused", async () => {
  await expect(signUp("hanako")).rejects.toBeInstanceOf(NotAnAddress)
  const weak = transact(db, async (tx) => {
    const contactId = await contacts.create(tx, now())
    await accounts.open(tx, { contactId, address: newAddress(), password: "password123", locale: "ja" }, now())
  })
  await expect(weak).rejects.toBeInstanceOf(WeakPassword)
})

test("an unfinished sign-up does not lock its address: a later one takes it over and the earlier link dies", async () => {
  const address = newAddress()
  const early = await signUp(address)
  const earlyLink = await link(early.contactId, "verify")
  const late = await signUp(address.toUpperCase())
  expect(late.outcome).toBe("opened")
  await expect(verify(earlyLink)).rejects.toBeInstanceOf(LinkNoLongerWorks)
  await verify(await link(late.contactId, "verify"))
  expect((await accounts.find(db, address))?.contactId).toBe(late.contactId)
  expect(await events(early.contactId)).toContain("account.superseded")
})

test("a sign-up with a confirmed address writes nothing and tells its owner", async () => {
  const { contactId, address } = await member()
  const repeated = await signUp(` ${address.toUpperCase()}`)
  expect(repeated.outcome).toBe("repeated")
  expect(await accounts.of(db, repeated.contactId)).toBeUndefined()
  expect(await events(contactId)).toContain("account.sign_up_repeated")
  expect(await transact(db, (tx) => accounts.repeated(tx, address))).toBe(true)
  expect(await transact(db, (tx) => accounts.repeated(tx, newAddress()))).toBe(false)
})

test("of sign-ups with one address at once, whatever the order, one claim remains", async () => {
  const address = newAddress()
  await Promise.all(Array.from({ length: 6 }, () => signUp(address)))
  const open = await db
    .selectFrom("account")
    .select("contactId")
    .where("address", "=", address)
    .where("withdrawnAt", "is", null)
    .execute()
  expect(open.map((row) => row.contactId)).toEqual([(await accounts.find(db, address))?.contactId])
})

test("a contact has one account", async () => {
  const { contactId } = await member()
  const again = transact(db, (tx) =>
    accounts.open(tx, { contactId, address: newAddress(), password: hashed, locale: "ja" }, now()),
  )
  await expect(again).rejects.toBeInstanceOf(AlreadyHasAccount)
})

test("a new password ends every session but the one it was set in", async () => {
  const { contactId, address } = await member()
  const [here, there] = [await signIn(address), await signIn(address)]
  const next = await passwords.hash("himawari-no-tane")
  await transact(db, (tx) => credentials.change(tx, contactId, next, here))
  expect(await sessions.who(db, here)).toBeDefined()
  expect(await sessions.who(db, there)).toBeUndefined()
  await expect(signIn(address)).rejects.toBeInstanceOf(WrongCredentials)
  await signIn(address, "himawari-no-tane")
})

test("a reset by mail ends every session and works once", async () => {
  const { contactId, address } = await member()
  const here = await signIn(address)
  const [word, spare] = [await link(contactId, "reset"), await link(contactId, "reset")]
  const next = await passwords.hash("himawari-no-tane")
  const reset = (one: string) => transact(db, (tx) => credentials.reset(tx, one, next))
  await reset(word)
  expect(await sessions.who(db, here)).toBeUndefined()
  await expect(reset(word)).rejects.toBeInstanceOf(LinkNoLongerWorks)
  await expect(reset(spare)).rejects.toBeInstanceOf(LinkNoLongerWorks)
})

test("a sign-in that began before a reset does not outlive it", async () => {
  const { contactId, address } = await member()
  const checked = await credentials.check(db, address, password)
  const word = await link(contactId, "reset")
  await transact(db, async (tx) => credentials.reset(tx, word, await passwords.hash("himawari-no-tane")))
  const late = transact(db, (tx) => credentials.signIn(tx, checked, "test"))
  await expect(late).rejects.toBeInstanceOf(WrongCredentials)
})

test("a reset is announced for known addresses only, and asks the same work of both", async () => {
  const { contactId, address } = await member()
  await transact(db, (tx) => credentials.requestReset(tx, address))
  await transact(db, (tx) => credentials.requestReset(tx, newAddress()))
  const { rows } = await db.pool.query(
    "select payload from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'identity.reset' order by j.id",
  )
  expect(rows.map((row) => row.payload.asked)).toEqual([true, false])
  expect(JSON.stringify(rows)).not.toContain("@")
  for (const { payload } of rows) await jobs["identity.reset"]!(db, payload as never)
  expect(await events(contactId)).toContain("account.reset_requested")
})

test("a new address counts only when its own mailbox has answered", async () => {
  const { contactId, address } = await member()
  const wanted = newAddress()
  await transact(db, (tx) => addressChanges.request(tx, contactId, wanted, now()))
  await signIn(address)
  await expect(signIn(wanted)).rejects.toBeInstanceOf(WrongCredentials)
  expect((await addressChanges.pending(db, contactId))?.address).toBe(wanted)
  const oldReset = await link(contactId, "reset")
  const word = await link(contactId, "change-address")
  await transact(db, (tx) => addressChanges.confirm(tx, word, now()))
  await signIn(wanted)
  await expect(signIn(address)).rejects.toBeInstanceOf(WrongCredentials)
  expect(await mailTokens.peek(db, oldReset, "reset")).toBeUndefined()
  expect(await accounts.get(db, contactId)).toMatchObject({ address: wanted })
  expect((await signUp(address)).outcome).toBe("opened")
})

test("asking for another new address makes the link of the first worthless", async () => {
  const { contactId } = await member()
  await transact(db, (tx) => addressChanges.request(tx, contactId, newAddress(), now()))
  const first = await link(contactId, "change-address")
  await transact(db, (tx) => addressChanges.request(tx, contactId, newAddress(), now()))
  const late = transact(db, (tx) => addressChanges.confirm(tx, first, now()))
  await expect(late).rejects.toBeInstanceOf(LinkNoLongerWorks)
})

test("a new password drops the new address that waits: a thief may have asked for it", async () => {
  const { contactId, address } = await member()
  await transact(db, (tx) => addressChanges.request(tx, contactId, newAddress(), now()))
  const [word, reset] = [await link(contactId, "change-address"), await link(contactId, "reset")]
  await transact(db, (tx) => credentials.reset(tx, reset, hashed))
  const late = transact(db, (tx) => addressChanges.confirm(tx, word, now()))
  await expect(late).rejects.toBeInstanceOf(LinkNoLongerWorks)
  expect(await addressChanges.pending(db, contactId)).toBeUndefined()
  expect(await accounts.get(db, contactId)).toMatchObject({ address })
})

test("an address of somebody else is asked for like any other, and refused only at its mailbox", async () => {
  const [hanako, taro] = [await member(), await member()]
  await transact(db, (tx) => addressChanges.request(tx, hanako.contactId, taro.address, now()))
  const word = await link(hanako.contactId, "change-address")
  const confirming = transact(db, (tx) => addressChanges.confirm(tx, word, now()))
  await expect(confirming).rejects.toBeInstanceOf(AddressTaken)
  expect((await accounts.find(db, taro.address))?.contactId).toBe(taro.contactId)
})

test("suspension ends the sessions and the sign-in at once, until it is lifted", async () => {
  const { contactId, address } = await member()
  const word = await signIn(address)
  const checked = await credentials.check(db, address, password)
  await transact(db, (tx) => accounts.suspend(tx, contactId, "迷惑行為", staff, now()))
  expect(await sessions.who(db, word)).toBeUndefined()
  await expect(signIn(address)).rejects.toBeInstanceOf(WrongCredentials)
  await expect(transact(db, (tx) => credentials.signIn(tx, checked, "x"))).rejects.toBeInstanceOf(WrongCredentials)
  await transact(db, (tx) => accounts.resume(tx, contactId, staff))
  expect(await sessions.who(db, word)).toBeUndefined()
  await signIn(address)
  const acts = await db.selectFrom("audit").select(["action", "reason"]).where("subjectId", "=", contactId).execute()
  expect(acts).toEqual([
    { action: "account.suspend", reason: "迷惑行為" },
    { action: "account.resume", reason: null },
  ])
})

test("withdrawal ends sessions and links and frees the address; the same person may come back", async () => {
  const { contactId, address } = await member()
  const [word, reset] = [await signIn(address), await link(contactId, "reset")]
  await transact(db, (tx) => accounts.close(tx, contactId, now()))
  expect(await sessions.who(db, word)).toBeUndefined()
  expect(await mailTokens.peek(db, reset, "reset")).toBeUndefined()
  await expect(signIn(address)).rejects.toBeInstanceOf(WrongCredentials)
  const back = await transact(db, (tx) =>
    accounts.open(tx, { contactId, address, password: hashed, locale: "en" }, now()),
  )
  expect(back).toBe("opened")
  expect(await accounts.get(db, contactId)).toMatchObject({ withdrawnAt: null, verifiedAt: null, locale: "en" })
})

test("a session ends thirty days after the last visit", async () => {
  const { contactId, address } = await member()
  const word = await signIn(address)
  const day = 86_400_000
  shift(29 * day)
  expect((await sessions.who(db, word))?.contactId).toBe(contactId)
  await sessions.touch(db, word)
  shift(58 * day)
  expect(await sessions.who(db, word)).toBeDefined()
  shift(60 * day)
  expect(await sessions.who(db, word)).toBeUndefined()
  await jobs["identity.sweep"]!(db, {} as never)
  expect(await db.selectFrom("session").select("tokenHash").where("contactId", "=", contactId).execute()).toEqual([])
})

test("who is signed in is one query by primary keys", async () => {
  const { address } = await member()
  const key = sessions.parse(await signIn(address))!
  const plan = await transact(db, async (tx) => {
    await sql`set local enable_seqscan = off`.execute(tx)
    return sql`explain ${sessions.live(key, now())}`.execute(tx)
  })
  const text = JSON.stringify(plan.rows)
  expect(text).toContain("session_pkey")
  expect(text).toContain("account_pkey")
})

test("a session's token is kept as a hash, and another person's id with it opens nothing", async () => {
  const [hanako, taro] = [await member(), await member()]
  const [one, two] = [await signIn(hanako.address), await signIn(taro.address)]
  expect(await sessions.who(db, two.slice(0, 22) + one.slice(22))).toBeUndefined()
  for (const rubbish of [undefined, "", "x", "a".repeat(65), `${one}x`, one.slice(0, -1)])
    expect(await sessions.who(db, rubbish)).toBeUndefined()
})
