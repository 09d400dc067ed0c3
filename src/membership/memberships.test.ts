import { beforeEach, expect, test } from "vitest"
import { emptyTables, testDatabase } from "../../test/support/database.ts"
import { audienceFacts, catalogue, changes, onChange } from "../audience/index.ts"
import { consents, contacts, emails, profiles, properties } from "../crm/index.ts"
import { eventFacts, react } from "../events/index.ts"
import { accounts, addressKey, mailTokens, passwords, sessions } from "../identity/index.ts"
import * as clock from "../platform/clock.ts"
import { transact } from "../platform/db.ts"
import { facts, memberships, NotAMember, ranks } from "./index.ts"

const db = await testDatabase()
const visitor = { kind: "visitor" } as const
const password = await passwords.hash("correct horse battery")

beforeEach(async () => {
  await emptyTables(db)
  catalogue.offer([...eventFacts, ...audienceFacts, ...facts])
  react({
    every: [changes.ofEvents],
    named: {
      "account.verified": [emails.followAccounts, memberships.recognise],
      "account.superseded": [memberships.dropSuperseded],
    },
  })
  onChange({ "rank.rise": ranks.applyChanges, "rank.stay": ranks.applyChanges })
  const bronze = {
    position: 0,
    name: { ja: "ブロンズ", en: "Bronze" },
    colour: "#b08d57",
    rise: null,
    stay: null,
    graceDays: 0,
    mayFall: true,
  }
  await transact(db, (tx) => ranks.create(tx, bronze, visitor))
})

const draft = (more: object = {}) => ({
  profile: {
    familyName: "佐藤",
    givenName: "花子",
    familyKana: "さとう",
    givenKana: "ﾊﾅｺ",
    phone: "０９０ー１２３４ー５６７８",
  },
  address: "hanako@example.jp",
  password,
  locale: "ja" as const,
  agreed: { terms: "利用規約に同意する", advertising: "お知らせを受け取る" },
  ...more,
})
const join = (more: object = {}) => transact(db, (tx) => memberships.join(tx, draft(more), visitor))
const verify = (id: string) =>
  transact(db, async (tx) => accounts.verify(tx, await mailTokens.issue(tx, id, "verify", {}, 24), clock.now()))
const names = async (id: string) =>
  (
    await db
      .selectFrom("event")
      .select("name")
      .where("contactId", "=", id)
      .orderBy("happenedAt")
      .orderBy("id")
      .execute()
  ).map((row) => row.name)

test("joining makes a free member with profile, account, rank and consents at once", async () => {
  const id = (await join())!
  expect(await profiles.get(db, id)).toMatchObject({
    familyKana: "サトウ",
    givenKana: "ハナコ",
    phone: "090-1234-5678",
  })
  expect(await contacts.find(db, id)).toMatchObject({
    plan: "free",
    rank: { name: { ja: "ブロンズ" } },
    email: "hanako@example.jp",
  })
  expect(await accounts.find(db, addressKey("hanako@example.jp"))).toMatchObject({ contactId: id, verifiedAt: null })
  expect(
    (await consents.ofContact(db, id)).map((one) => `${one.purpose} ${one.granted} ${one.wording}`).sort(),
  ).toEqual(["advertising-mail true お知らせを受け取る", "terms true 利用規約に同意する"])
  expect((await names(id)).sort()).toEqual(["account.opened", "consent.given", "consent.given", "member.joined"])
})

test("who does not tick the box has not agreed to advertising mail", async () => {
  const id = (await join({ agreed: { terms: "t" } }))!
  expect(await consents.granted(db, [id], consents.advertisingMail)).toEqual(new Set())
})

test("an address that is verified by somebody writes nothing but tells its owner", async () => {
  const owner = (await join())!
  await verify(owner)
  expect(await join()).toBeUndefined()
  expect(await contacts.count(db)).toBe(1)
  expect(await names(owner)).toContain("account.sign_up_repeated")
})

test("of two sign-ups with one unverified address the later stands, and the first is no member", async () => {
  const first = (await join())!
  const second = (await join())!
  expect(second).not.toBe(first)
  expect((await memberships.find(db, first))!.withdrawnAt).not.toBeNull()
  expect((await memberships.find(db, second))!.withdrawnAt).toBeNull()
  expect(await names(first)).not.toContain("member.withdrew")
})

test("two sign-ups at the same moment leave one member with the address", async () => {
  await Promise.allSettled([join(), join(), join()])
  const open = await db.selectFrom("membership").select("contactId").where("withdrawnAt", "is", null).execute()
  const claims = await db.selectFrom("signInAddress").select("contactId").execute()
  expect(open).toEqual(claims)
  expect(open).toHaveLength(1)
})

test("withdrawing ends account, sessions, rank and plan in one transaction", async () => {
  const id = (await join())!
  await verify(id)
  const word = await transact(db, (tx) => sessions.open(tx, id, "test"))
  await transact(db, (tx) => memberships.withdraw(tx, id, "忙しい", { kind: "member", contactId: id }))
  expect(await sessions.who(db, word)).toBeUndefined()
  expect(await accounts.find(db, addressKey("hanako@example.jp"))).toBeUndefined()
  expect((await ranks.of(db, id)).current).toBeNull()
  expect(await properties.valueAt(db, id, "plan", clock.now())).toBeUndefined()
  expect((await names(id)).at(-1)).toBe("member.withdrew")
  expect(JSON.stringify(await db.selectFrom("event").selectAll().where("contactId", "=", id).execute())).not.toContain(
    "忙しい",
  )
  expect(await contacts.withdrawalReason(db, id)).toBe("忙しい")
  await expect(transact(db, (tx) => memberships.withdraw(tx, id, null, visitor))).rejects.toThrow(NotAMember)
})

test("what was agreed to ends with the membership; who joins again agrees anew or does not", async () => {
  const id = (await join())!
  expect(await consents.granted(db, [id], consents.advertisingMail)).toEqual(new Set([id]))
  await transact(db, (tx) => memberships.withdraw(tx, id, null, visitor))
  const { withdrawnAt } = (await memberships.find(db, id))!
  const ended = await consents.ofContact(db, id)
  expect(ended.map(({ granted, until }) => [granted, until])).toEqual([
    [true, withdrawnAt],
    [true, withdrawnAt],
  ])
  expect(await consents.granted(db, [id], consents.advertisingMail)).toEqual(new Set())
  clock.shift(1_000)
  await join({ contactId: id, agreed: { terms: "利用規約に同意する" } })
  expect(await consents.granted(db, [id], consents.advertisingMail)).toEqual(new Set())
  expect(await consents.granted(db, [id], "terms")).toEqual(new Set([id]))
  expect(await contacts.withdrawalReason(db, id)).toBeNull()
})

test("a consent that comes while a withdrawal commits is refused, and leaves nothing open", async () => {
  const id = (await join())!
  const word = { wording: "お知らせメールを受け取る", place: "account" }
  const leaving = Promise.withResolvers<void>()
  const left = transact(db, async (tx) => {
    await memberships.withdraw(tx, id, null, { kind: "member", contactId: id })
    leaving.resolve()
    await new Promise((done) => setTimeout(done, 50))
  })
  await leaving.promise
  const given = transact(db, (tx) => consents.give(tx, id, consents.advertisingMail, word))
  await expect(given).rejects.toThrow("Withdrawn")
  await left
  expect(await consents.granted(db, [id], consents.advertisingMail)).toEqual(new Set())
})

test("a withdrawal that fails half-way has not happened", async () => {
  const id = (await join())!
  const half = transact(db, async (tx) => {
    await memberships.withdraw(tx, id, null, visitor)
    throw new Error("killed")
  })
  await expect(half).rejects.toThrow("killed")
  expect((await memberships.find(db, id))!.withdrawnAt).toBeNull()
  expect((await ranks.of(db, id)).current).not.toBeNull()
})

test("who joins again keeps the first day: the same contact, or another who proves the same mailbox", async () => {
  const first = (await join())!
  await verify(first)
  const { joinedAt } = (await memberships.find(db, first))!
  await transact(db, (tx) => memberships.withdraw(tx, first, null, visitor))
  clock.shift(86_400_000)
  const second = (await join())!
  expect((await memberships.find(db, second))!.joinedAt).not.toEqual(joinedAt)
  await verify(second)
  expect(await memberships.find(db, second)).toMatchObject({
    joinedAt,
    rejoinedAt: expect.any(Date),
    withdrawnAt: null,
  })
  await transact(db, (tx) => memberships.enter(tx, first, clock.now()))
  expect(await memberships.find(db, first)).toMatchObject({ joinedAt, withdrawnAt: null })
  expect((await ranks.of(db, first)).current?.rank.name.ja).toBe("ブロンズ")
})

test("who leaves and comes back within one instant, or by a clock that went back, has a rank again", async () => {
  const id = (await join())!
  const { joinedAt } = (await memberships.find(db, id))!
  for (const at of [joinedAt, new Date(joinedAt.getTime() - 60_000)]) {
    await transact(db, (tx) => memberships.withdraw(tx, id, null, visitor))
    await db.updateTable("rankHistory").set({ until: joinedAt }).where("contactId", "=", id).execute()
    await transact(db, (tx) => memberships.enter(tx, id, at))
    expect((await ranks.of(db, id)).current?.rank.name.ja).toBe("ブロンズ")
  }
  const rows = await db.selectFrom("rankHistory").select("since").where("contactId", "=", id).execute()
  expect(new Set(rows.map(({ since }) => since.getTime())).size).toBe(3)
})
