export { type Overview, overview } from "./overview.ts"
export { api } from "./web/api.ts"
