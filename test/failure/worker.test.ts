import { expect, test } from "vitest"
import { newId } from "../../src/platform/ids.ts"
import { smtpSink } from "../support/smtp.ts"
import { broken, installation, members, pause, type Process, rules, run, until } from "./support.ts"

const kills = 10
const people = 120

test("a worker killed at any moment loses no rise and no run, and mails nobody twice", async () => {
  const sink = await smtpSink()
  // A mail server that takes its time, so that kills fall between claim, content and answer too.
  sink.hooks.data = () => pause(Math.random() * 60)
  const here = await installation({ env: { SMTP_URL: sink.url } })
  const { rankIds, scenarioId } = await rules(here.db)
  const all = await members(here.db, people, rankIds[0]!)
  const serve = here.start("serve")
  let work: Process = here.start("work")
  await here.ready()
  const count = async (query: string) => Number((await here.db.pool.query(query)).rows[0].count)
  await until(
    async () => (await count("select count(*) from condition where state <> 'live'")) === 0,
    20_000,
    "rules hold",
  )

  let sending = true
  const lessons = (async () => {
    for (let n = 0; n < people * 3; n++) {
      const { contactId } = all[n % people]!
      await here.track({ messageId: newId(), userId: contactId, event: "lesson.finished", properties: { n } })
      if (sending) await pause(30 + Math.random() * 25)
    }
  })()
  for (let n = 0; n < kills; n++) {
    await until(() => work.said().includes('"working"'), 20_000, "the worker works")
    await pause(Math.random() * 900)
    await work.kill()
    work = here.start("work")
  }
  sending = false
  await lessons
  // A minute later the mails that were in a dead worker's hands are looked after.
  await pause(1_000)
  await here.setClock(new Date(Date.now() + 120_000))
  await until(
    async () =>
      (await count("select count(*) from dirty")) === 0 &&
      (await count("select count(*) from scenario_run where state = 'finished'")) >= people &&
      (await count("select count(*) from delivery where state in ('queued', 'sending')")) === 0,
    40_000,
    "everything is worked off",
  )
  const runs = await here.db.pool.query(
    "select contact_id, count(*)::int times from scenario_run where scenario_id = $1 group by 1",
    [scenarioId],
  )
  expect(runs.rows.map((row) => row.times)).toEqual(Array.from({ length: people }, () => 1))
  const history = await here.db.pool.query(
    "select h.contact_id, array_agg(r.position order by h.since) steps from rank_history h join rank r on r.id = h.rank_id group by 1",
  )
  expect(history.rows.length).toBe(people)
  for (const { steps } of history.rows) expect(["0,1,2", "0,2"]).toContain(steps.join())

  const deliveries = await here.db.pool.query(
    "select d.step, d.state, d.message_id, d.attempts, e.address from delivery d join contact_email e using (contact_id)",
  )
  expect(deliveries.rows.length).toBe(people * 2)
  let uncertain = 0
  for (const { step, state, message_id, address } of deliveries.rows) {
    const got = sink.received.filter(({ to, mail }) => to.includes(address) && mail.subject === step)
    expect(got.every(({ mail }) => mail.messageId === message_id)).toBe(true)
    if (step === "notice") {
      // What the person needs is sent again under the same Message-ID when nobody knows whether it arrived.
      expect(state).toBe("sent")
      expect(got.length).toBeGreaterThanOrEqual(1)
      continue
    }
    expect(["sent", "uncertain"]).toContain(state)
    if (state === "sent") expect(got.length).toBe(1)
    else expect(got.length).toBeLessThanOrEqual(1)
    if (state === "uncertain") uncertain++
  }
  const listed = await here.api("GET", "/deliveries?state=uncertain&limit=100")
  expect(listed.body.data.length).toBe(uncertain)
  const named = await here.db.pool.query("select count(*)::int n from event where name = 'rank.rose'")
  const entered = await here.db.pool.query("select count(*)::int n from event where name = 'scenario.entered'")
  expect(named.rows[0].n).toBe(history.rows.reduce((sum, { steps }) => sum + steps.length - 1, 0))
  expect(entered.rows[0].n).toBe(people)
  expect(await broken(here.db, new Date(Date.now() + 120_000))).toEqual([])

  expect(serve.child.exitCode).toBe(null)
  expect(await work.stop()).toBe(0)
  expect(await serve.stop()).toBe(0)
  const doctor = run("doctor", { DATABASE_URL: here.databaseUrl, DATA_DIR: here.folder })
  expect((await doctor.ended).code).toBe(0)
  expect(doctor.said()).not.toContain("BROKEN")
  console.log(`worker killed ${kills} times: ${deliveries.rows.length} mails, ${uncertain} uncertain`)
}, 120_000)
