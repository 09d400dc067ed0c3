import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { ConfigFaults } from "../../src/config.ts"
import { schemas } from "../../src/events/index.ts"
import { system } from "../../src/platform/actors.ts"
import { sql, transact } from "../../src/platform/db.ts"
import { replay } from "../../src/processes/replay.ts"
import { type Item, NotSent, oulad, send } from "../../src/replay/index.ts"
import { aVideo } from "../support/content.ts"
import { data, hasData } from "./figures.ts"
import { listeningSite } from "./site.ts"

/** What comes between the sender and the product; a test may put something there. */
let between: (answer: () => Promise<Response>) => Promise<Response> = (answer) => answer()
const site = await listeningSite((answer) => (request) => between(async () => answer(request)))
const { db } = site
const there = hasData("oulad")
const printed: string[] = []

beforeEach(async () => {
  for (const way of ["log", "error"] as const)
    vi.spyOn(console, way).mockImplementation((line: string) => void printed.push(line))
  printed.length = 0
  await writeFile(
    join(site.folder, "demo.json"),
    JSON.stringify({ url: site.url, serverKey: site.key, apiToken: site.token }),
  )
})
afterEach(() => {
  between = (answer) => answer()
  vi.restoreAllMocks()
})

function items(count: number): Item[] {
  return Array.from({ length: count }, (_, index) => ({
    type: "track",
    userId: `u-${index % 50}`,
    messageId: `m-${index}`,
    timestamp: new Date(Date.UTC(1994, 0, 1 + (index % 300), 3)).toISOString(),
    event: "lesson.opened",
    properties: { index },
  }))
}

async function kept(): Promise<{ events: number; receipts: number; people: number; first: Date; last: Date }> {
  type Row = { events: number; receipts: number; people: number; first: Date; last: Date }
  const { rows } = await sql<Row>`select count(*)::int as events, count(distinct contact_id)::int as people,
    (select count(*)::int from event_receipt) as receipts, min(happened_at) as first, max(happened_at) as last
    from event where history and source <> 'musubi'`.execute(db)
  return rows[0]!
}

test("a sender that dies half way is finished by the next, and nothing is doubled; dates of the nineties stay", async () => {
  const all = items(3_000)
  function* dying() {
    yield* all.slice(0, 1_700)
    throw new Error("killed")
  }
  await expect(send(dying(), site)).rejects.toThrow("killed")
  expect((await kept()).events).toBeLessThan(3_000)
  expect(await send(all, site)).toEqual({ accepted: 3_000, rejected: 0, faults: {} })
  const after = await kept()
  expect(after).toMatchObject({ events: 3_000, receipts: 3_000, people: 50 })
  expect([after.first.toISOString(), after.last.toISOString()]).toEqual([all[0]!.timestamp, all[299]!.timestamp])
})

test("answers that get lost after the commit, a busy and an absent server: waited for and repeated, nothing doubled", async () => {
  const before = await kept()
  let calls = 0
  between = async (answer) => {
    const kind = ++calls % 3
    if (kind === 1) return new Response("busy", { status: 503 })
    const answered = await answer()
    return kind === 2 ? new Response("gateway", { status: 502 }) : answered
  }
  const waiting: string[] = []
  const more = items(600).map((item) => ({ ...item, messageId: `lost-${item.messageId}` }))
  expect(await send(more, { ...site, connections: 2 }, { waiting: (why) => waiting.push(why) })).toEqual({
    accepted: 600,
    rejected: 0,
    faults: {},
  })
  expect(waiting.length).toBeGreaterThan(3)
  expect((await kept()).events).toBe(before.events + 600)
}, 30_000)

test("what the server will not take is reported item by item, and the rest is kept", async () => {
  const bad = { properties: { deep: JSON.parse(`${'{"a":'.repeat(40)}1${"}".repeat(40)}`) } }
  const mixed = items(10).map((item, index) => ({
    ...item,
    messageId: `mixed-${index}`,
    ...(index === 3 && bad),
    ...(index === 7 && { event: "rank.rose" }),
  }))
  const rejected: string[] = []
  const before = await kept()
  const sent = await send(mixed, site, {
    rejected: ({ item, fault, reason }) => rejected.push(`${item.messageId} ${fault} ${reason.length > 10}`),
  })
  expect(sent).toEqual({ accepted: 8, rejected: 2, faults: { "too-deep": 1, "reserved-event": 1 } })
  expect(rejected).toEqual(["mixed-3 too-deep true", "mixed-7 reserved-event true"])
  expect((await kept()).events).toBe(before.events + 8)
})

test("a wrong key and a fault of the server end it at once with what the server said", async () => {
  await expect(send(items(10), { ...site, key: "msk_wrong" })).rejects.toThrow(/answered 401/)
  between = async () => new Response("broken", { status: 500 })
  await expect(send(items(10), site)).rejects.toThrow(NotSent)
})

test("what is no Musubi ends it at once, though it answers 200", async () => {
  for (const body of ["<!doctype html><title>ようこそ</title>", "null", "[]"]) {
    between = async () => new Response(body)
    await expect(send(items(10), site)).rejects.toThrow(/answered 200/)
  }
})

test("the command says plainly what is missing", async () => {
  const run = (...args: string[]) => replay({ ...site.config, DATA_DIR: "/nowhere" }, args)
  await run()
  expect(printed.join()).toContain("bin/replay --data")
  await expect(run("--data", data)).rejects.toThrow(/--key/)
  await expect(run("--data", "/nowhere", "--key", "k")).rejects.toThrow(/--data: there is no folder/)
  await expect(run("--data", data, "--people", "many")).rejects.toThrow(/--people: a whole number/)
  await expect(run("--dta", data)).rejects.toThrow(ConfigFaults)
})

describe.runIf(there)("the command", () => {
  const run = (...args: string[]) => replay(site.config, ["--data", data, ...args])

  test("sends some learners, shifted, with watching, and again without changing anything", async () => {
    await sql`truncate event, event_receipt, contact cascade`.execute(db)
    for (const seconds of [90, 600, 3_600, 5_400]) await aVideo(db, { seconds })
    await run("--people", "40", "--shift", "--watch", "6")
    expect(printed.at(-1)).toMatch(/ accepted, 0 rejected in \d/)
    expect(printed.some((line) => /^\d+ of \d+ \(100 %\), \d+\/s$/.test(line))).toBe(true)
    const first = await kept()
    const watched = await watching()
    expect(first.people).toBe(40)
    expect(watched.reports).toBe(40 * 6)
    expect(watched.projected).toBeGreaterThan(40)
    const age = Date.now() - first.last.getTime()
    expect(age).toBeGreaterThanOrEqual(0)
    expect(age).toBeLessThan(86_400_000)
    await run("--people", "40", "--shift", "--watch", "6")
    expect([await kept(), await watching()]).toEqual([first, watched])
  }, 60_000)

  test("fails when the site refused something, and says how often for which reason", async () => {
    const items = oulad.learners(join(data, "oulad"), { people: 3 })
    const name = items.find((item) => item.event)!.event!
    const count = items.filter((item) => item.event === name).length
    const schema = { name, label: { ja: name, en: name }, protected: false }
    const properties = { stars: { type: "number" as const, required: true } }
    await transact(db, (tx) => schemas.put(tx, { ...schema, properties }, system("test")))
    schemas.forget(db)
    await expect(run("--people", "3")).rejects.toThrow(`${count} items were refused: ${count} property-missing`)
    await transact(db, (tx) => schemas.remove(tx, name, system("test")))
    schemas.forget(db)
    expect(printed.at(-1)).toMatch(new RegExp(` accepted, ${count} rejected in \\d`))
    await run("--people", "3")
  })

  test("keeps the dates unless told to shift", async () => {
    await sql`truncate event, event_receipt, contact cascade`.execute(db)
    await run("--people", "25")
    const { first, last, people } = await kept()
    const wanted = oulad.learners(join(data, "oulad"), { people: 25 }).map((item) => item.timestamp)
    expect(people).toBe(25)
    expect([first.toISOString(), last.toISOString()]).toEqual([wanted[0], wanted.at(-1)])
    expect(last.getUTCFullYear()).toBeLessThan(2016)
  })
})

async function watching(): Promise<{ reports: number; projected: number; seconds: number }> {
  const { rows } = await sql<{ reports: number; projected: number; seconds: number }>`
    select (select count(*)::int from watch_report) as reports, count(*)::int as projected, sum(seconds)::int as seconds
    from watch`.execute(db)
  return rows[0]!
}
