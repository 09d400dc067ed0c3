import type autocannon from "autocannon"
import type pg from "pg"
import { newId } from "../src/platform/ids.ts"
import { serverKey } from "./support/keys.ts"
import { load } from "./support/load.ts"
import { makeMembers } from "./support/people.ts"
import { table, world } from "./support/world.ts"

const here = await world()
try {
  const people = await makeMembers(here.loader, 20_000)
  const authorization = await serverKey(here)
  await here.start("serve")
  let n = 0
  const event = () => {
    n++
    return {
      type: "track",
      userId: people[n % people.length],
      messageId: `bench-${n}`,
      event: `lesson.step_${n % 20}`,
      timestamp: new Date().toISOString(),
      properties: { score: n % 100, course: `c${n % 7}` },
    }
  }
  const post = (path: string, body: () => unknown) => () => ({
    method: "POST" as const,
    path,
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify(body()),
  })

  const single = await measured(64, post("/v1/track", event), 1)
  const hundred = await measured(
    16,
    post("/v1/batch", () => ({ batch: Array.from({ length: 100 }, event) })),
    100,
  )
  const bare = await bareInserts(here.db.pool, people)
  table("Ingest (acknowledged = committed, fsync on; load generator on the same cores)", [
    [
      "one event per request, 64 connections",
      "≥ 4000 events/s",
      `${single.perSecond.toFixed(0)} events/s, p99 ${single.p99} ms`,
    ],
    [
      "100 per request, 16 connections",
      "≥ 20000 events/s",
      `${hundred.perSecond.toFixed(0)} events/s, p99 ${hundred.p99} ms`,
    ],
    ["acknowledged but not stored", "0", String(single.missing + hundred.missing)],
    ["bare PostgreSQL, the same rows in batches of 2,000", "–", `${bare.toFixed(0)} rows/s`],
  ])
} finally {
  await here.end()
}

async function measured(connections: number, next: () => autocannon.Request, each: number) {
  await load(here.url, connections, 3, next)
  const before = await stored()
  const result = await load(here.url, connections, 15, next)
  if (result.non2xx + result.errors > 0)
    throw new Error(`${result.non2xx} answers other than 2xx, ${result.errors} errors`)
  await new Promise((resolve) => setTimeout(resolve, 500))
  const acknowledged = result["2xx"] * each
  return {
    perSecond: acknowledged / result.duration,
    p99: result.latency.p99,
    missing: Math.max(0, acknowledged - ((await stored()) - before)),
  }
}

async function stored(): Promise<number> {
  return Number((await here.db.pool.query("select count(*) n from event")).rows[0].n)
}

/** What the server itself can do with these rows: receipt and event by plain multi-row inserts on two connections. */
async function bareInserts(pool: pg.Pool, people: string[]): Promise<number> {
  const started = Date.now()
  let rows = 0
  const one = async () => {
    while (Date.now() - started < 10_000) {
      const ids = Array.from({ length: 2_000 }, () => newId())
      const client = await pool.connect()
      await client.query("begin")
      await client.query(
        "insert into event_receipt (source, message_id, received_at) select 'bare', id, clock_timestamp() from unnest($1::text[]) id",
        [ids],
      )
      await client.query(
        `insert into event (contact_id, happened_at, id, name, origin_id, source, properties, received_at)
         select p, clock_timestamp(), id, 'bare', p, 'bare', '{"score": 5, "course": "c1"}', clock_timestamp()
         from unnest($1::uuid[], $2::uuid[]) b(id, p)`,
        [ids, ids.map((_, index) => people[(rows + index) % people.length])],
      )
      await client.query("commit")
      client.release()
      rows += ids.length
    }
  }
  await Promise.all([one(), one()])
  return rows / ((Date.now() - started) / 1000)
}
