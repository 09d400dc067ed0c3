import { audit } from "../events/index.ts"
import type { Actor } from "../platform/actors.ts"
import { now } from "../platform/clock.ts"
import * as cursors from "../platform/cursors.ts"
import { type Db, sql, type Tx } from "../platform/db.ts"
import { newId } from "../platform/ids.ts"
import { add } from "../platform/jobs.ts"
import { checkSlug, checkSpan, described, placed, tidyTags, type VideoDraft } from "./drafts.ts"
import { NoSuchVideo, NothingToPublish, StillPublished } from "./refusals.ts"
import { rulesOf, writeRules } from "./rules.ts"

/** Adds a video as a draft. Without a slug it gets a short one of its own. */
export async function create(tx: Tx, draft: VideoDraft, by: Actor): Promise<string> {
  const at = now()
  const id = newId(at)
  const { rules, slug = id.slice(-12), tags, artwork, ...plain } = draft
  await checkSlug(tx, "video", slug)
  checkSpan(draft.publishedAt, draft.unpublishedAt)
  const file = await described(tx, draft)
  const place = await placed(tx, draft)
  await tx
    .insertInto("video")
    .values({
      id,
      slug,
      ...plain,
      ...file,
      ...place,
      state: "draft",
      fileId: draft.fileId ?? null,
      captionsFileId: draft.captionsFileId ?? null,
      posterFileId: draft.posterFileId ?? null,
      courseId: draft.courseId ?? null,
      coursePosition: place.coursePosition ?? null,
      tags: tidyTags(tags ?? []),
      artwork: JSON.stringify(artwork ?? {}),
      publishedAt: draft.publishedAt ?? null,
      unpublishedAt: draft.unpublishedAt ?? null,
      createdAt: at,
      changedAt: at,
    })
    .execute()
  if (rules) await writeRules(tx, id, rules)
  await audit.record(tx, by, "video.create", { kind: "video", id }, { after: { slug, ...draft } })
  return id
}

/** Changes what is given and leaves the rest. A new file keeps what people watched of the old one. */
export async function change(tx: Tx, id: string, changes: Partial<VideoDraft>, by: Actor): Promise<void> {
  const before = await locked(tx, id)
  const { rules, tags, artwork, ...plain } = changes
  if (changes.slug !== undefined && changes.slug !== before.slug) await checkSlug(tx, "video", changes.slug)
  if (changes.fileId === null && before.state === "published") throw new StillPublished()
  const { publishedAt, unpublishedAt } = { ...before, ...changes }
  checkSpan(publishedAt, unpublishedAt)
  const file = await described(tx, changes)
  const place = await placed(
    tx,
    { ...changes, courseId: changes.courseId === undefined ? before.courseId : changes.courseId },
    before.courseId,
  )
  const rulesBefore = rules && (await rulesOf(tx, id))
  await tx
    .updateTable("video")
    .set({
      ...plain,
      ...file,
      ...place,
      ...(tags ? { tags: tidyTags(tags) } : {}),
      ...(artwork ? { artwork: JSON.stringify(artwork) } : {}),
      changedAt: now(),
    })
    .where("id", "=", id)
    .execute()
  if (rules) await writeRules(tx, id, rules)
  const dropped = (["fileId", "captionsFileId", "posterFileId"] as const)
    .filter((name) => changes[name] !== undefined && before[name] && before[name] !== changes[name])
    .map((name) => before[name]!)
  if (dropped.length > 0) await tx.updateTable("file").set({ droppedAt: now() }).where("id", "in", dropped).execute()
  if (
    (file.durationSeconds && file.durationSeconds !== before.durationSeconds) ||
    tags ||
    changes.courseId !== undefined
  )
    await remeasureLater(tx, id)
  await audit.record(
    tx,
    by,
    "video.change",
    { kind: "video", id },
    { before: pick({ ...before, rules: rulesBefore }, changes), after: changes },
  )
}

/** Offers a video, from now or from the instant that is set. */
export async function publish(tx: Tx, id: string, by: Actor, from?: Date): Promise<void> {
  const before = await locked(tx, id)
  if (!before.fileId || !before.durationSeconds) throw new NothingToPublish()
  const at = now()
  const publishedAt = from ?? before.publishedAt ?? at
  checkSpan(publishedAt > at ? publishedAt : at, before.unpublishedAt)
  await tx.updateTable("video").set({ state: "published", publishedAt, changedAt: at }).where("id", "=", id).execute()
  await audit.record(
    tx,
    by,
    "video.publish",
    { kind: "video", id },
    { before: { state: before.state }, after: { state: "published", publishedAt } },
  )
}

/** Takes a video back into drafts. */
export async function unpublish(tx: Tx, id: string, by: Actor): Promise<void> {
  await moveTo(tx, id, "draft", by)
}

/** Takes a video off for good; what people watched of it stays. */
export async function archive(tx: Tx, id: string, by: Actor): Promise<void> {
  await moveTo(tx, id, "archived", by)
}

/** The video with an address, in whatever state, if there is one. */
export async function find(db: Db, slug: string): Promise<{ id: string } | undefined> {
  return db.selectFrom("video").select("id").where("slug", "=", slug).executeTakeFirst()
}

/** A video as staff see it, or a refusal. */
export async function get(db: Db, id: string) {
  const found = await rowsOf(db).where("v.id", "=", id).executeTakeFirst()
  if (!found) throw new NoSuchVideo()
  return { ...found, rules: await rulesOf(db, id) }
}

/** Videos as staff see them, the last changed first; a search looks at titles and addresses, and for whole tags. */
export async function list(
  db: Db,
  asked: {
    search?: string
    state?: "draft" | "published" | "archived"
    courseId?: string
    cursor?: string
    limit: number
  },
) {
  const place = cursors.timeOf(asked.cursor)
  const rows = await rowsOf(db)
    .$if(Boolean(asked.search), (query) => {
      const wanted = asked.search!.normalize("NFKC")
      const like = `%${wanted.replace(/[\\%_]/g, "\\$&")}%`
      return query.where(
        sql<boolean>`(normalize(v.title, NFKC) ilike ${like} or v.slug ilike ${like} or ${wanted} = any(v.tags))`,
      )
    })
    .$if(Boolean(asked.state), (query) => query.where("v.state", "=", asked.state!))
    .$if(Boolean(asked.courseId), (query) => query.where("v.courseId", "=", asked.courseId!))
    .$if(place !== undefined, (query) =>
      query.where(sql<boolean>`(v.changed_at, v.id) < (${place!.at}, ${place!.id}::uuid)`),
    )
    .orderBy("v.changedAt", "desc")
    .orderBy("v.id", "desc")
    .limit(asked.limit + 1)
    .execute()
  const data = rows.slice(0, asked.limit)
  const last = rows.length > asked.limit ? data.at(-1)! : undefined
  return { data, nextCursor: last ? cursors.atTime(last.changedAt, last.id) : null }
}

function rowsOf(db: Db) {
  return db
    .selectFrom("video as v")
    .leftJoin("course as c", "c.id", "v.courseId")
    .leftJoin("file as f", "f.id", "v.fileId")
    .select(["v.id", "v.slug", "v.title", "v.description", "v.state", "v.fileId", "v.captionsFileId", "v.posterFileId"])
    .select([
      "v.durationSeconds",
      "v.width",
      "v.height",
      "v.codec",
      "v.courseId",
      "c.title as courseTitle",
      "v.coursePosition",
    ])
    .select(["v.tags", "v.publishedAt", "v.unpublishedAt", "v.artwork", "v.createdAt", "v.changedAt"])
    .select(["f.originalName as fileName", "f.bytes as fileBytes"])
    .select([
      sql<number>`(select count(*) from watch w where w.video_id = v.id and w.seconds > 0)`.as("viewers"),
      sql<number>`(select count(*) from watch w where w.video_id = v.id and w.completed_at is not null)`.as(
        "completed",
      ),
    ])
}

/** Lets conditions look again at those who watched a video, when what they ask about it has changed. */
export async function remeasureLater(tx: Tx, videoId: string): Promise<void> {
  await add(tx, "content.remeasure", { videoId }, { key: `content.remeasure:${videoId}` })
}

async function moveTo(tx: Tx, id: string, state: "draft" | "archived", by: Actor): Promise<void> {
  const before = await locked(tx, id)
  await tx.updateTable("video").set({ state, changedAt: now() }).where("id", "=", id).execute()
  const action = state === "archived" ? "video.archive" : "video.unpublish"
  await audit.record(tx, by, action, { kind: "video", id }, { before: { state: before.state }, after: { state } })
}

async function locked(tx: Tx, id: string) {
  const found = await tx.selectFrom("video").selectAll().where("id", "=", id).forUpdate().executeTakeFirst()
  if (!found) throw new NoSuchVideo()
  return found
}

function pick(from: Record<string, unknown>, like: object): object {
  return Object.fromEntries(Object.keys(like).map((key) => [key, from[key] ?? null]))
}
