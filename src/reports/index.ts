export { api } from "./web/api.ts"
