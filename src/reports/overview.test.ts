import { expect, test } from "vitest"
import { aMember } from "../../test/support/content.ts"
import { emptyTables, testDatabase } from "../../test/support/database.ts"
import { catalogue, conditions } from "../audience/index.ts"
import { watchFacts } from "../content/index.ts"
import { facts as membershipFacts } from "../membership/index.ts"
import { sql } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import { overview } from "./overview.ts"

const db = await testDatabase()
const at = new Date("2026-11-22T12:00:00Z")
const daysAgo = (days: number) => new Date(at.getTime() - days * 86_400_000)

test("the most watched videos tell who watched in the named days from who ever did", async () => {
  const id = newId()
  await sql`insert into video (id, slug, title, state, duration_seconds, created_at, changed_at)
    values (${id}, 'basics', '基本', 'draft', 60, ${at}, ${at})`.execute(db)
  const watched = async (lastAt: Date, seconds: number, completedAt: Date | null = null) =>
    sql`insert into watch (contact_id, video_id, ranges, seconds, position, first_at, last_at, completed_at)
      values (${(await aMember(db)).contactId}, ${id}, '{}', ${seconds}, 0, ${lastAt}, ${lastAt}, ${completedAt})`.execute(
      db,
    )
  await watched(daysAgo(1), 60, daysAgo(1))
  await watched(daysAgo(29), 30)
  await watched(daysAgo(40), 60, daysAgo(40))
  // Opened, but not a second played: no viewer, here as in the list of videos.
  await watched(daysAgo(1), 0)
  const { topVideos, topVideosDays } = await overview(db, at)
  expect(topVideosDays).toBe(30)
  expect(topVideos).toEqual([{ id, slug: "basics", title: "基本", watchers: 2, completed: 1, watchersEver: 3 }])
})

test("who joined lately are the members behind the figure, without those who left again", async () => {
  await emptyTables(db)
  catalogue.offer(membershipFacts)
  const people: string[] = []
  for (const joinedAt of ["2026-11-20T01:00Z", "2026-11-20T02:00Z", "2026-10-23T15:00Z", "2026-10-23T14:59Z"]) {
    const { contactId } = await aMember(db)
    people.push(contactId)
    await sql`update membership set joined_at = ${joinedAt} where contact_id = ${contactId}`.execute(db)
  }
  const listed = () => conditions.count(db, conditions.check({ fact: "member.days_since_joined", is: { lt: 30 } }), at)
  const joined = async () => (await overview(db, at)).joinedByDay.reduce((sum, day) => sum + day.count, 0)
  expect([await joined(), await listed()]).toEqual([3, 3])
  await sql`update membership set withdrawn_at = ${at} where contact_id = ${people[0]!}`.execute(db)
  await sql`update account set withdrawn_at = ${at} where contact_id = ${people[0]!}`.execute(db)
  expect([await joined(), await listed()]).toEqual([2, 2])
})

test("the figures of who watched lately are those of the list behind them", async () => {
  await emptyTables(db)
  catalogue.offer(watchFacts)
  const id = newId()
  await sql`insert into video (id, slug, title, state, duration_seconds, created_at, changed_at)
    values (${id}, 'basics', '基本', 'draft', 60, ${at}, ${at})`.execute(db)
  const people: string[] = []
  // 22 November in Japan is the day of the question: the first instants of the 16th and the 24th of October, and just before.
  for (const instant of [
    "2026-11-22T01:00Z",
    "2026-11-15T15:00Z",
    "2026-11-15T14:59Z",
    "2026-10-23T15:00Z",
    "2026-10-23T14:59Z",
  ]) {
    const { contactId } = await aMember(db)
    people.push(contactId)
    await sql`insert into watch (contact_id, video_id, ranges, seconds, position, first_at, last_at)
      values (${contactId}, ${id}, '{[0,30)}', 30, 30, ${instant}, ${instant})`.execute(db)
    await sql`insert into watch_report (contact_id, video_id, id, origin_id, happened_at, ranges, position, gained_seconds)
      values (${contactId}, ${id}, ${newId()}, ${contactId}, ${instant}, '{[0,30)}', 30, 30)`.execute(db)
  }
  const listed = async (days: number) =>
    conditions.count(db, conditions.check({ fact: "watch.last_days", is: { lt: days } }), at)
  const figures = async () => {
    const { active7, active30 } = await overview(db, at)
    return [active7, active30]
  }
  expect([await figures(), [await listed(7), await listed(30)]]).toEqual([
    [2, 4],
    [2, 4],
  ])
  await sql`update account set withdrawn_at = ${at} where contact_id = ${people[0]!}`.execute(db)
  await sql`update contact set erased_at = ${at} where id = ${people[3]!}`.execute(db)
  expect([await figures(), [await listed(7), await listed(30)]]).toEqual([
    [1, 2],
    [1, 2],
  ])
})
