import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { newId } from "../../src/platform/ids.ts"
import { migrate } from "../../src/platform/migrations.ts"
import { connect } from "../../src/platform/db.ts"
import { type OwnServer, startPostgres } from "../../src/platform/postgres.ts"
import { smtpSink } from "../support/smtp.ts"
import { answers, atEnd, broken, installation, members, pause, rules, until } from "./support.ts"

const downMs = 4_000

/** A database server of this file's own, which can be taken away and brought back at the same address. */
async function ownServer() {
  const folder = await mkdtemp(join(tmpdir(), "musubi-failure-db-"))
  let server: OwnServer = await startPostgres(folder)
  const { url } = server
  atEnd(async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  })
  const db = connect(url, { max: 2, name: "musubi failure test" })
  await migrate(db.pool, fileURLToPath(new URL("../../migrations", import.meta.url)))
  await db.destroy()
  return {
    url,
    stop: () => server.stop(),
    async kill() {
      const pid = Number((await readFile(join(folder, "cluster/postmaster.pid"), "utf8")).split("\n")[0])
      process.kill(pid, "SIGKILL")
    },
    async comeBack() {
      server = await startPostgres(folder, { port: Number(new URL(url).port) })
    },
  }
}

test("with the database gone the product says so and waits, and works again by itself when it is back", async () => {
  const sink = await smtpSink()
  const server = await ownServer()
  const here = await installation({ databaseUrl: server.url, env: { SMTP_URL: sink.url } })
  const { rankIds } = await rules(here.db)
  const [hanako, taro, ...rest] = await members(here.db, 12, rankIds[0]!)
  const serve = here.start("serve")
  const work = here.start("work")
  await here.ready()
  await until(
    async () => (await here.db.pool.query("select from condition where state <> 'live'")).rows.length === 0,
    20_000,
    "rules hold",
  )
  const acked: string[] = []
  const finish = async (userId: string) => {
    const messageId = newId()
    await here.track({ messageId, userId, event: "lesson.finished", properties: { messageId } })
    acked.push(messageId)
  }
  const mailed = (address: string) => () => sink.received.some(({ to }) => to.includes(address))
  await finish(hanako!.contactId)
  await until(mailed(hanako!.address), 10_000, "the first mail")

  const ways = [() => server.kill(), () => server.stop()]
  for (const [round, goAway] of ways.entries()) {
    let flowing = true
    // Whoever is refused tries the same again, as every client does.
    const flow = (async () => {
      for (let n = 0; flowing; n++) {
        await finish(rest[n % 4]!.contactId).catch(() => undefined)
        await pause(20)
      }
    })()
    await pause(500)
    await goAway()
    await pause(300)
    for (const [language, sentence] of [
      ["ja", "データベースに接続できません"],
      ["en", "The database cannot be reached"],
    ] as const) {
      const page = await fetch(`${here.url}/`, { headers: { Accept: "text/html", "Accept-Language": language } })
      expect([page.status, page.headers.get("content-type")?.slice(0, 9)]).toEqual([503, "text/html"])
      expect(Number(page.headers.get("retry-after"))).toBeGreaterThan(0)
      const html = await page.text()
      expect(html).toContain(sentence)
      expect(html).toContain(`lang="${language}"`)
      const contacts = await fetch(`${here.url}/api/contacts`, {
        headers: { Authorization: `Bearer ${here.token}`, "Accept-Language": language },
      })
      expect([contacts.status, contacts.headers.get("content-type")]).toEqual([503, "application/problem+json"])
      expect(Number(contacts.headers.get("retry-after"))).toBeGreaterThan(0)
      expect((await contacts.json()).detail).toContain(sentence)
    }
    for (const path of ["/videos", "/sign-in", "/rank", "/courses", "/history"]) {
      const page = await fetch(`${here.url}${path}`, {
        headers: { Accept: "text/html", Cookie: `musubi_x_session=${newId()}` },
        redirect: "manual",
      })
      await page.text()
      expect([path, page.status >= 500 ? page.status : 200]).toEqual([path, page.status >= 500 ? 503 : 200])
    }
    const signIn = await fetch(`${here.url}/sign-in`, {
      method: "POST",
      headers: { Accept: "text/html", "Content-Type": "application/x-www-form-urlencoded" },
      body: "address=hanako@example.jp&password=x",
    })
    expect(signIn.status).toBe(503)
    const refused = await fetch(`${here.url}/v1/track`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Basic ${btoa(`${here.serverKey}:`)}` },
      body: JSON.stringify({ userId: hanako!.contactId, event: "lesson.lost" }),
    })
    expect([refused.status, Number(refused.headers.get("retry-after")) > 0]).toEqual([503, true])
    const ready = await fetch(`${here.url}/readyz`)
    expect([ready.status, (await fetch(`${here.url}/healthz`)).status]).toEqual([503, 200])
    await pause(downMs)

    await server.comeBack()
    const back = performance.now()
    await until(() => answers(`${here.url}/readyz`), 10_000, "ready again")
    flowing = false
    await flow
    const next = rest[4 + round]!
    await until(
      () =>
        finish(next.contactId).then(
          () => true,
          () => false,
        ),
      10_000,
      "an event is taken again",
    )
    await until(mailed(next.address), 10_000, "a mail goes out again")
    console.log(`back to work ${Math.round(performance.now() - back)} ms after the database`)
    expect((await fetch(`${here.url}/`)).status).toBe(200)
  }

  // The ears are there again as well, not only the polling: loops and test clock of the worker, test clock of the server.
  const ears = "select count(*)::int n from pg_stat_activity where application_name = 'musubi listen'"
  await until(async () => (await here.db.pool.query(ears)).rows[0].n === 3, 5_000, "everybody listens again")
  const started = performance.now()
  await finish(taro!.contactId)
  await until(mailed(taro!.address), 10_000, "the last mail")
  console.log(`event to mail after it all: ${Math.round(performance.now() - started)} ms`)

  await until(
    async () => (await here.db.pool.query("select from dirty")).rows.length === 0,
    20_000,
    "all is worked off",
  )
  const { rows } = await here.db.pool.query(
    "select properties ->> 'messageId' id, count(*)::int times from event where name = 'lesson.finished' group by 1",
  )
  const stored = new Map(rows.map((row) => [row.id, row.times]))
  expect(acked.filter((id) => stored.get(id) !== 1)).toEqual([])
  for (const { address } of [hanako!, taro!, ...rest])
    expect(
      sink.received.filter(({ to, mail }) => to.includes(address) && mail.subject === "news").length,
    ).toBeLessThanOrEqual(1)
  await pause(200)
  expect(await broken(here.db)).toEqual([])
  expect([serve.child.exitCode, work.child.exitCode]).toEqual([null, null])
  expect(await Promise.all([serve.stop(), work.stop()])).toEqual([0, 0])
}, 120_000)
