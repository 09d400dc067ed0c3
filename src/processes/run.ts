import { type Config, ConfigFaults, readConfig } from "../config.ts"
import { log, setLevel } from "../platform/log.ts"
import { UnusableServer } from "../platform/migrations.ts"
import { Failed } from "./failures.ts"

type Command = (config: Config, args: string[]) => Promise<void>

// Read when asked for: a process has in memory what it needs.
const commands: Record<string, () => Promise<Command>> = {
  serve: async () => (await import("./serve.ts")).serve,
  work: async () => (await import("./work.ts")).work,
  start: async () => {
    const { start } = await import("./start.ts")
    return (config) => start(config)
  },
  migrate: async () => {
    const { migrateOnly } = await import("./maintenance.ts")
    return migrateOnly
  },
  demo: async () => (await import("./demo.ts")).demo,
  backup: async () => (await import("./maintenance.ts")).backup,
  restore: async () => (await import("./maintenance.ts")).restore,
  doctor: async () => (await import("./doctor.ts")).doctor,
  replay: async () => (await import("./replay.ts")).replay,
}

/** Runs one of the commands of `bin/`; ends the process with 1 and a plain sentence when it cannot. */
export async function run(name: string, args: string[]): Promise<void> {
  try {
    const config = readConfig()
    setLevel(config.LOG_LEVEL)
    const command = await commands[name]!()
    await command(config, args)
    process.exit(0)
  } catch (error) {
    if ([ConfigFaults, UnusableServer, Failed].some((plain) => error instanceof plain))
      console.error((error as Error).message)
    else log.fatal({ err: error }, `${name} failed`)
    process.exit(1)
  }
}
