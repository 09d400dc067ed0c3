import "./tables.ts"

export { type Announcement, announce, announceAll, ensurePartitions } from "./announcements.ts"
export * as audit from "./audit.ts"
export { dispatch, type Event, type Reaction, type Reactions, react } from "./reactions.ts"
