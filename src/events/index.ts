import "./tables.ts"

export { announce, announceAll, announceEach } from "./announcements.ts"
export * as audit from "./audit.ts"
export * as contacts from "./contacts.ts"
export { eventFacts } from "./facts.ts"
export * as ingest from "./ingest.ts"
export { jobs, schedule } from "./jobs.ts"
export * as joining from "./joining.ts"
export * as keys from "./keys.ts"
export * as names from "./names.ts"
export {
  type Claim,
  type Event,
  type Move,
  type Reaction,
  type Reactions,
  react,
} from "./reactions.ts"
export * as schemas from "./schemas.ts"
export type { Sender } from "./senders.ts"
export { api } from "./web/api.ts"
export { site } from "./web/site.ts"
