import { log } from "./log.ts"
import { type OwnServer, startPostgres } from "./postgres.ts"

const lookMs = 500

/** As `startPostgres`; a server that dies is started again at the same address, with growing pauses while it cannot be, until stopped. */
export async function keepPostgres(folder: string): Promise<OwnServer> {
  let server = await startPostgres(folder)
  const { url, tookOver } = server
  const port = Number(new URL(url).port)
  let stopping = false
  let pauseMs = lookMs
  let rouse: () => void = () => undefined
  const watching = (async () => {
    while (!stopping) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pauseMs)
        rouse = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      if (stopping || server.lives()) continue
      log.error("the database server ended and is started again")
      await startPostgres(folder, { port }).then(
        (next) => {
          server = next
          pauseMs = lookMs
        },
        (error: unknown) => {
          log.error({ err: error }, "the database server could not be started yet")
          pauseMs = Math.min(30_000, pauseMs * 2)
        },
      )
    }
  })()
  return {
    url,
    tookOver,
    lives: () => server.lives(),
    async stop() {
      stopping = true
      rouse()
      await watching
      await server.stop()
    },
  }
}
