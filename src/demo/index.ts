export { type Demo, InUse, seed } from "./seed.ts"
