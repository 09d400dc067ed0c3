import { expect, test } from "vitest"
import { aRank, aSegment, aVideo } from "../../test/support/content.ts"
import { testDatabase } from "../../test/support/database.ts"
import { facts } from "../facts.ts"
import { sql } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import { catalogue, naming, type ReasonLeaf } from "./index.ts"

const db = await testDatabase()
catalogue.offer(facts)

const leaf = (fact: string, args: object, value: unknown = true): ReasonLeaf => ({
  fact,
  with: args as Record<string, unknown>,
  is: { eq: true },
  value,
  met: true,
})

test("a reason calls ranks, segments, videos, courses and events by their names, in the reader's language", async () => {
  const rank = await aRank(db, 2, "シルバー", "Silver")
  const segment = await aSegment(db, "経理の方")
  const { id: video } = await aVideo(db, { title: "確定申告の基本" })
  const course = newId()
  await sql`insert into course (id, slug, title, changed_at) values (${course}, 'tax', '確定申告', '2026-01-01')`.execute(
    db,
  )
  await sql`insert into event_schema (name, label, changed_at)
    values ('document.requested', '{"ja": "資料請求", "en": "Documents requested"}', '2026-01-01')`.execute(db)
  const leaves = [
    leaf("rank.is", { rank }),
    leaf("segment.in", { segment }),
    leaf("watch.completed", { video }),
    leaf("watch.coverage", { video }, 0.5),
    leaf("watch.seconds", { video }, 60),
    leaf("watch.completed_count", { course }, 2),
    leaf("event.exists", { event: "rank.rose", within: "P1D", where: [{ property: "rankId", is: { eq: rank } }] }),
    leaf("event.count", { event: "document.requested" }, 1),
  ]
  const questions = async (locale: "ja" | "en") =>
    (await naming.say(db, leaves as unknown as { question: string }[], locale)).map(({ question }) => question)
  expect(await questions("ja")).toEqual([
    "ランクが「シルバー」か",
    "セグメント「経理の方」に入っているか",
    "「確定申告の基本」の完了",
    "「確定申告の基本」を見た割合",
    "「確定申告の基本」の視聴時間",
    "講座「確定申告」の完了動画の本数",
    "1日以内の「ランクが上がった」(ランク が シルバー)の有無",
    "「資料請求」の回数",
  ])
  const english = await questions("en")
  expect(english[0]).toBe("Whether the rank is “Silver”")
  expect(english[6]).toBe("Whether “Rose in rank” (rank is Silver) happened within 1 day")
})

test("what is gone is not called by its id, and the rest of an answer stays as it is", async () => {
  const id = newId()
  const at = new Date()
  const answer = {
    data: [{ id, at, reason: { met: true, leaves: [leaf("rank.is", { rank: id })] } }],
    nextCursor: null,
  }
  const said = await naming.say(db, answer, "ja")
  expect(said).toMatchObject(answer)
  expect(said.data[0]!.reason.leaves[0]).toMatchObject({ question: "特定のランクか", wanted: "はい", found: "はい" })
})
