import { serverKey } from "./support/keys.ts"
import { load } from "./support/load.ts"
import { makeMembers, makeRanks, makeSessions, makeVideos, makeWatching } from "./support/people.ts"
import { percentile, table, world } from "./support/world.ts"

const here = await world()
try {
  const members = await makeMembers(here.loader, 50_000)
  const ranks = await makeRanks(here.loader)
  const videos = await makeVideos(here.loader, 300, ranks)
  const watched = await makeWatching(here.loader, 40, videos)
  const words = await makeSessions(here.loader, members.slice(0, 5_000))
  await here.db.pool.query("vacuum analyze")
  await here.start("serve")
  const cookies = words.map((word) => `musubi_${here.instance.id}_session=${word}`)
  const first = await fetch(here.url, { headers: { cookie: cookies[0]!, accept: "text/html" } })
  const html = await first.text()
  if (!first.ok || !html.includes("花子1"))
    throw new Error(`the home page is not the member's: ${first.status} ${html.slice(0, 300)}`)
  let next = 0
  const page = () => ({
    method: "GET" as const,
    path: "/",
    headers: { accept: "text/html", cookie: cookies[next++ % cookies.length]! },
  })
  await load(here.url, 16, 3, page)
  const alone = await load(here.url, 16, 20, page)

  await here.start("work")
  const busy = new AbortController()
  const events = postEvents(busy.signal)
  const whileWorking = await load(here.url, 16, 20, page)
  busy.abort()
  table(`Member's home: 50,000 members, 300 videos, ${watched} watch rows, page of ${html.length} bytes`, [
    ["pages/s at 16 connections", "≥ 1500", alone.requests.average.toFixed(0)],
    ["p99", "≤ 60 ms", `${alone.latency.p99} ms`],
    ["pages/s while events are worked", "–", whileWorking.requests.average.toFixed(0)],
    [
      "p99 while 100 events/s are worked",
      "–",
      `${whileWorking.latency.p99} ms (${(await events).toFixed(0)} events/s)`,
    ],
    ["answers other than 200", "0", String(alone.non2xx + alone.errors + whileWorking.non2xx + whileWorking.errors)],
  ])
} finally {
  await here.end()
}

async function postEvents(signal: AbortSignal): Promise<number> {
  const authorization = await serverKey(here)
  const started = Date.now()
  const late: number[] = []
  let sent = 0
  while (!signal.aborted) {
    const due = Math.floor(((Date.now() - started) / 1000) * 100)
    for (; sent < due; sent++) {
      const at = Date.now()
      void fetch(`${here.url}/v1/track`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization },
        body: JSON.stringify({ userId: `bench-${sent % 1000}`, event: "lesson.opened", properties: { n: sent } }),
      }).then(
        () => late.push(Date.now() - at),
        () => undefined,
      )
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  if (percentile(late, 0.99) > 5_000) throw new Error("events were not acknowledged in time")
  return sent / ((Date.now() - started) / 1000)
}
