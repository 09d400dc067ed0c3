import type pg from "pg"
import { z } from "zod"
import * as clock from "./clock.ts"
import type { Db } from "./db.ts"
import { type App, anyone, Invalid, NoSuchPage, routes } from "./http.ts"
import { log } from "./log.ts"
import { listen } from "./loops.ts"
import * as settings from "./settings.ts"

const channel = "clock"

/** Follows the shared test clock of all processes of a demo started with TEST_CLOCK=1. */
export async function followClock(db: Db, databaseUrl: string): Promise<{ stop(): Promise<void> }> {
  const load = async () => clock.shift(Number((await settings.read(db, "test_clock")) ?? 0))
  await load()
  return listen(
    databaseUrl,
    () => void load().catch((error) => log.warn({ err: error }, "the test clock could not be read")),
    [channel],
  )
}

/** GET tells the time, POST `{ at }` sets it and `{ at: null }` gives it back to the machine. Not there at all unless TEST_CLOCK=1. */
export function testClock(db: Db & { pool: pg.Pool }): App {
  const app = routes()
  app.get("/test-clock", anyone, (c) => {
    if (!c.var.site.testClock) throw new NoSuchPage()
    return c.json({ now: clock.now().toISOString() })
  })
  app.post("/test-clock", anyone, async (c) => {
    if (!c.var.site.testClock) throw new NoSuchPage()
    const body = z
      .object({ at: z.iso.datetime({ offset: true }).nullable() })
      .safeParse(await c.req.json().catch(() => undefined))
    if (!body.success) throw Invalid.of(body.error)
    clock.shift(body.data.at ? new Date(body.data.at).getTime() - Date.now() : 0)
    await settings.write(db, "test_clock", clock.shifted())
    await db.pool.query("select pg_notify($1, '')", [channel])
    return c.json({ now: clock.now().toISOString() })
  })
  return app
}
