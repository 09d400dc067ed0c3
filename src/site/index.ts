export * as faces from "./faces.ts"
export { site } from "./web/site.tsx"
