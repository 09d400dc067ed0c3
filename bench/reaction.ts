import { SMTPServer } from "smtp-server"
import { segments } from "../src/audience/index.ts"
import { system } from "../src/platform/actors.ts"
import { transact } from "../src/platform/db.ts"
import { serverKey } from "./support/keys.ts"
import { makeEvents, makeMembers } from "./support/people.ts"
import { makeRules, untilBuilt } from "./support/rules.ts"
import { percentile, table, world } from "./support/world.ts"

const scale = Number(process.env.BENCH_SCALE ?? 1)
const arrived = new Map<string, number>()
const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS"],
  onData(stream, session, done) {
    for (const { address } of session.envelope.rcptTo) arrived.set(address, performance.now())
    stream.resume().on("end", () => done())
  },
})
await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", () => resolve()))
const { port } = smtp.server.address() as { port: number }
const here = await world()
try {
  const people = await makeMembers(here.loader, 100_000 * scale)
  await makeEvents(here.loader, 2_000_000 * scale)
  const authorization = await serverKey(here)
  await makeRules(here)
  await here.start("work", { SMTP_URL: `smtp://127.0.0.1:${port}` })
  const built = await untilBuilt(here)
  await here.db.pool.query("vacuum analyze")
  const segment = await newSegment("新しいセグメント", 50, 2)
  const wide = await newSegment("広いセグメント", 0, 1)
  await here.start("serve")

  const next = people[Symbol.iterator]()
  const post = { authorization, addresses: new Map(people.map((id, index) => [id, `m${index + 1}@example.jp`])) }
  const fresh = await atRate(50, 1, 5, (n) => [finished(next.next().value!, n)], post)
  const slow = await atRate(50, 1, 30, (n) => [finished(next.next().value!, n)], post)
  const fast = await atRate(
    100,
    20,
    30,
    (n) =>
      Array.from({ length: 20 }, (_, index) =>
        index === 0 && n % 2 === 0 ? finished(next.next().value!, n) : stepOf(people, n * 20 + index),
      ),
    post,
  )
  const { rows } = await here.db.pool.query("select count(distinct contact_id)::int n from dirty")
  const ms = (values: number[], share: number) => `${percentile(values, share).toFixed(1)} ms`
  table(`Reaction: ${people.length} contacts, ${2_000_000 * scale} events, 30 segments, 5 ranks, 10 scenarios`, [
    ["POST → SMTP DATA at 50 events/s, p50", "≤ 12 ms", `${ms(slow.latencies, 0.5)}`],
    [
      "POST → SMTP DATA at 50 events/s, p99",
      "≤ 50 ms",
      `${ms(slow.latencies, 0.99)} (${slow.latencies.length} mails, ${slow.missing} missing)`,
    ],
    [
      "the same in the first 5 s of both processes, p50 / p99",
      "–",
      `${ms(fresh.latencies, 0.5)} / ${ms(fresh.latencies, 0.99)}`,
    ],
    [
      "POST → acknowledged at 50 events/s, p50 / p99",
      "–",
      `${ms(slow.acknowledged, 0.5)} / ${ms(slow.acknowledged, 0.99)}`,
    ],
    ["events/s worked", "≥ 2000", fast.perSecond.toFixed(0)],
    ["POST → SMTP DATA meanwhile, p50", "–", ms(fast.latencies, 0.5)],
    [
      "POST → SMTP DATA meanwhile, p99",
      "< 1 s",
      `${ms(fast.latencies, 0.99)} (${fast.latencies.length} mails, ${fast.missing} missing)`,
    ],
    ["contacts still waiting afterwards", "0", String(rows[0].n)],
    [
      "a new behavioural segment over everybody",
      "≤ 2 s",
      `${segment.seconds.toFixed(2)} s (${segment.members} members)`,
    ],
    ["another one with many members", "≤ 2 s", `${wide.seconds.toFixed(2)} s (${wide.members} members)`],
    ["all 45 conditions applied to everybody", "–", `${built.toFixed(1)} s`],
  ])
} finally {
  await here.end()
  await new Promise<void>((resolve) => smtp.close(() => resolve()))
}

function finished(contactId: string, n: number) {
  return { type: "track", userId: contactId, event: "lesson.finished", properties: { n } }
}

function stepOf(people: string[], n: number) {
  return {
    type: "track",
    userId: people[(n * 7919) % people.length]!,
    event: `lesson.step_${n % 20}`,
    properties: { score: n % 100, course: `c${n % 7}` },
  }
}

/** Posts `requests` per second with `each` events for some seconds; gives how long the mails took that follow. */
async function atRate(
  requests: number,
  each: number,
  seconds: number,
  batch: (n: number) => { userId?: string; event: string }[],
  { authorization, addresses }: { authorization: string; addresses: Map<string, string> },
) {
  const posted = new Map<string, number>()
  const acknowledged: number[] = []
  const under: Promise<void>[] = []
  const started = performance.now()
  for (let n = 0; n < requests * seconds; n++) {
    const wait = started + (n * 1000) / requests - performance.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    const items = batch(n)
    const at = performance.now()
    for (const item of items) if (item.event === "lesson.finished") posted.set(item.userId!, at)
    under.push(
      fetch(`${here.url}/v1/batch`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization },
        body: JSON.stringify({ batch: items }),
      }).then((answer) => {
        if (!answer.ok) throw new Error(`answer ${answer.status}`)
        acknowledged.push(performance.now() - at)
      }),
    )
  }
  await Promise.all(under)
  const perSecond = (requests * seconds * each) / ((performance.now() - started) / 1000)
  for (
    let waited = 0;
    waited < 10_000 && [...posted.keys()].some((id) => !arrived.has(addresses.get(id)!));
    waited += 100
  )
    await new Promise((resolve) => setTimeout(resolve, 100))
  const latencies: number[] = []
  for (const [id, at] of posted) {
    const seen = arrived.get(addresses.get(id)!)
    if (seen !== undefined) latencies.push(seen - at)
  }
  return { latencies, acknowledged, perSecond, missing: posted.size - latencies.length }
}

/** How long a new segment takes from its creation until it is live for everybody, and how many are in it. */
async function newSegment(name: string, score: number, times: number): Promise<{ seconds: number; members: number }> {
  const started = performance.now()
  const id = await transact(here.db, (tx) =>
    segments.create(
      tx,
      {
        name,
        definition: {
          fact: "event.count",
          with: { event: "lesson.step_3", where: [{ property: "score", is: { gte: score } }], within: "P60D" },
          is: { gte: times },
        },
      },
      system("bench"),
    ),
  )
  for (;;) {
    const { rows } = await here.db.pool.query(
      "select count(*)::int n from condition where state not in ('live', 'retired')",
    )
    if (rows[0].n === 0) break
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const seconds = (performance.now() - started) / 1000
  const { rows } = await here.db.pool.query(
    "select count(*)::int n from holding h join condition c on c.id = h.condition_id where c.owner_kind = 'segment' and c.owner_id = $1",
    [id],
  )
  return { seconds, members: rows[0].n }
}
