import { accountApi } from "./account-api.ts"
import { apiRoutes } from "../../platform/api.ts"
import { sessionApi } from "./session-api.ts"
import { staffApi } from "./staff-api.ts"
import { tokenApi } from "./token-api.ts"

/** Everything of identity that programs and the console can do. */
export const api = apiRoutes()
for (const group of [sessionApi, staffApi, tokenApi, accountApi]) api.route("/", group)
