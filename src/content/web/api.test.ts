import { expect, test } from "vitest"
import { clip, contentApi, plays } from "../../../test/support/content-api.ts"
import { aMember, aRank, aSegment } from "../../../test/support/content.ts"
import { testDatabase } from "../../../test/support/database.ts"
import * as clock from "../../platform/clock.ts"
import { sql } from "../../platform/db.ts"
import { newId } from "../../platform/ids.ts"
import { files, jobs } from "../index.ts"
import { countPopularity, remeasure } from "../jobs.ts"

const db = await testDatabase()
const { app, storage, uploadFolder, call, aFile, as, editor } = await contentApi(db)

test("a video goes from draft to published to archived, every step raises the catalogue and is audited", async () => {
  const version = async () =>
    (await db.selectFrom("catalogueVersion").select("version").executeTakeFirstOrThrow()).version
  let seen = await version()
  const raised = async () => {
    const now = await version()
    const more = now > seen
    seen = now
    return more
  }
  const rank = await aRank(db, 3, "ゴールド", "Gold")
  const segment = await aSegment(db, "経理の方")
  const course = (await call("POST", "/courses", { title: "確定申告", slug: "tax-return" })).body
  const { status, body: draft } = await call("POST", "/videos", {
    title: "基本",
    courseId: course.id,
    tags: [" 経費", "経費", "所得税"],
  })
  expect([status, draft.state, draft.coursePosition, draft.tags]).toEqual([201, "draft", 1, ["経費", "所得税"]])
  expect(await raised()).toBe(true)
  expect((await call("POST", `/videos/${draft.id}/publication`, {})).status).toBe(409)
  const rules = [
    { minimumRankId: rank, window: { kind: "rolling", months: 1 } },
    { plans: ["premium"], segmentId: segment },
  ]
  const changed = await call("PATCH", `/videos/${draft.id}`, {
    fileId: await aFile(),
    slug: "basics",
    rules,
    artwork: { ground: "#27467a" },
  })
  expect(changed.body).toMatchObject({
    durationSeconds: 12,
    width: 160,
    slug: "basics",
    title: "基本",
    artwork: { ground: "#27467a" },
  })
  expect(changed.body.rules).toMatchObject([
    { minimumRankId: rank, everyone: false, window: { kind: "rolling", months: 1 } },
    { plans: ["premium"], segmentId: segment },
  ])
  expect(await raised()).toBe(true)
  expect((await call("POST", `/videos/${draft.id}/publication`)).body).toMatchObject({ state: "published" })
  expect(await raised()).toBe(true)
  expect((await call("DELETE", `/videos/${draft.id}/publication`)).body.state).toBe("draft")
  expect((await call("DELETE", `/videos/${draft.id}`)).body.state).toBe("archived")
  expect(await raised()).toBe(true)
  await sql`update rank set colour = '#c8a24a' where id = ${rank}`.execute(db)
  expect(await raised()).toBe(true)
  const audited = await db
    .selectFrom("audit")
    .select("action")
    .where("subjectId", "=", draft.id)
    .orderBy("happenedAt")
    .orderBy("id")
    .execute()
  expect(audited.map((row) => row.action)).toEqual([
    "video.create",
    "video.change",
    "video.publish",
    "video.unpublish",
    "video.archive",
  ])
})

test("faults in a draft are named by field", async () => {
  const first = (await call("POST", "/videos", { title: "一", slug: "taken" })).body
  expect((await call("POST", "/videos", { title: "二", slug: "taken" })).body).toMatchObject({
    status: 409,
    errors: { slug: expect.stringContaining("別のアドレス") },
  })
  expect((await call("POST", "/videos", { slug: "x y" })).body.errors).toHaveProperty("title")
  expect((await call("PATCH", `/videos/${first.id}`, { fileId: newId() })).body.errors).toHaveProperty("fileId")
  expect((await call("PATCH", `/videos/${first.id}`, { courseId: newId() })).body.errors).toHaveProperty("courseId")
  expect(
    (await call("PATCH", `/videos/${first.id}`, { rules: [{ minimumRankId: newId() }] })).body.errors,
  ).toHaveProperty("rules.minimumRankId")
  expect(
    (await call("PATCH", `/videos/${first.id}`, { rules: [{ window: { kind: "sometimes", months: 1 } }] })).status,
  ).toBe(422)
  expect((await call("PATCH", `/videos/${newId()}`, { title: "無" })).status).toBe(404)
  expect((await call("PATCH", `/videos/${first.id}`, { captionsFileId: await aFile() })).body.errors).toHaveProperty(
    "captionsFileId",
  )
})

test("videos are listed by cursor, searched, and read by staff as bytes", async () => {
  const fileId = await aFile()
  for (const title of ["請求書い", "請求書ろ", "請求書は"]) await call("POST", "/videos", { title, fileId })
  const first = (await call("GET", "/videos?search=請求書&limit=2")).body
  const rest = (await call("GET", `/videos?search=請求書&limit=2&cursor=${first.nextCursor}`)).body
  expect([...first.data, ...rest.data].map((video: { title: string }) => video.title)).toEqual([
    "請求書は",
    "請求書ろ",
    "請求書い",
  ])
  expect(rest.nextCursor).toBeNull()
  const bytes = await app.request(`/api/videos/${first.data[0].id}/file`, { headers: { range: "bytes=0-9" } })
  expect([bytes.status, Buffer.from(await bytes.arrayBuffer()).equals(clip.subarray(0, 10))]).toEqual([206, true])
})

test("courses are ordered paths; removing one leaves its videos", async () => {
  const course = (await call("POST", "/courses", { title: "資金繰り" })).body
  const ids: string[] = []
  for (const title of ["甲", "乙", "丙"])
    ids.push((await call("POST", "/videos", { title, courseId: course.id })).body.id)
  const reversed = (
    await call("PATCH", `/courses/${course.id}`, { videoIds: [...ids].reverse(), title: "資金繰り入門" })
  ).body
  expect(reversed).toMatchObject({ title: "資金繰り入門", videoIds: [...ids].reverse() })
  expect((await call("PATCH", `/courses/${course.id}`, { videoIds: ids.slice(1) })).status).toBe(422)
  expect((await call("PATCH", `/courses/${course.id}`, { position: 2 ** 31 })).status).toBe(422)
  expect((await call("DELETE", `/courses/${course.id}`)).status).toBe(204)
  expect((await call("GET", `/videos/${ids[0]}`)).body).toMatchObject({ courseId: null, coursePosition: null })
})

test("the console sees who watched, which seconds, and what is open to a contact and why", async () => {
  const id = (
    await call("POST", "/videos", {
      title: "視聴",
      slug: "watched",
      fileId: await aFile(),
      rules: [{ plans: ["premium"] }],
    })
  ).body.id
  await call("POST", `/videos/${id}/publication`, {})
  const people = [await aMember(db), await aMember(db)]
  const at = new Date("2026-11-22T01:00:00Z")
  await plays(db, people[0]!.contactId, id, [[0, 6]], at)
  await plays(
    db,
    people[1]!.contactId,
    id,
    [
      [4, 12],
      [0, 3],
    ],
    new Date(at.getTime() + 1000),
  )
  expect((await call("GET", `/videos/${id}/viewers`)).status).toBe(403)
  as({ kind: "staff", staffId: newId(), role: "support" })
  const first = (await call("GET", `/videos/${id}/viewers?limit=1`)).body
  const second = (await call("GET", `/videos/${id}/viewers?limit=1&cursor=${first.nextCursor}`)).body
  expect(
    [...first.data, ...second.data].map((row: { ranges: unknown; seconds: number; familyName: string }) => [
      row.familyName,
      row.ranges,
      row.seconds,
    ]),
  ).toEqual([
    [
      "佐藤",
      [
        [0, 3],
        [4, 12],
      ],
      11,
    ],
    ["佐藤", [[0, 6]], 6],
  ])
  expect((await call("GET", `/videos/${id}/density`)).body).toEqual({
    viewers: 2,
    completed: 1,
    duration: 12,
    bucketSeconds: 1,
    counts: [2, 2, 2, 1, 2, 2, 1, 1, 1, 1, 1, 1],
  })
  const found = (await call("GET", `/contacts/${people[0]!.contactId}/access?video=${id}`)).body
  expect(found.standing).toMatchObject({ active: true, rank: null, plan: null, planName: null })
  const before = `/contacts/${people[0]!.contactId}/access?video=${id}&at=2026-01-09T00:00:00Z`
  expect((await call("GET", before)).body.standing).toMatchObject({ active: false })
  const [access] = found.data
  expect(access).toMatchObject({
    open: false,
    wouldOpen: [[{ kind: "plan", plans: ["premium"] }]],
    sentences: { ways: ["プレミアムプランの方にご覧いただける動画です。"] },
  })
  as({ kind: "staff", staffId: newId(), role: "analyst" })
  expect((await call("POST", "/videos", { title: "不可" })).status).toBe(403)
  expect(
    (await app.request("/api/uploads", { method: "POST", headers: { "tus-resumable": "1.0.0", "upload-length": "1" } }))
      .status,
  ).toBe(403)
  as({ kind: "visitor" })
  expect((await call("GET", "/videos")).status).toBe(401)
  as(editor)
})

test("a replaced file keeps what people watched and completed; the old one is swept after two days, its bytes too", async () => {
  const old = await aFile()
  const id = (await call("POST", "/videos", { title: "差し替え", fileId: old, rules: [{}] })).body.id
  const who = await aMember(db)
  const at = clock.now()
  await plays(db, who.contactId, id, [[0, 11]], at)
  const shorter = await aFile("test/support/clips/vp9.webm")
  expect((await call("PATCH", `/videos/${id}`, { fileId: shorter })).body.durationSeconds).toBe(2)
  await remeasure(db, { videoId: id })
  const row = await db.selectFrom("watch").selectAll().where("videoId", "=", id).executeTakeFirstOrThrow()
  expect([row.ranges, row.seconds, row.completedAt?.getTime()]).toEqual(["{[0,11)}", 2, at.getTime()])
  await files.sweep(db)
  expect(await files.find(db, old)).toBeDefined()
  clock.shift(49 * 3_600_000)
  const { storageKey } = await files.get(db, old)
  await files.sweep(db)
  expect([await files.find(db, old), Boolean(await files.find(db, shorter))]).toEqual([undefined, true])
  const queued = await sql<{ payload: { storageKey: string } }>`select payload from graphile_worker._private_jobs j
    join graphile_worker._private_tasks t on t.id = j.task_id where t.identifier = 'content.removeBlob'`.execute(db)
  expect(queued.rows.map((job) => job.payload.storageKey)).toContain(storageKey)
  await jobs(storage, uploadFolder)["content.removeBlob"]!(db, { storageKey } as never)
  expect(await storage.head(storageKey)).toBeUndefined()
})

test("popularity counts completions by the rank held, and raises the catalogue only when it differs", async () => {
  const rank = await aRank(db, 9, "一般", "Plain")
  const who = await aMember(db, { rankId: rank })
  const id = (await call("POST", "/videos", { title: "人気", fileId: await aFile(), rules: [{}] })).body.id
  const at = clock.now()
  await plays(db, who.contactId, id, [[0, 12]], at)
  await countPopularity(db)
  expect(await db.selectFrom("videoPopularity").selectAll().where("rankId", "=", rank).execute()).toEqual([
    { rankId: rank, videoId: id, completed: 1 },
  ])
  await sql`update rank_history set until = ${at} where contact_id = ${who.contactId}`.execute(db)
  await countPopularity(db)
  expect(await db.selectFrom("videoPopularity").selectAll().where("rankId", "=", rank).execute()).toEqual([])
})
