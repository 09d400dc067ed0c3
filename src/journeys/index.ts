import "./tables.ts"

export * as progress from "./progress.ts"
export * from "./refusals.ts"
export * as runs from "./runs.ts"
export * as scenarios from "./scenarios.ts"
export { stepsPerDay } from "./steps.ts"
export * as trials from "./trials.ts"
