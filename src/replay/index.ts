export * as oulad from "./oulad.ts"
export { type Item, type Listener, NotSent, type Rejection, type Sent, send, type Target } from "./sender.ts"
export * as shape from "./shape.ts"
