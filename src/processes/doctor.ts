import { catalogue, conditions } from "../audience/index.ts"
import type { Config } from "../config.ts"
import { facts } from "../facts.ts"
import { now } from "../platform/clock.ts"
import type { Db } from "../platform/db.ts"
import type pg from "pg"
import { invariants } from "./invariants.ts"
import { withDatabase } from "./maintenance.ts"

/** `bin/doctor`: asks for every invariant and says which do not hold, with examples; ends with 1 when there are any. */
export async function doctor(config: Config): Promise<void> {
  if ((await withDatabase(config, examine)) > 0) process.exit(1)
}

/** Prints a line per invariant; gives how many are broken. */
export async function examine(db: Db & { pool: pg.Pool }): Promise<number> {
  let broken = 0
  const say = (holds: string, examples: unknown[]) => {
    if (examples.length > 0) broken++
    console.log(examples.length > 0 ? `BROKEN ${holds}: ${examples.join(", ")} …` : `ok     ${holds}`)
  }
  for (const { holds, broken: query } of invariants) {
    const { rows } = await db.pool.query(`select * from (${query}) broken limit 4`, [now()])
    say(
      holds,
      rows.map((row) => Object.values(row)[0]),
    )
  }
  catalogue.offer(facts)
  for (const condition of await conditions.live(db))
    say(
      `kept answers of ${condition.ownerKind} ${condition.id} are what a fresh evaluation finds`,
      await conditions.strayed(db, condition, now(), 4),
    )
  return broken
}
