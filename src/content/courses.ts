import { audit } from "../events/index.ts"
import type { Actor } from "../platform/actors.ts"
import { now } from "../platform/clock.ts"
import type { Db, Tx } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import { checkSlug } from "./drafts.ts"
import { remeasureLater } from "./videos.ts"
import { NoSuchCourse, UnknownReference } from "./refusals.ts"

type CourseDraft = { slug?: string; title: string; description?: string; position?: number }

/** Adds a course: an ordered path of videos. */
export async function create(tx: Tx, draft: CourseDraft, by: Actor): Promise<string> {
  const id = newId()
  const slug = draft.slug ?? id.slice(-12)
  await checkSlug(tx, "course", slug)
  await tx
    .insertInto("course")
    .values({ ...draft, id, slug, changedAt: now() })
    .execute()
  await audit.record(tx, by, "course.create", { kind: "course", id }, { after: { ...draft, slug } })
  return id
}

/** Changes what is given and leaves the rest. */
export async function change(tx: Tx, id: string, changes: Partial<CourseDraft>, by: Actor): Promise<void> {
  const before = await get(tx, id)
  if (changes.slug !== undefined && changes.slug !== before.slug) await checkSlug(tx, "course", changes.slug)
  await tx
    .updateTable("course")
    .set({ ...changes, changedAt: now() })
    .where("id", "=", id)
    .execute()
  await audit.record(tx, by, "course.change", { kind: "course", id }, { before, after: changes })
}

/** Puts the course's videos into this order; all of them have to be named. */
export async function order(tx: Tx, id: string, videoIds: string[], by: Actor): Promise<void> {
  const before = (await get(tx, id)).videoIds
  if (before.length !== videoIds.length || !before.every((videoId) => videoIds.includes(videoId)))
    throw new UnknownReference("videoIds")
  for (const [index, videoId] of videoIds.entries())
    await tx
      .updateTable("video")
      .set({ coursePosition: index + 1, changedAt: now() })
      .where("id", "=", videoId)
      .execute()
  await audit.record(
    tx,
    by,
    "course.order",
    { kind: "course", id },
    { before: { videoIds: before }, after: { videoIds } },
  )
}

/** Removes a course; its videos stay, on their own. */
export async function remove(tx: Tx, id: string, by: Actor): Promise<void> {
  const before = await get(tx, id)
  const left = await tx
    .updateTable("video")
    .set({ courseId: null, coursePosition: null, changedAt: now() })
    .where("courseId", "=", id)
    .returning("id")
    .execute()
  for (const video of left) await remeasureLater(tx, video.id)
  await tx.deleteFrom("course").where("id", "=", id).execute()
  await audit.record(tx, by, "course.remove", { kind: "course", id }, { before })
}

/** A course with the ids of its videos in order, or a refusal. */
export async function get(db: Db, id: string) {
  const course = (await list(db)).find((one) => one.id === id)
  if (!course) throw new NoSuchCourse()
  return course
}

/** All courses in their order. */
export async function list(db: Db) {
  const courses = await db.selectFrom("course").selectAll().orderBy("position").orderBy("title").execute()
  const videos = await db
    .selectFrom("video")
    .select(["id", "courseId"])
    .where("courseId", "is not", null)
    .where("state", "!=", "archived")
    .orderBy("coursePosition")
    .orderBy("createdAt")
    .execute()
  return courses.map((course) => ({
    ...course,
    videoIds: videos.filter((video) => video.courseId === course.id).map((video) => video.id),
  }))
}
