import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { type Config, ConfigFaults } from "../config.ts"
import { now } from "../platform/clock.ts"
import { Failed } from "./failures.ts"
import { type Item, NotSent, oulad, send, shape } from "../replay/index.ts"

const usage = `bin/replay --data <folder of the data> [--shift] [--people N] [--watch N] [--url URL] [--key KEY] [--token TOKEN]
  --shift   moves everything by whole days so that the last event lies now; otherwise dates are kept
  --people  the first N learners only
  --watch   also generates N watching sessions per person for the site's published videos
  --url     the site; --key a server write key; --token an API token that may read videos (for --watch)
            all three default to those in DATA_DIR/demo.json
Run it again after it was stopped: what has arrived is recognised and changes nothing.
Ends with 1 when the site refused some of the items, and says how many for which reason.`

type Demo = { url: string; serverKey: string; apiToken: string }

/** `bin/replay`: the learners of the data folder, through the public API, with progress. */
export async function replay(config: Config, args: string[]): Promise<void> {
  const asked = options(args)
  if (!asked.data) return console.log(usage)
  const demo = demoOf(config)
  const url = (asked.url ?? demo?.url ?? config.PUBLIC_URL).replace(/\/+$/, "")
  const key = asked.key ?? demo?.serverKey
  if (!key)
    throw new ConfigFaults(["--key: give a server write key; there is no demo.json in DATA_DIR to take it from"])
  const folder = join(asked.data, "oulad")
  if (!existsSync(folder)) throw new ConfigFaults([`--data: there is no folder ${folder}`])

  let items = oulad.learners(folder, { people: asked.people })
  if (asked.shift) items = oulad.shifted(items, now())
  if (asked.watch) {
    const videos = await videosOf(url, asked.token ?? demo?.apiToken)
    items = [...items, ...watching(asked.data, items, videos, asked.watch)]
  }
  console.log(`${items.length} items of ${new Set(items.map((item) => item.userId)).size} people to ${url}`)
  await sendAll(items, { url, key })
}

async function sendAll(items: Item[], to: { url: string; key: string }): Promise<void> {
  const started = performance.now()
  const seconds = () => (performance.now() - started) / 1000
  let shown = 0
  let waited = ""
  const progress = (count: number) => {
    if (seconds() - shown < 2 && count < items.length) return
    shown = seconds()
    const share = Math.floor((100 * count) / items.length)
    console.log(`${count} of ${items.length} (${share} %), ${Math.round(count / seconds())}/s`)
  }
  try {
    const sent = await send(items, to, {
      progress,
      rejected: ({ item, fault, reason }) => console.error(`rejected ${item.messageId} (${fault}): ${reason}`),
      waiting: (why) => {
        if (why !== waited) console.error(`waiting: ${why}`)
        waited = why
      },
    })
    console.log(`${sent.accepted} accepted, ${sent.rejected} rejected in ${seconds().toFixed(1)} s`)
    if (sent.rejected > 0) throw new Failed(`${sent.rejected} items were refused: ${countsOf(sent.faults)}`)
  } catch (error) {
    if (error instanceof NotSent) throw new Failed(error.message)
    throw error
  }
}

/** The most frequent first, e.g. `12 too-deep, 3 reserved-event`. */
function countsOf(faults: Record<string, number>): string {
  const sorted = Object.entries(faults).sort(([, a], [, b]) => b - a)
  return sorted.map(([fault, count]) => `${count} ${fault}`).join(", ")
}

/** Each person's sessions end with the last thing they are known to have done. */
function watching(data: string, items: Item[], videos: shape.Video[], count: number): Item[] {
  const figures = JSON.parse(readFileSync(join(data, "watching/shape.json"), "utf8")) as shape.Shape
  const lastOf = new Map(items.map((item) => [item.userId, new Date(item.timestamp)]))
  return [...lastOf].flatMap(([userId, last], index) => shape.sessions(figures, index + 1, userId, videos, count, last))
}

type VideoPage = { data: { id: string; durationSeconds: number | null }[]; nextCursor: string | null }

/** The site's published videos in an order that stays the same, so that a second run generates the same sessions. */
async function videosOf(url: string, token: string | undefined): Promise<shape.Video[]> {
  if (!token) throw new ConfigFaults(["--token: --watch needs an API token that may read videos"])
  const videos: shape.Video[] = []
  for (let cursor: string | null = ""; cursor !== null; ) {
    const query = new URLSearchParams({ state: "published", limit: "200", ...(cursor ? { cursor } : {}) })
    const response: Response = await fetch(`${url}/api/videos?${query}`, {
      headers: { Authorization: `Bearer ${token}` },
    }).catch(() => {
      throw new Failed(`${url} cannot be reached`)
    })
    if (!response.ok) throw new ConfigFaults([`--watch: ${url}/api/videos answered ${response.status}`])
    const page = (await response.json()) as VideoPage
    for (const { id, durationSeconds } of page.data)
      if (durationSeconds) videos.push({ videoId: id, seconds: durationSeconds })
    cursor = page.nextCursor
  }
  if (videos.length === 0) throw new ConfigFaults(["--watch: the site has no published video"])
  return videos.sort((a, b) => (a.videoId < b.videoId ? -1 : 1))
}

function options(args: string[]) {
  const text = { type: "string" } as const
  try {
    const { values } = parseArgs({
      args,
      options: { data: text, url: text, key: text, token: text, people: text, watch: text, shift: { type: "boolean" } },
    })
    return { ...values, people: wholeOf("people", values.people), watch: wholeOf("watch", values.watch) }
  } catch (error) {
    if (error instanceof ConfigFaults) throw error
    throw new ConfigFaults([(error as Error).message, usage])
  }
}

function wholeOf(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  if (/^[1-9]\d{0,8}$/.test(value)) return Number(value)
  throw new ConfigFaults([`--${name}: a whole number above zero`])
}

function demoOf(config: Config): Demo | undefined {
  try {
    return JSON.parse(readFileSync(join(config.DATA_DIR, "demo.json"), "utf8")) as Demo
  } catch {
    return undefined
  }
}
