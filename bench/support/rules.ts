import { catalogue, segments } from "../../src/audience/index.ts"
import { facts } from "../../src/facts.ts"
import { scenarios } from "../../src/journeys/index.ts"
import { ranks } from "../../src/membership/index.ts"
import { senders } from "../../src/messaging/index.ts"
import { system } from "../../src/platform/actors.ts"
import { now } from "../../src/platform/clock.ts"
import { transact } from "../../src/platform/db.ts"
import type { World } from "./world.ts"

const by = system("bench")
const step = (n: number) => `lesson.step_${n % 20}`

/** 30 segments, 5 ranks and 10 scenarios over the twenty events of the bench; who finishes a lesson gets one mail. */
export async function makeRules(here: World): Promise<void> {
  catalogue.offer(facts)
  await transact(here.db, async (tx) => {
    await senders.change(
      tx,
      {
        name: "株式会社まなび動画",
        postalAddress: "長野県松本市大手1-2-3",
        contact: "support@manabi.example",
        from: "info@manabi.example",
      },
      by,
    )
    await senders.limit(tx, { advertisingPerDay: 100, advertisingPerWeek: 500, quietFromHour: 0, quietToHour: 0 }, by)
    for (let n = 0; n < 5; n++)
      await ranks.create(
        tx,
        {
          position: n,
          name: { ja: `ランク${n}`, en: `Rank ${n}` },
          colour: "#8e99a8",
          stay: null,
          graceDays: 30,
          mayFall: true,
          rise: n === 0 ? null : { fact: "event.count", with: { event: step(0) }, is: { gte: n * 3 } },
        },
        by,
      )
    for (let n = 0; n < 30; n++) await segments.create(tx, { name: `セグメント${n}`, definition: segment(n) }, by)
    for (let n = 0; n < 10; n++) {
      const { id } = await scenarios.create(
        tx,
        { name: `シナリオ${n}`, reentry: "never", definition: scenario(n) },
        by,
        now(),
      )
      await scenarios.start(tx, id, by, now())
    }
  })
}

function segment(n: number): unknown {
  const often = { fact: "event.count", with: { event: step(n), within: "P30D" }, is: { gte: 2 + (n % 4) } }
  if (n < 20) return often
  if (n < 25) return { all: [often, { fact: "property", with: { name: "plan" }, is: { eq: "standard" } }] }
  return { all: [{ fact: "event.last_days", with: { event: step(n) }, is: { gte: 14 } }, { not: often }] }
}

function scenario(n: number): unknown {
  const entry =
    n === 0
      ? { fact: "event.exists", with: { event: "lesson.finished" }, is: { eq: true } }
      : {
          all: [
            { fact: "event.count", with: { event: step(n) }, is: { gte: 1_000 } },
            { fact: "consent", with: { purpose: "advertising-mail" }, is: { eq: true } },
          ],
        }
  const body = [
    { kind: "paragraph", text: "{{contact.fullName}} 様" },
    { kind: "paragraph", text: "レッスンを終えられました。次もどうぞ。" },
    { kind: "button", label: "次を見る", url: "/courses" },
  ]
  return {
    entry,
    steps: [{ key: "mail", kind: "mail", class: "advertising", subject: "{{contact.fullName}} 様 次のご案内", body }],
  }
}

/** Waits until every condition has been applied to everybody; gives the seconds it took. */
export async function untilBuilt(here: World): Promise<number> {
  const started = Date.now()
  for (;;) {
    const { rows } = await here.db.pool.query(
      "select count(*)::int n from condition where state not in ('live', 'retired')",
    )
    const dirty = await here.db.pool.query("select count(*)::int n from dirty")
    if (rows[0].n === 0 && dirty.rows[0].n === 0) return (Date.now() - started) / 1000
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
