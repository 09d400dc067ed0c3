import * as events from "./events/index.ts"
import * as identity from "./identity/index.ts"
import type { Product } from "./main.ts"
import type { Job, Scheduled } from "./platform/jobs.ts"
import type { Loop } from "./platform/loops.ts"

/** What runs when, in UTC. */
export const schedule: Scheduled[] = [...events.schedule, ...identity.schedule]

/** Background work by name. */
export function backgroundJobs(_product: Product): Record<string, Job> {
  return { ...events.jobs, ...identity.jobs }
}

/** What waits for a signal. */
export function loops(_product: Product): Loop[] {
  return []
}
