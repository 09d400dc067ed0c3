import type { Job } from "../platform/jobs.ts"
import { build } from "./building.ts"

/** The background work of this module by name. */
export const jobs: Record<string, Job> = { "audience.build": build }
