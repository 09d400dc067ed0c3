import { expect } from "vitest"
import { sessions } from "../../src/identity/index.ts"
import { transact } from "../../src/platform/db.ts"
import * as settings from "../../src/platform/settings.ts"
import { broken, installation, members, rules, until } from "./support.ts"

export type Answer = { status: number; type: string; text: string; headers: Headers }

/** The product running with rules and a few members, one of them signed in, and ways to ask it anything. */
export async function target() {
  const here = await installation()
  const { rankIds, scenarioId } = await rules(here.db)
  const [hanako, taro] = await members(here.db, 6, rankIds[0]!)
  const serve = here.start("serve")
  const work = here.start("work")
  await here.ready()
  const { id: instance } = await settings.instance(here.db)
  const word = await transact(here.db, (tx) => sessions.open(tx, hanako!.contactId, "test"))
  const ask = async (
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: string | Buffer,
  ): Promise<Answer> => {
    const answer = await fetch(`${here.url}${path}`, {
      method,
      headers,
      redirect: "manual",
      signal: AbortSignal.timeout(20_000),
      ...(body === undefined || method === "GET" ? {} : { body: body as string }),
    })
    const { status, headers: given } = answer
    return { status, type: given.get("content-type") ?? "", text: await answer.text(), headers: given }
  }
  /** Nothing is broken, both processes live, the queue is empty, and no fault was logged. Ends the product. */
  const unharmed = async () => {
    const waiting = async () => (await here.db.pool.query("select from dirty")).rows.length
    await until(async () => (await waiting()) === 0, 30_000, "all is worked off")
    expect(await broken(here.db, new Date(Date.now() + 1_000))).toEqual([])
    expect([serve, work].map(({ child }) => child.exitCode ?? child.signalCode)).toEqual([null, null])
    for (const process of [serve, work]) expect(process.said().match(/"level":(50|60).*/g) ?? []).toEqual([])
    expect(await Promise.all([serve.stop(), work.stop()])).toEqual([0, 0])
  }
  return {
    here,
    hanako: hanako!,
    taro: taro!,
    rankIds,
    scenarioId,
    ask,
    unharmed,
    cookie: { Cookie: `musubi_${instance}_session=${word}` },
    bearer: { Authorization: `Bearer ${here.token}` },
    json: { "Content-Type": "application/json" },
  }
}

/** What is wrong with an answer to a program, if anything. */
export function fault({ status, type, text }: Answer): string | undefined {
  if (status >= 500) return `status ${status}`
  if (status < 400) return undefined
  if (!type.startsWith("application/problem+json")) return `${status} as ${type}`
  const problem = JSON.parse(text)
  return problem.detail && problem.status === status && problem.title ? undefined : `no detail: ${text.slice(0, 200)}`
}
