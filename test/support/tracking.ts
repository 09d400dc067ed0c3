import type { AddressInfo } from "node:net"
import { serve } from "@hono/node-server"
import { afterAll } from "vitest"
import { contacts, keys, site } from "../../src/events/index.ts"
import { type Actor, system } from "../../src/platform/actors.ts"
import { type Db, transact } from "../../src/platform/db.ts"
import { answerErrors, foundation, routes } from "../../src/platform/http.ts"

/** The tracking API by itself, also listening at `host`, with a key of each kind and a member; `is` says who is signed in. Call once, at the top of the file. */
export async function trackingSite(db: Db) {
  const by = system("test")
  const server = (await transact(db, (tx) => keys.create(tx, { kind: "server", name: "server" }, by))).key
  const browser = (await transact(db, (tx) => keys.create(tx, { kind: "browser", name: "site" }, by))).key
  const memberId = await transact(db, (tx) => contacts.create(tx, new Date()))
  let actor: Actor = { kind: "visitor" }
  const app = routes()
  const about = {
    publicUrl: "http://localhost:3000",
    secure: false,
    instance: "t",
    trustProxy: false,
    testClock: false,
  }
  app.use(foundation(db, about))
  app.use(async (c, next) => {
    c.set("actor", actor)
    await next()
  })
  app.route("/", site)
  answerErrors(app, (c, problem) => c.json(problem, problem.status as 400))

  const listening = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" })
  await new Promise((resolve) => listening.once("listening", resolve))
  afterAll(() => void listening.close())
  const host = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`

  async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
    const text = typeof body === "string" ? body : JSON.stringify(body)
    const response = await app.request(path, { method: "POST", body: text, headers })
    return { status: response.status, headers: response.headers, body: (await response.json()) as Body }
  }
  const is = (somebody: Actor) => {
    actor = somebody
  }
  return { app, host, server, browser, memberId, post, is }
}

export type Body = Record<string, unknown>

/** The header of a key, as Segment's libraries send it. */
export const as = (key: string) => ({ Authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}` })

/** A contact's events as they happened; of those of one instant, as they were sent. */
export function eventsOf(db: Db, contactId: string) {
  return db
    .selectFrom("event")
    .selectAll()
    .where("contactId", "=", contactId)
    .orderBy("happenedAt")
    .orderBy("sequence")
    .execute()
}
