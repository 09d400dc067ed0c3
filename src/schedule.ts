import * as audience from "./audience/index.ts"
import * as content from "./content/index.ts"
import * as events from "./events/index.ts"
import * as identity from "./identity/index.ts"
import { runs, trials } from "./journeys/index.ts"
import type { Product } from "./main.ts"
import { ranks } from "./membership/index.ts"
import * as messaging from "./messaging/index.ts"
import { newId } from "./platform/ids.ts"
import type { Job, Scheduled } from "./platform/jobs.ts"
import type { Loop } from "./platform/loops.ts"

/** What runs when, in UTC. */
export const schedule: Scheduled[] = [...events.schedule, ...identity.schedule, ...content.schedule]

/** Background work by name. */
export function backgroundJobs({ storage, uploads, mail }: Product): Record<string, Job> {
  return {
    ...events.jobs,
    ...identity.jobs,
    ...audience.jobs,
    ...content.jobs(storage, uploads),
    "journeys.test-mail": trials.testMails(mail),
  }
}

/** What waits for a signal: which turn, on which channel, looked at again after how long. */
export function loops({ db, mail }: Product): Loop[] {
  const workerId = newId()
  return [
    { name: "evaluation", channel: "dirty", pollMs: 1_000, turn: () => audience.evaluation.turn(db) },
    { name: "waking", channel: "wake", pollMs: 1_000, turn: () => audience.waking.turn(db) },
    { name: "ranks", channel: "wake", pollMs: 5_000, turn: () => ranks.turn(db) },
    { name: "scenarios", channel: "run", pollMs: 1_000, turn: () => runs.turn(db) },
    ...(mail
      ? [
          {
            name: "sending",
            channel: "delivery",
            pollMs: 1_000,
            turn: () => messaging.sending.turn(db, mail, workerId),
          },
        ]
      : []),
  ]
}
