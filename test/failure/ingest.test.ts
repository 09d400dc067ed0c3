import { expect, test } from "vitest"
import { broken, installation, pause, type Process } from "./support.ts"

const rounds = 4
const senders = 8

test("what was acknowledged is stored once, whenever the server is killed, and sending the rest again doubles nothing", async () => {
  const here = await installation()
  const acked = new Set<string>()
  const cut: string[] = []
  let number = 0
  const send = async (messageId: string) => {
    const n = Number(messageId.slice(2))
    await here.track({ messageId, userId: `learner-${n % 25}`, event: "lesson.step", properties: { n } })
    acked.add(messageId)
  }
  const stored = async () => {
    const { rows } = await here.db.pool.query(
      "select properties ->> 'n' as n, count(*)::int as times from event where name = 'lesson.step' group by 1",
    )
    return new Map(rows.map((row) => [`m-${row.n}`, row.times as number]))
  }
  let serve: Process = here.start("serve")
  await here.ready()
  for (let round = 0; round < rounds; round++) {
    let going = true
    const all = Array.from({ length: senders }, async () => {
      while (going) {
        const messageId = `m-${number++}`
        await send(messageId).catch(() => {
          cut.push(messageId)
          going = false
        })
      }
    })
    await pause(300 + Math.random() * 700)
    await serve.kill()
    going = false
    await Promise.all(all)
    const kept = await stored()
    expect([...acked].filter((id) => !kept.has(id))).toEqual([])
    serve = here.start("serve")
    await here.ready()
    // Some of these were committed, but their answer was lost with the server.
    for (const messageId of cut.splice(0)) await send(messageId)
  }
  const kept = await stored()
  expect(acked.size).toBeGreaterThan(rounds * senders)
  expect(new Set(kept.keys())).toEqual(acked)
  expect([...kept].filter(([, times]) => times !== 1)).toEqual([])
  expect(await broken(here.db)).toEqual([])
  expect(await serve.stop()).toBe(0)
}, 60_000)
