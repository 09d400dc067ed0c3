import { names } from "../events/index.ts"
import * as cursors from "../platform/cursors.ts"
import { type Db, sql } from "../platform/db.ts"
import { isId } from "../platform/ids.ts"
import type { Locale } from "../platform/words.ts"
import type { Page } from "./contacts.ts"
import { type Happened, startGathering } from "./gathering.ts"
import { type Kind, kindOf, patterns } from "./kinds.ts"
import { type Ranges, secondsOf } from "./ranges.ts"

/** One line of a person's timeline. */
type Entry = {
  id: string
  /** When it happened; of gathered watching, when the last part was watched. */
  at: Date
  kind: Kind
  name: string
  label: { ja: string; en: string }
  properties: Record<string, unknown>
  /** Of watching: what was watched, in seconds of the video. `from` is when this sitting began. */
  video?: {
    id: string
    title: string | null
    durationSeconds: number | null
    ranges: Ranges
    seconds: number
    from: Date
    /** All that was ever watched of it. */
    watched: { ranges: Ranges; seconds: number; completedAt: Date | null } | null
  }
  /** 判定理由: the facts behind an automatic act. */
  reason?: unknown
  /** The contact it was recorded of, where that was an anonymous visitor who later joined this one. */
  originId?: string
}
/** Says the reasons inside entries in a reader's language. */
type Explain = <Answer>(db: Db, answer: Answer, locale: Locale) => Promise<Answer>
let explain: Explain = async (_, answer) => answer

/** Sets how the reasons of entries are said; called once by the composition root, as conditions lie above this module. */
export function explainWith(how: Explain): void {
  explain = how
}

/** The same page with the reasons of its entries said in a language. */
export function explained(db: Db, page: Page<Entry>, locale: Locale): Promise<Page<Entry>> {
  return explain(db, page, locale)
}

type TimelineOptions = { cursor?: string; limit?: number; kinds?: Kind[] }

/**
 * What a contact did and what was done for them, newest first, read by cursor. Reports of watching one video
 * that lie at most 30 minutes apart are one entry.
 */
export async function of(db: Db, contactId: string, options: TimelineOptions = {}): Promise<Page<Entry>> {
  const limit = Math.min(Math.max(options.limit ?? 50, 1), 200)
  const start = placeOf(options.cursor)
  const wanted = options.kinds?.length ? patterns(options.kinds) : undefined
  const shows = wanted?.has("video.watched") ?? true
  const gathering = startGathering(start && shows ? await sittingsBefore(db, contactId, start) : [], limit + 1)
  for (let from: Place | undefined = start; !gathering.full(); ) {
    const chunk = Math.max(100, limit * 2)
    const events: Happened[] = await read(db, contactId, { from, wanted, chunk })
    for (const event of events) gathering.take(event)
    if (events.length < chunk) break
    from = events.at(-1)!
  }
  await finishSittings(db, contactId, gathering)
  const groups = gathering.groups()
  const shown = groups.slice(0, limit)
  const last = groups.length > limit ? shown.at(-1)!.head : undefined
  return {
    data: await describe(db, contactId, shown),
    nextCursor: last ? cursors.atTime(last.happenedAt, last.id) : null,
  }
}

type Place = { happenedAt: Date; id: string }
type Group = { head: Happened; from: Date; ranges: Ranges }

function placeOf(cursor: string | undefined): Place | undefined {
  const place = cursors.timeOf(cursor)
  return place && { happenedAt: place.at, id: place.id }
}

async function read(
  db: Db,
  contactId: string,
  options: { from?: Place | undefined; wanted?: ReturnType<typeof patterns> | undefined; chunk: number },
): Promise<Happened[]> {
  const { from, wanted, chunk } = options
  // The bare bound on happened_at lets the planner leave out newer partitions; the row comparison alone does not.
  const before = from
    ? sql`happened_at <= ${from.happenedAt} and (happened_at, id) < (${from.happenedAt}, ${from.id}::uuid)`
    : sql`true`
  const { rows } = await sql<Happened>`
    select id, name, happened_at, origin_id, properties from event
    where contact_id = ${contactId} and ${before} and ${wanted?.sql ?? sql`true`}
    order by happened_at desc, id desc limit ${chunk}`.execute(db)
  return rows
}

/** The sittings that earlier pages have shown and that may reach down into this one: the oldest report of each, by video. */
async function sittingsBefore(db: Db, contactId: string, place: Place): Promise<Happened[]> {
  const { rows } = await sql<Happened>`
    select distinct on (properties ->> 'videoId') id, name, happened_at, origin_id, properties from event
    where contact_id = ${contactId} and name = 'video.watched'
      and happened_at between ${place.happenedAt} and ${place.happenedAt}::timestamptz + interval '30 minutes'
      and (happened_at, id) >= (${place.happenedAt}, ${place.id}::uuid)
    order by properties ->> 'videoId', happened_at, id`.execute(db)
  return rows
}

/** Reads on until every sitting on the page is whole. */
async function finishSittings(db: Db, contactId: string, gathering: ReturnType<typeof startGathering>): Promise<void> {
  for (let open = gathering.open(); open; open = gathering.open()) {
    const { rows } = await sql<Happened>`
      select id, name, happened_at, origin_id, properties from event
      where contact_id = ${contactId} and name = 'video.watched'
        and happened_at between ${open.reachesTo} and ${open.place.happenedAt}
        and (happened_at, id) < (${open.place.happenedAt}, ${open.place.id}::uuid)
      order by happened_at desc, id desc limit 500`.execute(db)
    gathering.takeRest(rows, rows.length < 500)
  }
}

async function describe(db: Db, contactId: string, groups: Group[]): Promise<Entry[]> {
  const ids = groups.map(({ head }) => head.properties.videoId).filter(isId)
  const { rows: videos } = await sql<Video>`
    select v.id, v.title, v.duration_seconds, w.seconds, w.completed_at, w.ranges::text
    from video v left join watch w on w.video_id = v.id and w.contact_id = ${contactId}
    where v.id = any(${[...new Set(ids)]}::uuid[])`.execute(db)
  const byId = new Map(videos.map((video) => [video.id, video]))
  const names = [...new Set(groups.map(({ head }) => head.name))]
  const schemas = names.length
    ? await db.selectFrom("eventSchema").select(["name", "label"]).where("name", "in", names).execute()
    : []
  const labels = new Map(schemas.map((schema) => [schema.name, schema.label]))
  return groups.map((group) => entryOf(contactId, group, labels.get(group.head.name), byId))
}

type Video = {
  id: string
  title: string
  durationSeconds: number | null
  seconds: number | null
  completedAt: Date | null
  ranges: string | null
}

function entryOf(
  contactId: string,
  { head, from, ranges }: Group,
  label: { ja: string; en: string } | undefined,
  videos: Map<string, Video>,
): Entry {
  const { reason, ...properties } = head.properties
  const entry: Entry = {
    id: head.id,
    at: head.happenedAt,
    kind: kindOf(head.name),
    name: head.name,
    label: names.labelOf(head.name, label),
    properties,
  }
  if (reason !== undefined) entry.reason = reason
  if (head.originId !== contactId) entry.originId = head.originId
  const videoId = head.properties.videoId
  if (typeof videoId !== "string") return entry
  const video = videos.get(videoId)
  const watched =
    video?.ranges != null
      ? { ranges: rangesOf(video.ranges), seconds: video.seconds!, completedAt: video.completedAt }
      : null
  entry.video = {
    id: videoId,
    title: video?.title ?? null,
    durationSeconds: video?.durationSeconds ?? null,
    ranges,
    seconds: secondsOf(ranges),
    from,
    watched,
  }
  return entry
}

function rangesOf(text: string): Ranges {
  return [...text.matchAll(/\[(\d+),(\d+)\)/g)].map((match) => [Number(match[1]), Number(match[2])])
}
