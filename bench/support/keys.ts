import { keys } from "../../src/events/index.ts"
import { system } from "../../src/platform/actors.ts"
import type { World } from "./world.ts"

/** A server write key of the bench's own, as the value of an Authorization header. */
export async function serverKey(here: World): Promise<string> {
  const made = await here.db
    .transaction()
    .execute((tx) => keys.create(tx, { kind: "server", name: "bench" }, system("bench")))
  return `Basic ${Buffer.from(`${made.key}:`).toString("base64")}`
}
