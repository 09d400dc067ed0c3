import { expect, test } from "vitest"
import { aMember } from "../../test/support/content.ts"
import { testDatabase } from "../../test/support/database.ts"
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
