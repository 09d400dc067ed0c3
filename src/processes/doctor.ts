import type { Config } from "../config.ts"
import { now } from "../platform/clock.ts"
import { invariants } from "./invariants.ts"
import { withDatabase } from "./maintenance.ts"

/** `bin/doctor`: asks for every invariant and says which do not hold, with examples; ends with 1 when there are any. */
export async function doctor(config: Config): Promise<void> {
  const sick = await withDatabase(config, async (db) => {
    let broken = 0
    for (const { holds, broken: query } of invariants) {
      const { rows } = await db.pool.query(`select * from (${query}) broken limit 4`, [now()])
      if (rows.length > 0) broken++
      console.log(
        `${rows.length > 0 ? "BROKEN" : "ok    "} ${holds}${rows.length > 0 ? `: ${rows.map((row) => Object.values(row)[0]).join(", ")} …` : ""}`,
      )
    }
    return broken
  })
  if (sick > 0) process.exit(1)
}
