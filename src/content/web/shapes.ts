import { z } from "@hono/zod-openapi"

const Time = z.iso.datetime().openapi({ example: "2026-11-22T12:14:00.000Z" })
const TimeIn = z.iso.datetime({ offset: true }).transform((text) => new Date(text))
const Slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,99}$/)
  .openapi({ description: "Part of the page's address: a–z, 0–9 and hyphens", example: "tax-return-basics" })
const RangeShape = z.tuple([z.int(), z.int()]).openapi({ description: "[from, to): whole seconds", example: [0, 120] })

const WindowShape = z
  .object({ kind: z.enum(["rolling", "from-join", "for-join"]), months: z.int().min(1).max(120) })
  .openapi("AccessWindow", {
    description:
      "rolling: published within the last months, seen from today. from-join: published from so many months before joining onward. for-join: for so many months from joining.",
  })

const RuleShape = z
  .object({
    everyone: z.boolean().default(false).openapi({ description: "Visitors who are no members, too" }),
    minimumRankId: z.uuid().nullable().default(null),
    plans: z
      .array(z.string().min(1).max(100))
      .max(50)
      .nullable()
      .default(null)
      .openapi({ description: "Any of these; null: no matter" }),
    segmentId: z.uuid().nullable().default(null),
    window: WindowShape.nullable().default(null),
  })
  .openapi("AccessRule", {
    description: "Everything named must hold. Several rules: any of them opens. None: nobody may watch.",
  })

export const VideoShape = z
  .object({
    id: z.uuid(),
    slug: z.string(),
    title: z.string(),
    description: z.string(),
    state: z.enum(["draft", "published", "archived"]),
    fileId: z.uuid().nullable(),
    fileName: z.string().nullable(),
    fileBytes: z.number().nullable(),
    captionsFileId: z.uuid().nullable(),
    posterFileId: z.uuid().nullable(),
    durationSeconds: z.int().nullable(),
    width: z.int().nullable(),
    height: z.int().nullable(),
    codec: z.string().nullable(),
    courseId: z.uuid().nullable(),
    courseTitle: z.string().nullable(),
    coursePosition: z.int().nullable(),
    tags: z.array(z.string()),
    publishedAt: Time.nullable(),
    unpublishedAt: Time.nullable(),
    artwork: z.record(z.string(), z.string()),
    viewers: z.int(),
    completed: z.int(),
    createdAt: Time,
    changedAt: Time,
  })
  .openapi("Video")
export const VideoDetailShape = VideoShape.extend({ rules: z.array(RuleShape) }).openapi("VideoDetail")

const changeable = {
  slug: Slug,
  title: z.string().trim().min(1).max(200),
  description: z.string().max(10_000),
  fileId: z.uuid().nullable(),
  captionsFileId: z.uuid().nullable(),
  posterFileId: z.uuid().nullable(),
  courseId: z.uuid().nullable(),
  coursePosition: z.int().min(1).max(100_000).nullable(),
  tags: z.array(z.string().trim().min(1).max(100)).max(50),
  publishedAt: TimeIn.nullable(),
  unpublishedAt: TimeIn.nullable(),
  artwork: z.record(z.string().max(40), z.string().max(200)),
  rules: z.array(RuleShape).max(50),
}
export const VideoChanges = z.object(changeable).partial().openapi("VideoChanges")
export const NewVideo = z.object(changeable).partial().required({ title: true }).openapi("NewVideo")
export const Publication = z
  .object({
    publishedAt: TimeIn.optional().openapi({ description: "From when it is offered; now when absent and never set" }),
  })
  .openapi("Publication")

export const CourseShape = z
  .object({
    id: z.uuid(),
    slug: z.string(),
    title: z.string(),
    description: z.string(),
    position: z.int(),
    videoIds: z.array(z.uuid()),
    changedAt: Time,
  })
  .openapi("Course")
const courseFields = {
  slug: Slug,
  title: z.string().trim().min(1).max(200),
  description: z.string().max(10_000),
  position: z.int().min(0).max(100_000),
}
export const NewCourse = z.object(courseFields).partial().required({ title: true }).openapi("NewCourse")
export const CourseChanges = z
  .object({
    ...courseFields,
    videoIds: z.array(z.uuid()).openapi({ description: "All videos of the course in their new order" }),
  })
  .partial()
  .openapi("CourseChanges")

export const FileShape = z
  .object({
    id: z.uuid(),
    kind: z.enum(["video", "captions", "poster"]),
    originalName: z.string(),
    contentType: z.string(),
    bytes: z.number(),
    durationSeconds: z.int().nullable(),
    width: z.int().nullable(),
    height: z.int().nullable(),
    codec: z.string().nullable(),
    uploadedAt: Time,
  })
  .openapi("File")
export const NewFile = z
  .object({
    uploadId: z.string().max(100).openapi({ description: "The last part of the address that POST /uploads gave" }),
    kind: z
      .enum(["video", "captions", "poster"])
      .optional()
      .openapi({ description: "Or as the upload's metadata `kind`; else video" }),
    name: z.string().max(250).optional().openapi({ description: "Or as the upload's metadata `filename`" }),
  })
  .openapi("NewFile")

export const ViewerShape = z
  .object({
    contactId: z.uuid(),
    number: z.int().nullable().openapi({ description: "The member's number" }),
    familyName: z.string(),
    givenName: z.string(),
    ranges: z.array(RangeShape),
    seconds: z.int(),
    coverage: z.number().openapi({ description: "0 to 1" }),
    position: z.int(),
    lastAt: Time,
    completedAt: Time.nullable(),
  })
  .openapi("Viewer")
export const DensityShape = z
  .object({
    viewers: z.int(),
    completed: z.int(),
    duration: z.int(),
    bucketSeconds: z.int(),
    counts: z
      .array(z.number())
      .openapi({ description: "People who played each part, one number per bucket of seconds" }),
  })
  .openapi("WatchDensity")

const NeedShape = z.object({
  kind: z.enum(["membership", "rank", "plan", "segment", "publication", "ended"]),
  rankId: z.uuid().optional(),
  plans: z.array(z.string()).optional(),
  segmentId: z.uuid().optional(),
  at: Time.nullable().optional(),
})
const AccessShape = z
  .object({
    videoId: z.uuid(),
    slug: z.string(),
    title: z.string(),
    open: z.boolean(),
    until: Time.nullable(),
    why: z.array(NeedShape),
    wouldOpen: z.array(z.array(NeedShape)),
    sentences: z.object({
      why: z.string(),
      ways: z.array(z.string()),
      until: z.string(),
      opens: z.string().openapi({ description: "What the rule that opens it asks for; empty when it is closed" }),
    }),
  })
  .openapi("Access", {
    description: "Whether a video is open to a contact at an instant, until when, and what would open it",
  })

export const AccessListShape = z
  .object({
    data: z.array(AccessShape),
    nextCursor: z.string().nullable(),
    standing: z.object({
      active: z.boolean().openapi({ description: "A member then, whose account was not suspended" }),
      rank: z
        .object({ id: z.uuid(), name: z.object({ ja: z.string(), en: z.string() }), colour: z.string() })
        .nullable(),
      plan: z.string().nullable(),
      planName: z.object({ ja: z.string(), en: z.string() }).nullable().openapi({ description: "What people call it" }),
    }),
  })
  .openapi("AccessOfContact", { description: "`standing` is what the rules found of the contact at the instant" })

export const IdParam = z.object({ id: z.uuid() })
export const Page = {
  cursor: z.string().max(300).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
}

/** The JSON body of a request. */
export function body<S extends z.ZodType>(schema: S) {
  return { body: { required: true, content: { "application/json": { schema } } } } as const
}

/** A JSON answer. */
export function json<S extends z.ZodType>(description: string, schema: S) {
  return { description, content: { "application/json": { schema } } } as const
}

/** Instants as JSON writes them, all the way down; the answers' types ask for texts. */
export function plain<T>(value: T): Plain<T> {
  return JSON.parse(JSON.stringify(value)) as Plain<T>
}
type Plain<T> = T extends Date
  ? string
  : T extends readonly [infer A, infer B]
    ? [Plain<A>, Plain<B>]
    : T extends readonly (infer One)[]
      ? Plain<One>[]
      : T extends object
        ? { [K in keyof T]: Plain<T[K]> }
        : T
