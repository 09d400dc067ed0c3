import { expect, test } from "vitest"
import { testDatabase } from "../../test/support/database.ts"
import * as events from "../events/index.ts"
import { system } from "../platform/actors.ts"
import { transact } from "../platform/db.ts"
import { Invalid } from "../platform/http.ts"
import { newId } from "../platform/ids.ts"
import { claims, consents, contacts, emails, NoSuchContact, profiles, properties, ProtectedProperty } from "./index.ts"

const db = await testDatabase()
const at = new Date("2026-11-01T00:00:00Z")
const by = system("test")
const staff = { kind: "staff", staffId: newId(), role: "support" } as const
const make = () => transact(db, (tx) => events.contacts.create(tx, at))
const hanako = {
  familyName: "佐藤",
  givenName: "花子",
  familyKana: "さとう",
  givenKana: "ﾊﾅｺ",
  phone: "０９０ー１２３４ー５６７８",
  postalCode: "〒３９０－０８７４",
  prefecture: "長野県",
  city: "松本市",
  street: "大手1-2-3",
  email: "Hanako@Example.jp",
}
const eventsOf = (contactId: string) =>
  db.selectFrom("event").selectAll().where("contactId", "=", contactId).orderBy("happenedAt").orderBy("id").execute()

test("what is typed is kept in its usual form", async () => {
  const id = await make()
  await transact(db, (tx) => profiles.save(tx, id, hanako, by))
  expect(await profiles.get(db, id)).toMatchObject({
    number: expect.stringMatching(/^M-\d{6}$/),
    familyName: "佐藤",
    familyKana: "サトウ",
    givenKana: "ハナコ",
    phone: "090-1234-5678",
    postalCode: "390-0874",
    emails: [{ address: "Hanako@example.jp", isPrimary: true, verifiedAt: null }],
  })
})

test("the timeline hears which fields changed and nothing personal; saving the same again is no change", async () => {
  const id = await make()
  const changed = await transact(db, (tx) => profiles.save(tx, id, hanako, by))
  expect(changed).toEqual([...changed].sort())
  expect(await transact(db, (tx) => profiles.save(tx, id, hanako, by))).toEqual([])
  const [event, ...more] = await eventsOf(id)
  expect(more).toEqual([])
  expect(event!.properties).toEqual({ fields: changed })
  expect(JSON.stringify(event)).not.toMatch(/佐藤|hanako|1234/i)
  expect(changed).toContain("has_phone")
})

test("conditions can ask when a value held", async () => {
  const id = await make()
  const later = new Date("2026-11-10T00:00:00Z")
  await transact(db, (tx) => profiles.save(tx, id, { prefecture: "長野県", phone: "090-1234-5678" }, by, { at }))
  await transact(db, (tx) => profiles.save(tx, id, { prefecture: "東京都", phone: "" }, by, { at: later }))
  expect(await properties.valueAt(db, id, "prefecture", new Date("2026-10-31T00:00:00Z"))).toBeUndefined()
  expect(await properties.valueAt(db, id, "prefecture", new Date("2026-11-09T00:00:00Z"))).toBe("長野県")
  expect(await properties.valueAt(db, id, "prefecture", later)).toBe("東京都")
  expect(await properties.valueAt(db, id, "has_phone", later)).toBe(false)
})

test("a draft with faults is refused whole, with a sentence beside each field", async () => {
  const id = await make()
  const draft = {
    familyName: "佐藤",
    familyKana: "佐藤",
    phone: "12",
    postalCode: "39",
    email: "no",
    prefecture: "長野",
  }
  const refused = await transact(db, (tx) => profiles.save(tx, id, draft, by)).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(Invalid)
  const said = (refused as Invalid).fields("ja")
  expect(Object.keys(said).sort()).toEqual(["email", "familyKana", "phone", "postalCode", "prefecture"])
  expect(said.familyKana).toContain("カタカナ")
  expect((await profiles.get(db, id)).familyName).toBe("")
  expect(await eventsOf(id)).toEqual([])
})

test("a contact that does not exist cannot be saved or read", async () => {
  await expect(transact(db, (tx) => profiles.save(tx, newId(), { familyName: "佐藤" }, by))).rejects.toThrow(
    NoSuchContact,
  )
  await expect(profiles.get(db, newId())).rejects.toThrow(NoSuchContact)
})

test("which fields staff change is in the audit, and nothing of what they say", async () => {
  const id = await make()
  await transact(db, (tx) => profiles.save(tx, id, { company: "㈱あずみ製作所" }, staff))
  await transact(db, (tx) => profiles.save(tx, id, { company: "株式会社あずみ製作所" }, staff))
  const rows = await db.selectFrom("audit").selectAll().where("subjectId", "=", id).orderBy("id").execute()
  expect(rows.map((row) => [row.action, row.before, row.after])).toEqual([
    ["contact.change", { company: null }, { company: "…" }],
    ["contact.change", { company: "…" }, { company: "…" }],
  ])
})

test("a late word about a property leaves the present alone", async () => {
  const id = await make()
  const day = (on: number) => new Date(Date.UTC(2026, 9, on))
  const set = (value: unknown, on: number) =>
    transact(db, (tx) => properties.set(tx, id, "grade", value, { source: "server", at: day(on) }))
  expect(await set("B", 10)).toBe(true)
  expect(await set("B", 20)).toBe(false)
  expect(await set("A", 5)).toBe(false)
  expect(await set("C", 15)).toBe(false)
  const values = await Promise.all([4, 5, 10, 15, 20].map((on) => properties.valueAt(db, id, "grade", day(on))))
  expect(values).toEqual([undefined, "A", "B", "C", "B"])
  expect(await eventsOf(id)).toHaveLength(1)
})

test("a value that is cleared is not known from then on, and was known before", async () => {
  const id = await make()
  const later = new Date("2026-11-10T00:00:00Z")
  await transact(db, (tx) => profiles.save(tx, id, { company: "信州フーズ" }, by, { at }))
  await transact(db, (tx) => profiles.save(tx, id, { company: "" }, by, { at: later }))
  expect(await properties.valueAt(db, id, "company", at)).toBe("信州フーズ")
  expect(await properties.valueAt(db, id, "company", later)).toBeUndefined()
  expect(await properties.ofContact(db, id)).toEqual([])
})

test("two writers at once leave one value open", async () => {
  const id = await make()
  const set = (value: string) => transact(db, (tx) => properties.set(tx, id, "colour", value, { source: "server" }))
  await Promise.all(["a", "b", "c", "d", "e"].map(set))
  const open = await db
    .selectFrom("contactProperty")
    .selectAll()
    .where("contactId", "=", id)
    .where("until", "is", null)
    .execute()
  expect(open).toHaveLength(1)
})

test("a browser cannot set a protected property", async () => {
  const id = await make()
  const set = (source: string) => transact(db, (tx) => properties.set(tx, id, "plan", "gold", { source }))
  await expect(set("browser")).rejects.toThrow(ProtectedProperty)
  expect(await set("server")).toBe(true)
})

test("two people may share an address; each has one primary", async () => {
  const [one, two] = [await make(), await make()]
  for (const id of [one, two]) await transact(db, (tx) => profiles.save(tx, id, { email: "family@example.jp" }, by))
  await transact(db, (tx) => emails.add(tx, one, "second@example.jp"))
  await transact(db, (tx) => emails.makePrimary(tx, one, "second@example.jp"))
  await transact(db, (tx) => emails.verify(tx, one, "SECOND@example.jp", at))
  expect(await emails.ofContact(db, one)).toEqual([
    { address: "second@example.jp", isPrimary: true, verifiedAt: at, bouncedAt: null },
    { address: "family@example.jp", isPrimary: false, verifiedAt: null, bouncedAt: null },
  ])
  expect((await contacts.list(db, { search: "family@example" })).data.map((row) => row.id).sort()).toEqual(
    [one, two].sort(),
  )
})

test("consent is dated, and a refusal stands against a consent of the same instant", async () => {
  const id = await make()
  const word = { wording: "お知らせメールを受け取る", place: "sign-up", at }
  const purpose = consents.advertisingMail
  expect(await transact(db, (tx) => consents.give(tx, id, purpose, word))).toBe(true)
  expect(await transact(db, (tx) => consents.give(tx, id, purpose, word))).toBe(false)
  expect(await consents.granted(db, [id], purpose)).toEqual(new Set([id]))
  await transact(db, (tx) => consents.refuse(tx, id, purpose, { ...word, place: "unsubscribe" }))
  await transact(db, (tx) => consents.give(tx, id, purpose, word))
  expect(await consents.granted(db, [id], purpose)).toEqual(new Set())
  expect((await eventsOf(id)).map((event) => event.name)).toEqual(["consent.given", "consent.refused"])
})

test("an ended consent counts no more, can be given again in the same words, and ends no refusal", async () => {
  const [id, other] = [await make(), await make()]
  const purpose = consents.advertisingMail
  const word = (minutes: number) => ({ wording: "x", place: "account", at: new Date(at.getTime() + minutes * 60_000) })
  await transact(db, (tx) => consents.give(tx, id, purpose, word(1)))
  await transact(db, (tx) => consents.refuse(tx, other, purpose, word(1)))
  for (const one of [id, other]) await transact(db, (tx) => consents.end(tx, one, word(2).at))
  expect(await consents.granted(db, [id], purpose)).toEqual(new Set())
  expect(await consents.ofContact(db, id)).toMatchObject([{ granted: true, until: word(2).at }])
  expect(await consents.ofContact(db, other)).toMatchObject([{ granted: false, until: null }])
  expect(await transact(db, (tx) => consents.give(tx, id, purpose, word(3)))).toBe(true)
  expect(await consents.granted(db, [id], purpose)).toEqual(new Set([id]))
})

test("a consent that is told late does not undo a later refusal", async () => {
  const id = await make()
  const purpose = consents.advertisingMail
  const word = (on: number) => ({ wording: "w", place: "import", at: new Date(Date.UTC(2026, 9, on)) })
  await transact(db, (tx) => consents.refuse(tx, id, purpose, word(20)))
  await transact(db, (tx) => consents.give(tx, id, purpose, word(10)))
  expect(await consents.granted(db, [id], purpose)).toEqual(new Set())
  const rows = await consents.ofContact(db, id)
  expect(rows.map((row) => [row.granted, row.until])).toEqual([
    [false, null],
    [true, word(20).at],
  ])
})

const claim = (contactId: string, traits: Record<string, unknown>, protectedAllowed = true) => ({
  contactId,
  traits,
  at,
  source: "key",
  history: false,
  protectedAllowed,
})

test("traits of a server key fill the profile; what cannot be read is left out", async () => {
  const id = await make()
  const traits = {
    lastName: "髙橋",
    firstName: "一郎",
    email: "ichiro@example.jp",
    phone: "not a number",
    address: { state: "東京都", city: "千代田区", postalCode: "1000001" },
    company: { name: "信州フーズ" },
    age_band: "35-55",
    plan: "standard",
  }
  await transact(db, (tx) => claims.keep(tx, [claim(id, traits)]))
  expect(await profiles.get(db, id)).toMatchObject({
    familyName: "髙橋",
    phone: null,
    prefecture: "東京都",
    postalCode: "100-0001",
    company: "信州フーズ",
    emails: [{ address: "ichiro@example.jp" }],
  })
  expect(await properties.valueAt(db, id, "age_band", at)).toBe("35-55")
  expect((await contacts.find(db, id))!.plan).toBe("standard")
})

test("traits told late fill gaps and leave alone what was said since", async () => {
  const id = await make()
  const older = new Date(at.getTime() - 86_400_000)
  await transact(db, (tx) => claims.keep(tx, [claim(id, { company: "信州フーズ" })]))
  const late = { ...claim(id, { company: "旧信州食品", phone: "03-1234-5678" }), at: older, history: true }
  await transact(db, (tx) => claims.keep(tx, [late]))
  expect(await profiles.get(db, id)).toMatchObject({ company: "信州フーズ", phone: expect.stringContaining("1234") })
})

test("a browser's traits are properties only, never names, plans or addresses", async () => {
  const id = await make()
  const traits = { lastName: "鈴木", email: "x@example.jp", plan: "gold", colour: "blue" }
  await transact(db, (tx) => claims.keep(tx, [claim(id, traits, false)]))
  expect(await profiles.get(db, id)).toMatchObject({ familyName: "", emails: [] })
  expect(await properties.ofContact(db, id)).toMatchObject([{ name: "colour", value: "blue" }])
})

test("what an anonymous visitor told becomes the person's, unless the person has said otherwise since", async () => {
  const [id, origin] = [await make(), newId()]
  await transact(db, (tx) => events.contacts.ensureAnonymous(tx, [origin], at))
  const told = (contactId: string, name: string, value: string, on: number) =>
    transact(db, (tx) =>
      properties.set(tx, contactId, name, value, { source: "browser", at: new Date(Date.UTC(2026, 9, on)) }),
    )
  await told(origin, "colour", "red", 1)
  await told(origin, "size", "L", 1)
  await told(id, "colour", "blue", 2)
  await transact(db, (tx) => claims.move(tx, { originId: origin, contactId: id }))
  await transact(db, (tx) => claims.move(tx, { originId: origin, contactId: id }))
  expect((await properties.ofContact(db, id)).map((row) => [row.name, row.value])).toEqual([
    ["colour", "blue"],
    ["size", "L"],
  ])
  expect(await properties.ofContact(db, origin)).toEqual([])
})
