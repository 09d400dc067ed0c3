import type { RawBuilder } from "kysely"
import { z } from "zod"
import { duration } from "../platform/dates.ts"
import { sql } from "../platform/db.ts"
import { type Asked, type Fact, fact, hoursOf, jstDay, later, saySpan, span } from "../platform/facts.ts"
import { type Locale, words } from "../platform/words.ts"

const Completed = z.strictObject({
  course: z.uuid().optional().describe("Only videos of this course"),
  tag: z.string().min(1).max(100).optional().describe("Only videos with this tag"),
  within: span.optional(),
})
const OneVideo = z.strictObject({ video: z.uuid() })
const Seconds = z.strictObject({ video: z.uuid().optional(), within: span.optional() })
const Nothing = z.strictObject({})

const completedCount = fact<z.infer<typeof Completed>>({
  name: "watch.completed_count",
  label: { ja: "完了した動画の本数", en: "Videos completed" },
  type: "number",
  with: Completed,
  missing: 0,
  time: "falling",
  query: ({ course, tag, within }, asked) => {
    const ofVideo = [
      course ? sql`v.course_id = ${course}` : undefined,
      tag ? sql`${tag} = any(v.tags)` : undefined,
    ].filter((part) => part !== undefined)
    return sql`select w.contact_id, count(*) as value, ${expiry("min", sql`w.completed_at`, within)} as wake_at,
        ${expiry("max", sql`w.completed_at`, within)} as gone_at
      from watch w ${ofVideo.length > 0 ? sql`join video v on v.id = w.video_id and ${sql.join(ofVideo, sql` and `)}` : sql``}
      where ${asked.among("w.contact_id")} and w.completed_at <= ${asked.at} ${since(sql`w.completed_at`, within, asked)}
      group by w.contact_id`
  },
  dependsOn: () => ["watch"],
  describe: (args, locale, nameOf) =>
    say(locale)("completedCount", {
      within: saidWithin(args.within, locale),
      of: args.tag
        ? say(locale)("tagged", { tag: args.tag })
        : args.course
          ? said("inCourse", nameOf?.(args.course), locale)
          : "",
    }),
})

const completed = fact<z.infer<typeof OneVideo>>({
  name: "watch.completed",
  label: { ja: "動画を完了したか", en: "Whether a video was completed" },
  type: "boolean",
  with: OneVideo,
  missing: false,
  time: "never",
  query: ({ video }, asked) => sql`select w.contact_id, true as value from watch w
    where ${asked.among("w.contact_id")} and w.video_id = ${video} and w.completed_at <= ${asked.at}`,
  dependsOn: ({ video }) => [`watch:${video}`],
  describe: ({ video }, locale, nameOf) => said("completed", nameOf?.(video), locale),
})

const seconds = fact<z.infer<typeof Seconds>>({
  name: "watch.seconds",
  label: { ja: "視聴した秒数(重複を除く)", en: "Seconds watched (each second once)" },
  type: "number",
  with: Seconds,
  missing: 0,
  time: "falling",
  query: ({ video, within }, asked) => sql`select r.contact_id, sum(r.gained_seconds) as value,
      ${expiry("min", sql`r.happened_at`, within)} as wake_at, ${expiry("max", sql`r.happened_at`, within)} as gone_at
    from watch_report r where ${asked.among("r.contact_id")} and r.gained_seconds > 0 and r.happened_at <= ${asked.at}
      ${video ? sql`and r.video_id = ${video}` : sql``} ${since(sql`r.happened_at`, within, asked)}
    group by r.contact_id`,
  dependsOn: ({ video }) => [video ? `watch:${video}` : "watch"],
  describe: (args, locale, nameOf) =>
    say(locale)("seconds", {
      within: saidWithin(args.within, locale),
      of: args.video ? said("ofVideo", nameOf?.(args.video), locale) : "",
    }),
  say: (_, value, locale) => (typeof value === "number" ? duration(value, locale) : undefined),
})

const lastDays = fact<z.infer<typeof Nothing>>({
  name: "watch.last_days",
  label: { ja: "最後の視聴からの日数", en: "Days since last watching" },
  type: "number",
  with: Nothing,
  missing: null,
  time: "daily",
  query: (_, asked) => sql`select r.contact_id, ${jstDay(asked.at)} - ${jstDay(sql`max(r.happened_at)`)} as value
    from watch_report r where ${asked.among("r.contact_id")} and r.happened_at <= ${asked.at} group by r.contact_id`,
  dependsOn: () => ["watch"],
  describe: (_, locale) => say(locale)("lastDays"),
})

const coverage = fact<z.infer<typeof OneVideo>>({
  name: "watch.coverage",
  label: { ja: "動画を見た割合(0〜1)", en: "Share of a video watched (0 to 1)" },
  type: "number",
  with: OneVideo,
  missing: 0,
  time: "never",
  query: ({ video }, asked) => sql`select r.contact_id, round(watched_seconds(range_agg(r.ranges)
      * int4multirange(int4range(0, v.duration_seconds)))::numeric / v.duration_seconds, 4)::float8 as value
    from watch_report r join video v on v.id = r.video_id
    where ${asked.among("r.contact_id")} and r.video_id = ${video} and r.happened_at <= ${asked.at}
    group by r.contact_id, v.duration_seconds`,
  dependsOn: ({ video }) => [`watch:${video}`],
  describe: ({ video }, locale, nameOf) => said("coverage", nameOf?.(video), locale),
})

/** What can be asked about watching. Values of the past are right: reports and completions are dated. */
// biome-ignore lint/suspicious/noExplicitAny: a list of facts holds different argument types
export const watchFacts: Fact<any>[] = [completedCount, completed, seconds, lastDays, coverage]

function since(column: RawBuilder<Date>, within: string | undefined, asked: Asked): RawBuilder<unknown> {
  return within ? sql`and ${column} > ${later(asked.at, -hoursOf(within))}` : sql``
}

function expiry(pick: "min" | "max", column: RawBuilder<Date>, within: string | undefined): RawBuilder<Date | null> {
  return within ? later(sql`${sql.raw(pick)}(${column})`, hoursOf(within)) : sql`null::timestamptz`
}

/** A phrase about one video or course: by its name, where that is known. */
function said(
  key: "inCourse" | "ofVideo" | "completed" | "coverage",
  name: string | undefined,
  locale: Locale,
): string {
  return name ? say(locale)(`${key}.named`, { name }) : say(locale)(key)
}

function saidWithin(within: string | undefined, locale: Locale): string {
  return within ? say(locale)("within", { span: saySpan(within, locale) }) : ""
}

const say = words(
  {
    within: "{span}以内の",
    tagged: "「{tag}」の",
    inCourse: "指定の講座の",
    ofVideo: "指定の動画の",
    completedCount: "{within}{of}完了動画の本数",
    completed: "指定の動画の完了",
    seconds: "{within}{of}視聴時間",
    lastDays: "最後の視聴からの日数",
    coverage: "指定の動画を見た割合",
    "inCourse.named": "講座「{name}」の",
    "ofVideo.named": "「{name}」の",
    "completed.named": "「{name}」の完了",
    "coverage.named": "「{name}」を見た割合",
  },
  {
    within: " within {span}",
    tagged: " tagged “{tag}”",
    inCourse: " of the course",
    ofVideo: " of the video",
    completedCount: "Videos{of} completed{within}",
    completed: "Completion of the video",
    seconds: "Time{of} watched{within}",
    lastDays: "Days since last watching",
    coverage: "Share of the video watched",
    "inCourse.named": " of the course “{name}”",
    "ofVideo.named": " of “{name}”",
    "completed.named": "Completion of “{name}”",
    "coverage.named": "Share of “{name}” watched",
  },
)
