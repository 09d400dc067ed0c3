import { type ChildProcess, spawn } from "node:child_process"
import { log } from "./log.ts"

const graceMs = 10_000
const calmMs = 60_000

type Command = { name: string; command: string; args: string[]; env: NodeJS.ProcessEnv }

/** Runs a command as a process of its own and starts it again when it dies, with a growing pause while it keeps dying. */
export function supervise({ name, command, args, env }: Command): { stop(): Promise<void> } {
  let child: ChildProcess | undefined
  let stopping = false
  let pause: NodeJS.Timeout | undefined
  let quickDeaths = 0
  const start = () => {
    const startedAt = Date.now()
    // The channel carries nothing; it closes when this process dies, and the child ends with it.
    child = spawn(command, args, { env, stdio: ["ignore", "inherit", "inherit", "ipc"] })
    child.once("exit", (code, signal) => {
      child = undefined
      if (stopping) return
      quickDeaths = Date.now() - startedAt > calmMs ? 0 : quickDeaths + 1
      const waitMs = Math.min(30_000, 200 * 2 ** Math.min(quickDeaths, 8))
      log.error({ process: name, code, signal, waitMs }, "a process ended and is started again")
      pause = setTimeout(start, waitMs)
    })
  }
  start()
  return {
    async stop() {
      stopping = true
      clearTimeout(pause)
      const ending = child
      if (!ending) return
      const exited = new Promise<void>((resolve) => ending.once("exit", () => resolve()))
      ending.kill("SIGTERM")
      const hurry = setTimeout(() => ending.kill("SIGKILL"), graceMs)
      await exited
      clearTimeout(hurry)
    },
  }
}

/** Resolves with the name of the first signal that asks this process to end, or when the supervisor that started it is gone. */
export function toldToStop(): Promise<string> {
  return new Promise((resolve) => {
    process.once("disconnect", () => resolve("disconnect"))
    if (process.connected === false) resolve("disconnect")
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve(signal))
  })
}
