import { EventEmitter } from "node:events"
import {
  makeWorkerUtils,
  parseCronItems,
  run,
  type Runner,
  type TaskList,
  type WorkerEvents,
  type WorkerUtils,
} from "graphile-worker"
import type pg from "pg"
import { now } from "./clock.ts"
import type { Db, Tx } from "./db.ts"
import { sql } from "./db.ts"
import { newId } from "./ids.ts"
import { log } from "./log.ts"

/** One kind of background work: gets the pool and its payload, throws to be tried again with growing pauses. */
export type Job = (db: Db, payload: never) => Promise<void>

/** What runs when: a job's name beside a cron line in UTC. */
export type Scheduled = { job: string; cron: string }

/** Enqueues a job in the caller's transaction. The same `key` replaces a job that has not started. */
export async function add(
  tx: Tx,
  job: string,
  payload: object,
  options: { at?: Date; key?: string } = {},
): Promise<void> {
  await sql`select graphile_worker.add_job(${job}, payload := ${JSON.stringify(payload)}::json,
    run_at := ${options.at ?? null}::timestamptz, job_key := ${options.key ?? null}, max_attempts := 25)`.execute(tx)
}

/** Runs jobs until stopped. A worker that dies is noticed after 30 s without a heartbeat and its jobs are taken over. */
export async function startWorker(
  db: Db & { pool: pg.Pool },
  options: { jobs: Record<string, Job>; schedule: Scheduled[]; concurrency: number },
): Promise<{ stop(): Promise<void> }> {
  const taskList: TaskList = {}
  for (const [name, job] of Object.entries(options.jobs)) {
    taskList[name] = async (payload) => {
      await job(db, payload as never)
    }
  }
  // A job is locked in the name of its worker's pool, which is told of while `run` starts it.
  const locksAs = new Set<string>()
  const events = new EventEmitter() as WorkerEvents
  events.on("pool:create", ({ workerPool }) => locksAs.add(workerPool.id))
  const runner: Runner = await run({
    pgPool: db.pool,
    events,
    concurrency: options.concurrency,
    pollInterval: 1_000,
    noHandleSignals: true,
    taskList,
    parsedCronItems: parseCronItems(
      options.schedule.map(({ job, cron }) => ({ task: job, match: cron, identifier: job })),
    ),
    logger: quietLogger,
  })
  const heart = await beat(db, locksAs)
  return {
    async stop() {
      // The heart last: while a job is still being finished, nobody may take this worker for dead.
      await runner.stop()
      await heart.stop()
    },
  }
}

const beatMs = 10_000
const deadAfterMs = 30_000

async function beat(db: Db & { pool: pg.Pool }, locksAs: Set<string>): Promise<{ stop(): Promise<void> }> {
  const workerId = newId()
  const utils = await makeWorkerUtils({ pgPool: db.pool, logger: quietLogger })
  const tick = async () => {
    await db.pool.query(
      `insert into worker_heartbeat (worker_id, started_at, seen_at, jobs_as) values ($1, $2, $2, $3)
       on conflict (worker_id) do update set seen_at = excluded.seen_at, jobs_as = excluded.jobs_as`,
      [workerId, now(), [...locksAs]],
    )
    await releaseDead(db, utils)
  }
  await tick()
  const timer = setInterval(() => tick().catch((error) => log.warn({ err: error }, "heartbeat failed")), beatMs)
  return {
    async stop() {
      clearInterval(timer)
      await db.pool.query("delete from worker_heartbeat where worker_id = $1", [workerId]).catch(() => undefined)
      await utils.release()
    },
  }
}

async function releaseDead(db: Db & { pool: pg.Pool }, utils: WorkerUtils): Promise<void> {
  const { rows } = await db.pool.query(
    `select distinct j.locked_by from graphile_worker._private_jobs j
     where j.locked_by is not null and j.locked_at < clock_timestamp() - make_interval(secs => $2)
       and not exists (select from worker_heartbeat h
                       where j.locked_by = any(h.jobs_as) and h.seen_at > $1::timestamptz - make_interval(secs => $2))`,
    [now(), deadAfterMs / 1000],
  )
  if (rows.length > 0) await utils.forceUnlockWorkers(rows.map((row) => row.locked_by as string))
  await db.pool.query("delete from worker_heartbeat where seen_at < $1::timestamptz - interval '1 day'", [now()])
}

const quietLogger = {
  error: (message: string) => log.error({ part: "jobs" }, message),
  warn: (message: string) => log.warn({ part: "jobs" }, message),
  info: (message: string) => log.debug({ part: "jobs" }, message),
  debug: () => undefined,
  scope: () => quietLogger,
  // biome-ignore lint/suspicious/noExplicitAny: the queue's Logger class has private members it does not use
} as any
