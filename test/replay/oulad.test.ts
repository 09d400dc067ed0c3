import { beforeAll, describe, expect, test } from "vitest"
import { build, conditions, evaluation, segments, waking } from "../../src/audience/index.ts"
import { system } from "../../src/platform/actors.ts"
import * as clock from "../../src/platform/clock.ts"
import { sql, transact } from "../../src/platform/db.ts"
import { idOf } from "../../src/platform/ids.ts"
import { type Item, oulad, send } from "../../src/replay/index.ts"
import { data, dayNumber, hasData, type Learner, monthOf, readLearners } from "./figures.ts"
import { questions } from "./segments.ts"
import { listeningSite } from "./site.ts"

const there = hasData("oulad")
/** Live segments are built on the first of these days, and follow what happens until the second and the third. */
const [built, followed, ended] = ["2015-04-30", "2015-05-31", "2015-10-31"] as const

describe.runIf(there)("all learners, replayed through the public API", async () => {
  if (!there) return
  const site = await listeningSite()
  const { db } = site
  const learners = readLearners()
  const userIdOf = new Map([...learners.keys()].map((userId) => [idOf("user", userId), userId]))
  const items = oulad.learners(`${data}/oulad`)
  const segmentIds = new Map<string, string>()
  const live = new Map<string, Map<string, string[]>>()

  beforeAll(async () => {
    const started = performance.now()
    const [first, second, third] = between(items, [noon(built), noon(followed)])
    await replay(first!)
    await at(built, async () => {
      await follow()
      for (const { name, definition } of questions)
        segmentIds.set(name, await transact(db, (tx) => segments.create(tx, { name, definition }, system("test"))))
      const { rows } = await sql<{ id: string }>`select id from condition where state = 'registered'`.execute(db)
      for (const { id } of rows) await build(db, { conditionId: id })
    })
    await replay(second!)
    await at(followed, follow)
    await replay(third!)
    await at(ended, follow)
    console.log(`replayed and followed in ${((performance.now() - started) / 1000).toFixed(1)} s`)
  }, 300_000)

  async function replay(some: Item[]): Promise<void> {
    const started = performance.now()
    expect(await send(some, site)).toEqual({ accepted: some.length, rejected: 0, faults: {} })
    console.log(`${some.length} items, ${Math.round(some.length / ((performance.now() - started) / 1000))}/s`)
  }

  /** Does something as of noon (UTC) of a day, and notes who is in which segment after it. */
  async function at(day: string, work: () => Promise<void>): Promise<void> {
    clock.shift(noon(day).getTime() - Date.now())
    await work()
    live.set(day, new Map())
    for (const [name, segmentId] of segmentIds) {
      const { rows } = await sql<{ id: string }>`select h.contact_id as id from holding h
        join condition c on c.id = h.condition_id where c.owner_id = ${segmentId}`.execute(db)
      live.get(day)!.set(name, known(rows.map((row) => row.id)))
    }
    clock.shift(0)
  }

  async function follow(): Promise<void> {
    while (await waking.turn(db));
    await evaluation.settleAll(db)
  }

  function known(contactIds: string[]): string[] {
    return contactIds.map((id) => userIdOf.get(id) ?? `stranger ${id}`).sort()
  }

  function expected(holds: (learner: Learner, day: number) => boolean, day: string): string[] {
    return [...learners]
      .filter(([, learner]) => holds(learner, dayNumber(day)))
      .map(([userId]) => userId)
      .sort()
  }

  const all = [...learners.values()]
  const daysOf = {
    "course.registered": all.flatMap((one) => one.registered),
    "course.withdrawn": all.flatMap((one) => one.withdrawn),
    "assignment.submitted": all.flatMap((one) => one.submitted.map(({ day }) => day)),
    "material.viewed": all.flatMap((one) => one.viewed.map(({ day }) => day)),
  }

  test("people are as many as in the files, all of them known", async () => {
    const { rows } = await sql`select count(*)::int as people, count(*) filter (where anonymous)::int as anonymous
      from contact`.execute(db)
    expect(learners.size).toBe(28_785)
    expect(rows).toEqual([{ people: 28_785, anonymous: 0 }])
  })

  test("events are as many as rows in the files, by name and by month", async () => {
    const { rows } = await sql<{ name: string; month: string; count: number }>`
      select name, to_char(happened_at at time zone 'UTC', 'YYYY-MM') as month, count(*)::int as count from event
      where name = any(${Object.keys(daysOf)}::text[]) group by 1, 2 order by 1, 2`.execute(db)
    const wanted = Object.entries(daysOf).flatMap(([name, days]) =>
      [...Map.groupBy(days, monthOf)].map(([month, list]) => ({ name, month, count: list.length })),
    )
    expect(rows).toEqual(wanted.sort((a, b) => (a.name + a.month < b.name + b.month ? -1 : 1)))
    const totals = Object.fromEntries(Object.entries(daysOf).map(([name, days]) => [name, days.length]))
    expect(totals).toEqual({
      "course.registered": 32_593,
      "course.withdrawn": 10_072,
      "assignment.submitted": 173_912,
      "material.viewed": 13_905,
    })
  })

  test("every event kept its person, its day and its numbers", async () => {
    const { rows } = await sql<{ id: string; name: string; day: number; number: number | null }>`
      select contact_id as id, name, floor(extract(epoch from happened_at) / 86400)::int as day,
        (properties ->> case name when 'assignment.submitted' then 'score' else 'clicks' end)::float8 as number
      from event where name = any(${Object.keys(daysOf)}::text[])`.execute(db)
    const line = (who: string | undefined, name: string, day: number, number?: number | null) =>
      `${who} ${name} ${day} ${number ?? "-"}`
    const kept = rows.map((row) => line(userIdOf.get(row.id), row.name, row.day, row.number)).sort()
    const wanted = [...learners].flatMap(([who, one]) => [
      ...one.registered.map((day) => line(who, "course.registered", day)),
      ...one.withdrawn.map((day) => line(who, "course.withdrawn", day)),
      ...one.submitted.map(({ day, score }) => line(who, "assignment.submitted", day, score)),
      ...one.viewed.map(({ day, clicks }) => line(who, "material.viewed", day, clicks)),
    ])
    expect(differences(kept, wanted.sort())).toEqual([])
  })

  test("scores sum to those of the files; 173 submissions have none and are kept without", async () => {
    const { rows } = await sql<{ sum: number; without: number; clicks: number }>`
      select sum((properties ->> 'score')::float8) filter (where name = 'assignment.submitted') as sum,
        count(*) filter (where name = 'assignment.submitted' and not properties ? 'score')::int as without,
        sum((properties ->> 'clicks')::float8) filter (where name = 'material.viewed') as clicks
      from event`.execute(db)
    const scores = all.flatMap((one) => one.submitted.map(({ score }) => score))
    const clicks = all.flatMap((one) => one.viewed.map((view) => view.clicks))
    const total = (list: (number | undefined)[]) => list.reduce<number>((sum, one) => sum + (one ?? 0), 0)
    expect(scores.filter((score) => score === undefined)).toHaveLength(173)
    expect(rows).toEqual([{ sum: total(scores), without: 173, clicks: total(clicks) }])
  })

  test("nobody withdraws from a course before registering for it", async () => {
    const { rows } = await sql`select 1 from event w join event r on r.contact_id = w.contact_id
      and r.properties ->> 'course' = w.properties ->> 'course'
      and r.properties ->> 'presentation' = w.properties ->> 'presentation' and r.happened_at > w.happened_at
      where w.name = 'course.withdrawn' and r.name = 'course.registered'`.execute(db)
    expect(rows).toEqual([])
  })

  for (const day of ["2013-03-20", "2014-03-15", "2014-11-30"])
    test(`as of ${day}, every segment has the members the files say`, async () => {
      const found: Record<string, string[]> = {}
      for (const { name, definition, holds } of questions) {
        const condition = conditions.check(definition)
        const { data: people } = await conditions.people(db, condition, noon(day), { limit: 100_000 })
        found[name] = differences(known(people.map((one) => one.contactId)), expected(holds, day))
      }
      expect(found).toEqual(Object.fromEntries(questions.map(({ name }) => [name, []])))
    }, 60_000)

  test("counting as of a day gives the same numbers without naming anybody", async () => {
    const day = "2014-03-15"
    for (const { name, definition, holds } of questions)
      expect(await conditions.count(db, conditions.check(definition), noon(day)), name).toBe(
        expected(holds, day).length,
      )
  }, 60_000)

  test("no segment is empty or full on all of the days, so that each of them says something", () => {
    for (const { name, holds } of questions)
      expect(
        [built, followed, "2014-03-15", "2014-11-30"].some((day) => {
          const { length } = expected(holds, day)
          return length > 0 && length < learners.size
        }),
        name,
      ).toBe(true)
  })

  for (const [day, how] of [
    [built, "built by applying it to everybody"],
    [followed, "after a month of events and of time passing"],
    [ended, "after the rest, and half a year without events"],
  ] as const)
    test(`live on ${day}, ${how}, every segment has the members the files say`, () => {
      for (const { name, holds } of questions)
        expect(differences(live.get(day)!.get(name)!, expected(holds, day)), name).toEqual([])
    })

  test("a second replay of a part changes nothing", async () => {
    const before = await everything()
    const part = items.filter((_, index) => index % 40 === 0)
    expect(await send(part, site)).toEqual({ accepted: part.length, rejected: 0, faults: {} })
    expect(await everything()).toEqual(before)
  })

  async function everything(): Promise<unknown> {
    const { rows } = await sql`select (select count(*)::int from event) as events,
      (select count(*)::int from contact) as contacts, (select count(*)::int from contact_property) as properties,
      (select count(*)::int from event_receipt) as receipts, (select count(*)::int from dirty) as dirty,
      (select count(*)::int from holding) as holdings`.execute(db)
    return rows
  }
})

/** Noon in UTC, evening in Japan: everything of that day has happened in the files, and the same day holds in both zones. */
function noon(day: string): Date {
  return new Date(`${day}T12:00:00Z`)
}

/** The items cut at instants; they are in order of time. */
function between(items: Item[], cuts: Date[]): Item[][] {
  const parts: Item[][] = []
  let from = 0
  for (const cut of [...cuts, new Date("2100-01-01")]) {
    const end = items.findIndex((item) => Date.parse(item.timestamp) > cut.getTime())
    parts.push(items.slice(from, end < 0 ? items.length : end))
    from = end < 0 ? items.length : end
  }
  return parts
}

/** What is in one sorted list only, at most ten of them. */
function differences(found: string[], wanted: string[]): string[] {
  const list: string[] = []
  let [f, w] = [0, 0]
  while ((f < found.length || w < wanted.length) && list.length < 10) {
    if (found[f] === wanted[w]) void [f++, w++]
    else if (w >= wanted.length || (f < found.length && found[f]! < wanted[w]!)) list.push(`too much: ${found[f++]}`)
    else list.push(`missing: ${wanted[w++]}`)
  }
  return list
}
