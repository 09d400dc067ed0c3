import { expect, test } from "vitest"
import { aMember, aRank, aSegment, aVideo, hasRank } from "../../test/support/content.ts"
import { testDatabase } from "../../test/support/database.ts"
import { sql, transact } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import { catalogue, standings, watching } from "./index.ts"

const db = await testDatabase()
const at = new Date("2026-11-22T03:00:00Z")
const minutes = (count: number) => new Date(at.getTime() + count * 60_000)
const bronze = await aRank(db, 0, "ブロンズ", "Bronze")
const silver = await aRank(db, 1, "シルバー", "Silver")

test("a member's page is answered by one statement: names, standing, what was watched, the week", async () => {
  const who = await aMember(db, { rankId: bronze, plan: "premium" })
  await hasRank(db, who.contactId, silver, minutes(-60))
  const segment = await aSegment(db, "経理", [who.contactId])
  const [seen, half] = [await aVideo(db, { seconds: 100 }), await aVideo(db, { seconds: 100 })]
  const watch = (videoId: string, ranges: number[][], day: number) => {
    const happenedAt = new Date(at.getTime() + day * 86_400_000)
    return transact(db, (tx) =>
      watching.report(tx, {
        contactId: who.contactId,
        videoId,
        id: newId(),
        ranges,
        position: 33,
        happenedAt,
        receivedAt: happenedAt,
        startedAt: new Date(happenedAt.getTime() - 600_000),
      }),
    )
  }
  await watch(seen.id, [[0, 95]], -1)
  await watch(
    half.id,
    [
      [0, 10],
      [20, 33],
    ],
    0,
  )
  await watch(half.id, [[40, 50]], -7)
  const home = (await standings.ofSession(db, who.session, at))!
  expect(home).toMatchObject({ familyName: "佐藤", givenName: "花子", locale: "ja" })
  expect(home.standing).toMatchObject({
    active: true,
    rankId: silver,
    rankPosition: 1,
    plan: "premium",
    segmentIds: new Set([segment]),
  })
  expect(home.watched.get(seen.id)).toMatchObject({
    seconds: 95,
    completedAt: new Date(at.getTime() - 86_400_000),
    coverage: "",
  })
  expect(home.watched.get(half.id)).toMatchObject({
    seconds: 33,
    position: 33,
    completedAt: null,
    coverage: "{[0,10),[20,33),[40,50)}",
    lastAt: at,
  })
  expect(home.week.map((day) => [day.day.slice(5), day.seconds])).toEqual([
    ["11-16", 0],
    ["11-17", 0],
    ["11-18", 0],
    ["11-19", 0],
    ["11-20", 0],
    ["11-21", 95],
    ["11-22", 23],
  ])
})

test("the week begins at Japanese midnight", async () => {
  const who = await aMember(db)
  const night = new Date("2026-11-21T15:30:00Z")
  const home = (await standings.ofSession(db, who.session, night))!
  expect([home.week[0]!.day, home.week.at(-1)!.day]).toEqual(["2026-11-16", "2026-11-22"])
})

test("ended sessions, suspended and withdrawn accounts are nobody at once", async () => {
  const who = await aMember(db)
  expect(await standings.ofLiving(db, { ...who.session, hash: Buffer.alloc(32) }, at)).toBeUndefined()
  expect(await standings.ofSession(db, who.session, new Date("2099-02-01"))).toBeUndefined()
  await sql`update account set suspended_at = ${at} where contact_id = ${who.contactId}`.execute(db)
  expect(await standings.ofLiving(db, who.session, at)).toBeUndefined()
  expect(await standings.ofSession(db, who.session, at)).toBeUndefined()
  expect((await standings.of(db, who.contactId, at)).standing.active).toBe(false)
  expect((await standings.of(db, newId(), at)).standing.active).toBe(false)
})

test("the standing of a day in the past comes from dated records", async () => {
  const joinedAt = new Date("2026-03-01T00:00:00Z")
  const who = await aMember(db, { joinedAt, rankId: bronze, plan: "light" })
  await hasRank(db, who.contactId, silver, new Date("2026-06-01T00:00:00Z"))
  await sql`update contact_property set until = '2026-07-01' where contact_id = ${who.contactId}`.execute(db)
  const on = async (day: string) => (await standings.ofPast(db, who.contactId, new Date(day))).standing
  expect(await on("2026-02-01")).toMatchObject({ active: false })
  expect(await on("2026-04-01")).toMatchObject({ active: true, rankId: bronze, plan: "light" })
  expect(await on("2026-08-01")).toMatchObject({ active: true, rankId: silver, plan: null })
})

test("the catalogue is read once per version and anew after any change", async () => {
  const video = await aVideo(db, { slug: "in-the-catalogue", tags: ["経費"], rules: [{ minimumRankId: silver }] })
  const [first, same] = await Promise.all([catalogue.current(db), catalogue.current(db)])
  expect(first).toBe(same)
  expect(await catalogue.current(db)).toBe(first)
  expect(first.bySlug.get("in-the-catalogue")).toMatchObject({
    id: video.id,
    rules: [{ minimumRank: { id: silver, position: 1 } }],
  })
  expect(first.byTag.get("経費")!.map((one) => one.id)).toContain(video.id)
  await sql`update rank set position = 7 where id = ${silver}`.execute(db)
  const next = await catalogue.current(db)
  expect(next.version).toBeGreaterThan(first.version)
  expect(next.byId.get(video.id)!.rules[0]!.minimumRank!.position).toBe(7)
  expect(await catalogue.current(db, first.version)).toBe(next)
})
