import type { Range } from "./recorder.ts"

/** A report waiting to be accepted. */
type Waiting = { slug: string; id: string; play: string; ranges: Range[]; position: number; atMs: number }
type Accepted = { gained: number; seconds: number; completedAt: string | null }

const place = "musubi.watch"
const keptMs = 7 * 86_400_000
const kept = 200

/**
 * Reports on their way. They stay in the browser's storage until the server has accepted them, and carry an id,
 * so that one which is sent twice counts once: nothing is lost to a closed tab or a tunnel.
 */
export function outbox(
  slug: string,
  play: string,
  accepted: (answer: Accepted, ranges: Range[]) => void,
  away: () => void,
) {
  let sending = false

  async function send(): Promise<void> {
    if (sending) return
    sending = true
    try {
      for (const one of waiting()) {
        const answer = await fetch(addressOf(one), {
          method: "POST",
          body: bodyOf(one),
          headers: { "content-type": "application/json" },
          keepalive: true,
        })
        if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status))
        forget(one.id)
        if (answer.ok && one.slug === slug) accepted((await answer.json()) as Accepted, one.ranges)
      }
    } catch {
      away()
    } finally {
      sending = false
    }
  }

  return {
    /** Keeps a report and sends it with whatever waits. */
    add(ranges: Range[], position: number): Promise<void> {
      if (ranges.length > 0)
        keep({ slug, id: crypto.randomUUID(), play, ranges, position: Math.floor(position), atMs: Date.now() })
      return waiting().length > 0 ? send() : Promise.resolve()
    },
    /** Keeps a report and hands everything to the browser to send by itself: the page is going away. */
    leave(ranges: Range[], position: number): void {
      if (ranges.length > 0)
        keep({ slug, id: crypto.randomUUID(), play, ranges, position: Math.floor(position), atMs: Date.now() })
      for (const one of waiting())
        navigator.sendBeacon(addressOf(one), new Blob([bodyOf(one)], { type: "application/json" }))
    },
  }
}

let memory: Waiting[] = []

function waiting(): Waiting[] {
  try {
    memory = JSON.parse(localStorage.getItem(place) ?? "[]") as Waiting[]
  } catch {
    // No storage (private window, full disk): what waits lives as long as the page.
  }
  return memory.filter((one) => Date.now() - one.atMs < keptMs)
}

function keep(one: Waiting): void {
  store([...waiting(), one].slice(-kept))
}

function forget(id: string): void {
  store(waiting().filter((one) => one.id !== id))
}

function store(list: Waiting[]): void {
  memory = list
  try {
    localStorage.setItem(place, JSON.stringify(list))
  } catch {
    // As above.
  }
}

function addressOf(one: Waiting): string {
  return `/videos/${encodeURIComponent(one.slug)}/watch`
}

function bodyOf({ id, play, ranges, position, atMs }: Waiting): string {
  return JSON.stringify({ id, play, ranges, position, ageSeconds: Math.max(0, (Date.now() - atMs) / 1000) })
}
