import { pino } from "pino"

/** The process's log: JSON lines on standard output. Ids only; names, addresses and free text of people never. */
export const log = pino({
  level: "info",
  base: { pid: process.pid },
  serializers: { err: plain },
  redact: ["*.password", "*.token", "*.address", "*.email", "*.phone", "*.cookie", "*.authorization"],
})

/** Sets the level once the configuration is read. */
export function setLevel(level: string): void {
  log.level = level
}

/** An error without the objects that drivers hang on it. */
function plain(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) }
  const { name, message, stack, cause } = error
  const code = (error as { code?: unknown }).code
  return {
    name,
    message,
    ...(code === undefined ? {} : { code }),
    stack,
    ...(cause === undefined ? {} : { cause: plain(cause) }),
  }
}
