import { afterEach } from "vitest"
import * as clock from "../../src/platform/clock.ts"
import { setLevel } from "../../src/platform/log.ts"

setLevel(process.env.LOG_LEVEL ?? "silent")
afterEach(() => clock.shift(0))
