import type { OpenAPIHono } from "@hono/zod-openapi"
import { apiRoutes } from "../../platform/api.ts"
import type { Env } from "../../platform/http.ts"
import type { Storage } from "../../platform/storage.ts"
import { courseApi } from "./course-api.ts"
import { fileApi } from "./file-api.ts"
import { videoApi } from "./video-api.ts"
import { viewerApi } from "./viewer-api.ts"

/** Videos, courses, files, uploads and who watched, for the console and programs. `uploadFolder` holds what is not yet finished. */
export function api(storage: Storage, uploadFolder: string): OpenAPIHono<Env> {
  const group = apiRoutes()
  viewerApi(group)
  videoApi(group, storage)
  courseApi(group)
  fileApi(group, storage, uploadFolder)
  return group
}
