import { expect, test } from "vitest"
import { testDatabase } from "../../test/support/database.ts"
import { connect, sql } from "./db.ts"
import { foundation, routes, type Site } from "./http.ts"
import { clientAddress, forget, limit, network, pace, TooMany } from "./rate.ts"

const db = await testDatabase()
const allowed = { points: 3, seconds: 60 }

test("the fourth try of three is refused and told when to come back", async () => {
  for (let tries = 0; tries < 3; tries++) await limit(db, "door", "192.0.2.1", allowed)
  const refused = await limit(db, "door", "192.0.2.1", allowed).catch((error) => error)
  expect(refused).toBeInstanceOf(TooMany)
  expect(refused.retryAfterSeconds).toBeGreaterThan(50)
  expect(refused.sentence("ja")).toMatch(/秒後|分後/)
  await limit(db, "door", "192.0.2.2", allowed)
  await limit(db, "window", "192.0.2.1", allowed)
})

test("parallel tries are counted one by one", async () => {
  const tries = await Promise.allSettled(Array.from({ length: 20 }, () => limit(db, "crowd", "x", allowed)))
  expect(tries.filter((one) => one.status === "fulfilled")).toHaveLength(3)
})

test("forgetting gives the tries back", async () => {
  for (let tries = 0; tries < 3; tries++) await limit(db, "again", "x", allowed)
  await forget(db, "again", "x", allowed)
  await limit(db, "again", "x", allowed)
})

test("no address is kept as it is", async () => {
  await limit(db, "plain", "hanako@example.jp", allowed)
  const { rows } = await sql<{ key: string }>`select key from rate_limit`.execute(db)
  expect(rows.length).toBeGreaterThan(0)
  for (const row of rows) expect(row.key).not.toMatch(/hanako|192\.0/)
})

test("while the database is away each process counts for itself", async () => {
  const away = connect("postgres://nobody@127.0.0.1:9/nowhere", { max: 1, name: "away" })
  for (let tries = 0; tries < 3; tries++) await limit(away, "door", "192.0.2.9", allowed)
  await expect(limit(away, "door", "192.0.2.9", allowed)).rejects.toBeInstanceOf(TooMany)
  await away.destroy()
})

test("IPv4 counts whole, IPv6 by its first 64 bits", () => {
  expect(network("203.0.113.7")).toBe("203.0.113.7")
  expect(network("::ffff:203.0.113.7")).toBe("203.0.113.7")
  expect(network("::ffff:cb00:7107")).toBe("203.0.113.7")
  const home = network("2001:db8:1:2::1")
  expect(network("2001:0db8:0001:0002:ffff:ffff:ffff:ffff")).toBe(home)
  expect(network("2001:DB8:1:2:aaaa::")).toBe(home)
  expect(network("2001:db8:1:3::1")).not.toBe(home)
  expect(network("fe80::1%eth0")).toBe(network("fe80::2"))
  expect(network("::1")).toBe(network("::2"))
})

test("X-Forwarded-For counts only behind our own proxy, and only its last entry", async () => {
  const seen = async (trustProxy: boolean, forwarded: string) => {
    const app = routes()
    app.use(foundation(db, { trustProxy, publicUrl: "http://x", secure: false } as Site))
    app.get("/", (c) => c.text(clientAddress(c)))
    const bindings = { incoming: { socket: { remoteAddress: "198.51.100.1" } } }
    return (await app.request("/", { headers: { "x-forwarded-for": forwarded } }, bindings)).text()
  }
  expect(await seen(false, "1.1.1.1, 2.2.2.2")).toBe("198.51.100.1")
  expect(await seen(true, "1.1.1.1, 2.2.2.2")).toBe("2.2.2.2")
  expect(await seen(true, "1.1.1.1, 2.2.2.2:4711")).toBe("2.2.2.2")
  expect(await seen(true, "[2001:db8::1]:443")).toBe("2001:db8::1")
  expect(await seen(true, "nonsense")).toBe("198.51.100.1")
})

test("a pace allows its burst and then what comes in per second, each key for itself", async () => {
  const take = pace({ perSecond: 20, burst: 5 })
  for (let n = 0; n < 5; n++) take("a")
  expect(() => take("a")).toThrow(TooMany)
  take("b", 5)
  expect(() => take("b", 1)).toThrow(TooMany)
  await new Promise((resolve) => setTimeout(resolve, 150))
  take("a", 2)
  expect(() => take("a", 4)).toThrow(TooMany)
  const slow = pace({ perSecond: 0.1, burst: 1 })
  slow("c")
  const refused = (() => {
    try {
      slow("c")
    } catch (error) {
      return error as TooMany
    }
  })()
  expect(refused?.retryAfterSeconds).toBe(10)
})

test("a pace remembers at most so many keys, and who is over it stays so while others come and go", () => {
  const take = pace({ perSecond: 0.001, burst: 1 })
  for (let n = 0; n < 60_000; n++) take(`k${n}`)
  take("loud")
  for (let n = 60_000; n < 70_000; n++) take(`k${n}`)
  expect(() => take("loud")).toThrow(TooMany)
})
