export { type Demo, seed } from "./seed.ts"
