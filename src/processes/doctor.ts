import { catalogue, conditions } from "../audience/index.ts"
import type { Config } from "../config.ts"
import { facts } from "../facts.ts"
import { now } from "../platform/clock.ts"
import type { Db } from "../platform/db.ts"
import type pg from "pg"
import { examples, invariants } from "./invariants.ts"
import { withDatabase } from "./maintenance.ts"

/** `bin/doctor`: asks for every invariant and says which do not hold, with examples; ends with 1 when there are any. */
export async function doctor(config: Config): Promise<void> {
  if ((await withDatabase(config, examine)) > 0) process.exit(1)
}

/** Prints a line per invariant; gives how many are broken. */
export async function examine(db: Db & { pool: pg.Pool }): Promise<number> {
  let broken = 0
  const say = (holds: string, found: unknown[]) => {
    if (found.length > 0) broken++
    console.log(found.length > 0 ? `BROKEN ${holds}: ${found.join(", ")} …` : `ok     ${holds}`)
  }
  for (const invariant of invariants) say(invariant.holds, await examples(db.pool, invariant, now()))
  catalogue.offer(facts)
  for (const condition of await conditions.live(db))
    say(
      `kept answers of ${condition.ownerKind} ${condition.id} are what a fresh evaluation finds`,
      await conditions.strayed(db, condition, now(), 4),
    )
  return broken
}
