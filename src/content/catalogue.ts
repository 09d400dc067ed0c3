import { type Db, sql } from "../platform/db.ts"
import type { Locale } from "../platform/words.ts"
import type { Gated, Rule } from "./access.ts"

export type KeptFile = { id: string; storageKey: string; bytes: number; contentType: string; uploadedAt: Date }

/** A published video with everything that pages, access and recommendations ask of it. */
export type CatalogueVideo = Gated & {
  id: string
  slug: string
  title: string
  description: string
  duration: number
  width: number | null
  height: number | null
  courseId: string | null
  coursePosition: number | null
  tags: string[]
  artwork: Record<string, string>
  publishedAt: Date
  file: KeptFile
  captions: KeptFile | null
  poster: KeptFile | null
  /** Time alone can close it. */
  mayClose: boolean
}

export type CatalogueCourse = { id: string; slug: string; title: string; description: string; videos: CatalogueVideo[] }
type CatalogueRank = { id: string; position: number; name: Record<Locale, string>; colour: string }

/** All published videos (also those whose time has not come or is over), as one version. Never changed, only replaced. */
export type Catalogue = {
  version: number
  /** The newest first. */
  videos: CatalogueVideo[]
  byId: ReadonlyMap<string, CatalogueVideo>
  bySlug: ReadonlyMap<string, CatalogueVideo>
  byTag: ReadonlyMap<string, CatalogueVideo[]>
  courses: CatalogueCourse[]
  courseById: ReadonlyMap<string, CatalogueCourse>
  ranks: ReadonlyMap<string, CatalogueRank>
  /** Per rank: the videos its people completed, most completed first. */
  popular: ReadonlyMap<string, { video: CatalogueVideo; completed: number }[]>
}

const kept = new WeakMap<object, { catalogue?: Catalogue; loading?: Promise<Catalogue> }>()

/** The catalogue as it is now. Give the version a query has just seen (`catalogue_version`) to spare the question. */
export async function current(db: Db, versionHint?: number): Promise<Catalogue> {
  const version = versionHint ?? (await versionOf(db))
  let slot = kept.get(db)
  if (!slot) kept.set(db, (slot = {}))
  if (slot.catalogue && slot.catalogue.version >= version) return slot.catalogue
  const holder = slot
  for (;;) {
    holder.loading ??= load(db).finally(() => (holder.loading = undefined))
    const loaded = await holder.loading
    if (!holder.catalogue || loaded.version > holder.catalogue.version) holder.catalogue = loaded
    if (holder.catalogue.version >= version) return holder.catalogue
  }
}

async function versionOf(db: Db): Promise<number> {
  return (await db.selectFrom("catalogueVersion").select("version").executeTakeFirstOrThrow()).version
}

async function load(db: Db): Promise<Catalogue> {
  // The number first: what is read after it can only be newer, and a later question then reads again.
  const version = await versionOf(db)
  const [videoRows, ruleRows, courseRows, rankRows, popularityRows] = await Promise.all([
    readVideos(db),
    db
      .selectFrom("accessRule as a")
      .leftJoin("rank as r", "r.id", "a.minimumRankId")
      .select([
        "a.id",
        "a.videoId",
        "a.everyone",
        "a.minimumRankId",
        "a.plans",
        "a.segmentId",
        "a.window",
        "r.position as rankPosition",
      ])
      .orderBy("a.position")
      .execute(),
    db
      .selectFrom("course")
      .select(["id", "slug", "title", "description"])
      .orderBy("position")
      .orderBy("title")
      .execute(),
    db.selectFrom("rank").select(["id", "position", "name", "colour"]).orderBy("position").execute(),
    db.selectFrom("videoPopularity").selectAll().orderBy("completed", "desc").execute(),
  ])
  const rules = Map.groupBy(ruleRows, (row) => row.videoId)
  const videos = videoRows.map((row): CatalogueVideo => {
    const own = (rules.get(row.id) ?? []).map(
      (rule): Rule => ({
        id: rule.id,
        everyone: rule.everyone,
        minimumRank: rule.minimumRankId ? { id: rule.minimumRankId, position: rule.rankPosition! } : null,
        plans: rule.plans,
        segmentId: rule.segmentId,
        window: rule.window,
      }),
    )
    const mayClose = row.unpublishedAt !== null || own.some((rule) => rule.window && rule.window.kind !== "from-join")
    return { ...row, state: "published", rules: own, mayClose }
  })
  const byId = new Map(videos.map((video) => [video.id, video]))
  const courses = courseRows.map((course) => ({ ...course, videos: stepsOf(videos, course.id) }))
  const byTag = new Map<string, CatalogueVideo[]>()
  for (const video of videos) for (const tag of video.tags) byTag.set(tag, [...(byTag.get(tag) ?? []), video])
  const popular = new Map<string, { video: CatalogueVideo; completed: number }[]>()
  for (const { rankId, videoId, completed } of popularityRows) {
    const video = byId.get(videoId)
    if (!video) continue
    if (!popular.has(rankId)) popular.set(rankId, [])
    popular.get(rankId)!.push({ video, completed })
  }
  return {
    version,
    videos,
    byId,
    bySlug: new Map(videos.map((video) => [video.slug, video])),
    byTag,
    courses,
    courseById: new Map(courses.map((course) => [course.id, course])),
    ranks: new Map(rankRows.map((rank) => [rank.id, rank as CatalogueRank])),
    popular,
  }
}

async function readVideos(db: Db) {
  const file = (alias: string) =>
    sql<KeptFile | null>`case when ${sql.ref(`${alias}.id`)} is null then null else json_build_object(
      'id', ${sql.ref(`${alias}.id`)}, 'storageKey', ${sql.ref(`${alias}.storage_key`)}, 'bytes', ${sql.ref(`${alias}.bytes`)},
      'contentType', ${sql.ref(`${alias}.content_type`)}, 'uploadedAt', ${sql.ref(`${alias}.uploaded_at`)}) end`
  const rows = await db
    .selectFrom("video as v")
    .innerJoin("file as f", "f.id", "v.fileId")
    .leftJoin("file as t", "t.id", "v.captionsFileId")
    .leftJoin("file as p", "p.id", "v.posterFileId")
    .select(["v.id", "v.slug", "v.title", "v.description", "v.durationSeconds as duration", "v.width", "v.height"])
    .select(["v.courseId", "v.coursePosition", "v.tags", "v.artwork", "v.publishedAt", "v.unpublishedAt"])
    .select([file("f").as("file"), file("t").as("captions"), file("p").as("poster")])
    .where("v.state", "=", "published")
    .where("v.durationSeconds", "is not", null)
    .where("v.publishedAt", "is not", null)
    .orderBy("v.publishedAt", "desc")
    .orderBy("v.id")
    .execute()
  return rows.map((row) => ({
    ...row,
    duration: row.duration!,
    publishedAt: row.publishedAt!,
    file: dated(row.file)!,
    captions: dated(row.captions),
    poster: dated(row.poster),
  }))
}

function dated(file: KeptFile | null): KeptFile | null {
  return file && { ...file, uploadedAt: new Date(file.uploadedAt) }
}

function stepsOf(videos: CatalogueVideo[], courseId: string): CatalogueVideo[] {
  return videos
    .filter((video) => video.courseId === courseId)
    .sort(
      (a, b) =>
        (a.coursePosition ?? 1e9) - (b.coursePosition ?? 1e9) || a.publishedAt.getTime() - b.publishedAt.getTime(),
    )
}
