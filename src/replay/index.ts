export * as oulad from "./oulad.ts"
export { type Item, NotSent, send } from "./sender.ts"
export * as shape from "./shape.ts"
