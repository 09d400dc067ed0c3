export * as oulad from "./oulad.ts"
export { type Item, type Sent, send } from "./sender.ts"
export * as shape from "./shape.ts"
