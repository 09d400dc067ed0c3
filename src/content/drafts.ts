import { type Tx, sql } from "../platform/db.ts"
import type { FileKind } from "./files.ts"
import type { RuleDraft } from "./rules.ts"
import { EndsBeforeItBegins, SlugTaken, UnknownReference } from "./refusals.ts"

/** What staff set of a video. */
export type VideoDraft = {
  slug?: string
  title: string
  description?: string
  fileId?: string | null
  captionsFileId?: string | null
  posterFileId?: string | null
  courseId?: string | null
  /** Its step in the course; without one it comes last. */
  coursePosition?: number | null
  tags?: string[]
  publishedAt?: Date | null
  unpublishedAt?: Date | null
  artwork?: Record<string, string>
  rules?: RuleDraft[]
}

/** Refuses an address that another has; two who want it at once are heard one after the other. */
export async function checkSlug(tx: Tx, table: "video" | "course", slug: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${table}), hashtext(${slug}))`.execute(tx)
  if (await tx.selectFrom(table).select("id").where("slug", "=", slug).executeTakeFirst()) throw new SlugTaken()
}

/** Refuses an offer that would end before it begins. */
export function checkSpan(from: Date | null | undefined, to: Date | null | undefined): void {
  if (from && to && to <= from) throw new EndsBeforeItBegins()
}

/** What the named files say of the video; refuses files that are missing or of another kind. */
export async function described(tx: Tx, draft: Partial<VideoDraft>) {
  const named = { fileId: "video", captionsFileId: "captions", posterFileId: "poster" } as const
  let probe: { durationSeconds: number; width: number; height: number; codec: string } | undefined
  for (const [name, kind] of Object.entries(named) as [keyof typeof named, FileKind][]) {
    const id = draft[name]
    if (!id) continue
    const file = await tx
      .updateTable("file")
      .set({ droppedAt: null })
      .where("id", "=", id)
      .where("kind", "=", kind)
      .returningAll()
      .executeTakeFirst()
    if (!file) throw new UnknownReference(name)
    if (file.probe)
      probe = {
        durationSeconds: file.probe.duration,
        width: file.probe.width,
        height: file.probe.height,
        codec: file.probe.codec,
      }
  }
  return probe ?? (draft.fileId === null ? { durationSeconds: null, width: null, height: null, codec: null } : {})
}

/** The step in the course: as said, or the last. */
export async function placed(tx: Tx, draft: Partial<VideoDraft>, courseBefore: string | null = null) {
  if (!draft.courseId) return draft.courseId === null && courseBefore ? { coursePosition: null } : {}
  const course = await tx.selectFrom("course").select("id").where("id", "=", draft.courseId).executeTakeFirst()
  if (!course) throw new UnknownReference("courseId")
  if (typeof draft.coursePosition === "number") return { coursePosition: draft.coursePosition }
  if (draft.courseId === courseBefore) return {}
  const last = await tx
    .selectFrom("video")
    .select((e) => e.fn.max("coursePosition").as("at"))
    .where("courseId", "=", draft.courseId)
    .executeTakeFirst()
  return { coursePosition: (last?.at ?? 0) + 1 }
}

/** Tags as they are kept: each once, written alike. */
export function tidyTags(tags: string[]): string[] {
  return [...new Set(tags.map((tag) => tag.normalize("NFKC").trim()).filter(Boolean))]
}
