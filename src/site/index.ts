export * as faces from "./faces.ts"
export { api } from "./web/api.ts"
export { site } from "./web/site.tsx"
