import type { Config } from "../config.ts"
import { compose } from "../main.ts"
import { sending } from "../messaging/index.ts"
import * as jobs from "../platform/jobs.ts"
import { log } from "../platform/log.ts"
import { startLoops } from "../platform/loops.ts"
import { toldToStop } from "../platform/supervise.ts"
import { followClock } from "../platform/test-clock.ts"
import { backgroundJobs, loops, schedule } from "../schedule.ts"

/** Does what needs no visitor, until told to stop: evaluates contacts, moves scenarios on, sends mails, runs jobs. */
export async function work(config: Config): Promise<void> {
  const product = await compose(config, "musubi work", true)
  const clock = config.TEST_CLOCK ? await followClock(product.db, product.databaseUrl) : undefined
  const worker = await jobs.startWorker(product.db, {
    jobs: backgroundJobs(product),
    schedule,
    concurrency: config.WORKER_CONCURRENCY,
  })
  const going = startLoops(product.databaseUrl, loops(product))
  log.info("working")
  await toldToStop()
  await Promise.all([going.stop(), worker.stop()])
  await sending.settle()
  await clock?.stop()
  await product.db.destroy()
}
