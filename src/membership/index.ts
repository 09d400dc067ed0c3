import "./tables.ts"

export { facts } from "./facts.ts"
export * as memberships from "./memberships.ts"
export * as ranks from "./ranks.ts"
export * from "./refusals.ts"
