import type { RawBuilder } from "kysely"
import { z } from "zod"
import { startOfDay } from "../platform/dates.ts"
import { sql } from "../platform/db.ts"
import {
  type Asked,
  day,
  type Fact,
  fact,
  hoursOf,
  jstDay,
  later,
  type NameOf,
  saySpan,
  type Source,
  span,
  type Tally,
  tallied,
} from "../platform/facts.ts"
import { type Locale, words } from "../platform/words.ts"
import { matches, type PropertyTest, propertyTests, sayTests } from "./property-tests.ts"

const happened = {
  event: z.string().min(1).max(200).describe("The name of the event, as it was sent"),
  where: propertyTests.optional(),
}
const window = { within: span.optional(), since: day.optional(), until: day.optional() }
const before = z
  .strictObject({ event: happened.event })
  .describe("Only what happened before the last time of this other event, and nothing when it never happened")

const Windowed = z
  .strictObject({ ...happened, ...window })
  .refine((args) => !args.within || (!args.since && !args.until), { path: ["within"], message: "within-or-dates" })
  .refine((args) => !args.since || !args.until || args.since <= args.until, { path: ["until"], message: "until-since" })
const Counted = z
  .strictObject({ ...happened, ...window, before: before.optional() })
  .refine((args) => !args.within || (!args.since && !args.until), { path: ["within"], message: "within-or-dates" })
  .refine((args) => !args.since || !args.until || args.since <= args.until, { path: ["until"], message: "until-since" })
const WindowedNumber = z
  .strictObject({ ...happened, property: z.string().min(1).max(200), ...window })
  .refine((args) => !args.within || (!args.since && !args.until), { path: ["within"], message: "within-or-dates" })
const Plain = z.strictObject(happened)
const Last = z.strictObject({ ...happened, property: z.string().min(1).max(200) })

type Args = {
  event: string
  where?: PropertyTest[]
  within?: string
  since?: string
  until?: string
  before?: { event: string }
}

const happenedAt = sql<Date>`happened_at`
const source: Source = {
  from: sql`event e`,
  contact: "e.contact_id",
  happenedAt: sql`e.happened_at`,
  kind: sql`e.name`,
}

function rows(args: Args, asked: Asked): Pick<Tally, "source" | "kind" | "after" | "where"> {
  const parts = (args.where ?? []).map((test) => matches(sql`e.properties`, test))
  if (args.since) parts.push(sql`e.happened_at >= ${startOfDay(args.since)}`)
  if (args.until) parts.push(sql`e.happened_at < ${startOfDay(dayAfter(args.until))}`)
  return {
    source,
    kind: args.event,
    ...(args.within ? { after: later(asked.at, -hoursOf(args.within)) } : {}),
    ...(parts.length > 0 ? { where: sql`${sql.join(parts, sql` and `)}` } : {}),
  }
}

/** When the last (or first) of the counted rows falls out of the window. */
function expiry(args: Args, pick: "min" | "max", counts: RawBuilder<boolean>): RawBuilder<Date | null> {
  if (!args.within) return sql`null::timestamptz`
  return later(sql`${sql.raw(pick)}(happened_at) filter (where ${counts})`, hoursOf(args.within))
}

const count = tallied<z.infer<typeof Counted>>({
  name: "event.count",
  label: { ja: "行動の回数", en: "Times an event happened" },
  type: "number",
  with: Counted,
  missing: 0,
  time: "falling",
  tally: (args, asked) =>
    args.before
      ? countBefore(args, args.before.event, asked)
      : {
          ...rows(args, asked),
          value: (counts) => sql`count(*) filter (where ${counts})`,
          wakeAt: (counts) => expiry(args, "min", counts),
          goneAt: (counts) => expiry(args, "max", counts),
        },
  dependsOn: ({ event, before }) => [...dependsOn({ event }), ...(before ? dependsOn(before) : [])],
  describe: (args, locale, nameOf) => say(locale)("count", said(args, locale, nameOf)),
})

/** Counts what lies before the last of another event: as that one is later than all it lets count, one window holds for both. */
function countBefore(args: Args, other: string, asked: Asked): Tally {
  const counted = (what: string, counts: RawBuilder<boolean>, otherAt: RawBuilder<unknown>) =>
    sql<Date>`(select ${sql.raw(what)} from unnest(array_agg(happened_at) filter (where ${counts})) c(happened)
      where c.happened < max(${otherAt}))`
  const expires = (what: string) => (counts: RawBuilder<boolean>, otherAt: RawBuilder<unknown>) =>
    args.within ? later(counted(what, counts, otherAt), hoursOf(args.within)) : sql<Date | null>`null::timestamptz`
  return {
    ...rows(args, asked),
    beside: other,
    field: sql`case when e.name = ${other} then e.happened_at end`,
    value: (counts, otherAt) => counted("count(*)", counts, otherAt),
    wakeAt: expires("min(c.happened)"),
    goneAt: expires("max(c.happened)"),
  }
}

const exists = tallied<z.infer<typeof Windowed>>({
  name: "event.exists",
  label: { ja: "行動の有無", en: "Whether an event happened" },
  type: "boolean",
  with: Windowed,
  missing: false,
  tally: (args, asked) => ({
    ...rows(args, asked),
    value: (counts) => sql`coalesce(bool_or(${counts}), false)`,
    wakeAt: (counts) => expiry(args, "max", counts),
  }),
  dependsOn,
  describe: (args, locale, nameOf) => say(locale)("exists", said(args, locale, nameOf)),
})

const sum = tallied<z.infer<typeof WindowedNumber>>({
  name: "event.sum",
  label: { ja: "行動の数値の合計", en: "Sum of a number sent with an event" },
  type: "number",
  with: WindowedNumber,
  missing: 0,
  tally: (args, asked) => ({
    ...rows(args, asked),
    field: sql`case when jsonb_typeof(e.properties -> ${args.property}) = 'number'
      then (e.properties ->> ${args.property})::double precision end`,
    value: (counts, field) => sql`coalesce(sum(${field}) filter (where ${counts}), 0)`,
    wakeAt: (counts) => expiry(args, "min", counts),
  }),
  dependsOn,
  describe: (args, locale, nameOf) => say(locale)("sum", { ...said(args, locale, nameOf), property: args.property }),
})

const lastDays = tallied<z.infer<typeof Plain>>({
  name: "event.last_days",
  label: { ja: "最後の行動からの日数", en: "Days since an event last happened" },
  type: "number",
  with: Plain,
  missing: null,
  time: "daily",
  tally: (args, asked) => ({ ...rows(args, asked), value: (counts) => daysSince(asked, "max", counts) }),
  dependsOn,
  describe: (args, locale, nameOf) => say(locale)("last", said(args, locale, nameOf)),
})

const firstDays = tallied<z.infer<typeof Plain>>({
  name: "event.first_days",
  label: { ja: "最初の行動からの日数", en: "Days since an event first happened" },
  type: "number",
  with: Plain,
  missing: null,
  time: "daily",
  tally: (args, asked) => ({ ...rows(args, asked), value: (counts) => daysSince(asked, "min", counts) }),
  dependsOn,
  describe: (args, locale, nameOf) => say(locale)("first", said(args, locale, nameOf)),
})

const lastProperty = fact<z.infer<typeof Last>>({
  name: "event.last_property",
  label: { ja: "最後の行動の内容", en: "A property of the last event of a name" },
  type: "text",
  with: Last,
  missing: null,
  time: "never",
  query: (args, asked) => {
    const { where } = rows(args, asked)
    return sql`select distinct on (e.contact_id) e.contact_id, e.properties ->> ${args.property} as value
      from event e where ${asked.among("e.contact_id")} and e.name = ${args.event} and e.happened_at <= ${asked.at}
      ${where ? sql`and ${where}` : sql``} order by e.contact_id, e.happened_at desc, e.id desc`
  },
  dependsOn,
  describe: (args, locale, nameOf) =>
    say(locale)("property", { ...said(args, locale, nameOf), property: args.property }),
})

/** What can be asked about events of any name: how often, whether, how much, how long ago. */
// biome-ignore lint/suspicious/noExplicitAny: a list of facts holds different argument types
export const eventFacts: Fact<any>[] = [count, exists, sum, lastDays, firstDays, lastProperty]

function daysSince(asked: Asked, pick: "min" | "max", counts: RawBuilder<boolean>): RawBuilder<number> {
  const instant = sql<Date>`${sql.raw(pick)}(${happenedAt}) filter (where ${counts})`
  return sql`${jstDay(asked.at)} - ${jstDay(instant)}`
}

function dependsOn(args: { event: string }): string[] {
  return [`event:${args.event}`]
}

function dayAfter(on: string): string {
  return new Date(Date.parse(`${on}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
}

function said(args: Args, locale: Locale, nameOf?: NameOf): { event: string; window: string } {
  const t = say(locale)
  const parts = []
  if (args.within) parts.push(t("within", { span: saySpan(args.within, locale) }))
  if (args.since) parts.push(t("since", { day: args.since }))
  if (args.until) parts.push(t("until", { day: args.until }))
  if (args.before)
    parts.push(t("before", { event: t("name", { event: nameOf?.(args.before.event) ?? args.before.event }) }))
  const where = sayTests(args.where ?? [], locale, nameOf)
  const name = nameOf?.(args.event) ?? args.event
  const event = where ? t("where", { event: name, where }) : t("name", { event: name })
  return {
    event,
    window: locale === "ja" ? parts.map((part) => `${part}の`).join("") : parts.map((part) => ` ${part}`).join(""),
  }
}

const say = words(
  {
    name: "「{event}」",
    where: "「{event}」({where})",
    within: "{span}以内",
    since: "{day}以降",
    until: "{day}まで",
    before: "最後の{event}より前",
    count: "{window}{event}の回数",
    exists: "{window}{event}の有無",
    sum: "{window}{event}の「{property}」の合計",
    last: "最後の{event}からの日数",
    first: "最初の{event}からの日数",
    property: "最後の{event}の「{property}」",
  },
  {
    name: "“{event}”",
    where: "“{event}” ({where})",
    within: "within {span}",
    since: "since {day}",
    until: "until {day}",
    before: "before the last {event}",
    count: "Times {event} happened{window}",
    exists: "Whether {event} happened{window}",
    sum: "Sum of “{property}” of {event}{window}",
    last: "Days since the last {event}",
    first: "Days since the first {event}",
    property: "“{property}” of the last {event}",
  },
)
