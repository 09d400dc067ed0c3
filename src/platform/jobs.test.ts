import { expect, test } from "vitest"
import { testDatabase } from "../../test/support/database.ts"
import { transact } from "./db.ts"
import * as jobs from "./jobs.ts"

const db = await testDatabase()

async function until(check: () => boolean, ms = 10_000): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end; ) {
    if (check()) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error("waited in vain")
}

test("a job enqueued in a transaction runs when it commits, and never when it is rolled back", async () => {
  const done: unknown[] = []
  const worker = await jobs.startWorker(db, {
    jobs: { "test.note": async (_, payload) => void done.push(payload) },
    schedule: [{ job: "test.note", cron: "0 0 1 1 *" }],
    concurrency: 2,
  })
  await transact(db, async (tx) => {
    await jobs.add(tx, "test.note", { n: 1 })
    throw new Error("changed my mind")
  }).catch(() => undefined)
  await transact(db, (tx) => jobs.add(tx, "test.note", { n: 2 }))
  await until(() => done.length > 0)
  expect(done).toEqual([{ n: 2 }])
  await worker.stop()
})

test("jobs that a dead worker had taken are taken over", async () => {
  await transact(db, (tx) => jobs.add(tx, "test.note", { n: 3 }))
  await db.pool.query(
    "update graphile_worker._private_jobs set locked_by = 'worker-of-a-killed-process', locked_at = clock_timestamp() - interval '31 seconds', attempts = 1",
  )
  const done: unknown[] = []
  const worker = await jobs.startWorker(db, {
    jobs: { "test.note": async (_, payload) => void done.push(payload) },
    schedule: [],
    concurrency: 1,
  })
  await until(() => done.length > 0)
  expect(done).toEqual([{ n: 3 }])
  await worker.stop()
})

test("a long job of a worker that lives is left to it", async () => {
  let runs = 0
  let finish: () => void = () => undefined
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  const start = () =>
    jobs.startWorker(db, {
      jobs: {
        "test.long": async () => {
          runs++
          await finished
        },
      },
      schedule: [],
      concurrency: 1,
    })
  await transact(db, (tx) => jobs.add(tx, "test.long", {}))
  const first = await start()
  await until(() => runs === 1)
  await db.pool.query(
    "update graphile_worker._private_jobs set locked_at = clock_timestamp() - interval '31 seconds' where locked_by is not null",
  )
  const second = await start()
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect(runs).toBe(1)
  // Nor is it taken away while its worker is being stopped and finishes it.
  const stopping = first.stop()
  await new Promise((resolve) => setTimeout(resolve, 200))
  const third = await start()
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect(runs).toBe(1)
  finish()
  await Promise.all([stopping, second.stop(), third.stop()])
})
