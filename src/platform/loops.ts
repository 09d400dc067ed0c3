import pg from "pg"
import { log } from "./log.ts"

/** Work that waits for a signal: `turn` does one batch and says whether there may be more, or when to look again. */
export type Loop = {
  name: string
  /** The NOTIFY channel that wakes it; a poll every `pollMs` covers a lost signal. */
  channel: string
  pollMs: number
  turn(): Promise<boolean>
}

/** Runs loops until stopped, each one turn at a time; a failing turn is logged and tried again after a growing pause. */
export function startLoops(databaseUrl: string, loops: Loop[]): { stop(): Promise<void> } {
  const running = loops.map(startLoop)
  const listener = listen(
    databaseUrl,
    (channel) => {
      loops.forEach((loop, index) => {
        if (loop.channel === channel) running[index]!.wake()
      })
    },
    [...new Set(loops.map((loop) => loop.channel))],
  )
  return {
    async stop() {
      await Promise.all([listener.stop(), ...running.map((loop) => loop.stop())])
    },
  }
}

/** Listens on channels with one connection of its own and reconnects when it is lost. */
export function listen(
  databaseUrl: string,
  heard: (channel: string, payload: string) => void,
  channels: string[],
): { stop(): Promise<void> } {
  let stopped = false
  let client: pg.Client | undefined
  let retry: NodeJS.Timeout | undefined
  const open = async () => {
    const next = new pg.Client({ connectionString: databaseUrl, application_name: "musubi listen" })
    client = next
    next.on("notification", ({ channel, payload }) => heard(channel, payload ?? ""))
    next.on("error", () => undefined)
    next.on("end", () => {
      if (!stopped) retry = setTimeout(() => void open(), 1_000)
    })
    try {
      await next.connect()
      for (const channel of channels) await next.query(`listen ${next.escapeIdentifier(channel)}`)
      for (const channel of channels) heard(channel, "")
    } catch {
      await next.end().catch(() => undefined)
    }
  }
  void open()
  return {
    async stop() {
      stopped = true
      clearTimeout(retry)
      await client?.end().catch(() => undefined)
    },
  }
}

function startLoop(loop: Loop): { wake(): void; stop(): Promise<void> } {
  let stopped = false
  let signalled = true
  let rouse: () => void = () => undefined
  let failures = 0
  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      rouse = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const going = (async () => {
    while (!stopped) {
      signalled = false
      try {
        const more = await loop.turn()
        failures = 0
        if (!more && !signalled && !stopped) await sleep(loop.pollMs)
      } catch (error) {
        failures++
        log.error({ err: error, loop: loop.name }, "a turn failed")
        if (!stopped) await sleep(Math.min(30_000, 250 * 2 ** failures))
      }
    }
  })()
  return {
    wake() {
      signalled = true
      if (failures === 0) rouse()
    },
    async stop() {
      stopped = true
      rouse()
      await going
    },
  }
}
