import { readFileSync } from "node:fs"
import { join } from "node:path"
import { parseArgs } from "node:util"
import type { Config } from "../config.ts"
import { now } from "../platform/clock.ts"
import { type Item, oulad, send, shape } from "../replay/index.ts"

const usage = `bin/replay --data <folder of the data> [--url http://127.0.0.1:3000] [--key <server key>] [--shift] [--people N] [--watch SESSIONS]
  --shift   moves everything so that the last event lies now; otherwise dates are kept
  --watch   also generates this many watching sessions per person for the site's videos
  --url, --key default to those in DATA_DIR/demo.json`

/** `bin/replay`: the learners of the data folder, through the public API, with progress. */
export async function replay(config: Config, args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: "string" },
      url: { type: "string" },
      key: { type: "string" },
      shift: { type: "boolean", default: false },
      people: { type: "string" },
      watch: { type: "string" },
    },
  })
  if (!values.data) return void console.log(usage)
  const demo = demoOf(config)
  const to = {
    url: values.url ?? demo?.url ?? config.PUBLIC_URL,
    key: values.key ?? demo?.serverKey ?? "",
    connections: 4,
  }
  const folder = join(values.data, "oulad")
  const people = values.people ? Number(values.people) : undefined
  let items = oulad.learners(folder, { people })
  if (values.shift) items = oulad.learners(folder, { people, shiftDays: oulad.daysToNow(items, now()) })
  if (values.watch) items.push(...(await watching(values.data, to.url, items, Number(values.watch))))
  const started = Date.now()
  let shown = 0
  const sent = await send(items, to, (count) => {
    if (count - shown < 5_000) return
    shown = count
    const perSecond = Math.round(count / ((Date.now() - started) / 1000))
    console.log(`${count} of ${items.length} (${Math.floor((100 * count) / items.length)} %), ${perSecond}/s`)
  })
  console.log(
    `${sent.accepted} accepted, ${sent.rejected.length} rejected in ${((Date.now() - started) / 1000).toFixed(1)} s`,
  )
  for (const { messageId, reason } of sent.rejected.slice(0, 20)) console.log(`  ${messageId}: ${reason}`)
}

async function watching(data: string, url: string, items: Item[], count: number): Promise<Item[]> {
  const figures = JSON.parse(readFileSync(join(data, "watching/shape.json"), "utf8")) as shape.Shape
  const answer = await fetch(`${url}/videos.json`)
  const videos = ((await answer.json()) as { data: { id: string; durationSeconds: number }[] }).data.map((video) => ({
    videoId: video.id,
    seconds: video.durationSeconds,
  }))
  const users = [...new Set(items.map((item) => item.userId))]
  return users.flatMap((userId, index) => shape.sessions(figures, index + 1, userId, videos, count, now()))
}

function demoOf(config: Config): { url: string; serverKey: string } | undefined {
  try {
    return JSON.parse(readFileSync(join(config.DATA_DIR, "demo.json"), "utf8"))
  } catch {
    return undefined
  }
}
