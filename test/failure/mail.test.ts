import { createServer, connect as dial, type Server, type Socket } from "node:net"
import { expect, test } from "vitest"
import { newId } from "../../src/platform/ids.ts"
import { smtpSink } from "../support/smtp.ts"
import { atEnd, broken, freePort, installation, members, pause, rules, until } from "./support.ts"

/** A place before a mail server that can be shut, let through, or take calls and say nothing. */
async function gate(to: number) {
  const port = await freePort()
  const sockets = new Set<Socket>()
  let server: Server | undefined
  const listen = async (called: (socket: Socket) => void) => {
    server = createServer((socket) => {
      sockets.add(socket)
      socket.on("error", () => undefined)
      socket.on("close", () => sockets.delete(socket))
      called(socket)
    })
    await new Promise<void>((done) => server!.listen(port, "127.0.0.1", done))
  }
  const shut = async () => {
    const closing = server
    server = undefined
    for (const socket of sockets) socket.destroy()
    if (closing) await new Promise<void>((done) => closing.close(() => done()))
  }
  atEnd(shut)
  return {
    url: `smtp://127.0.0.1:${port}`,
    callers: () => sockets.size,
    shut,
    async open() {
      await shut()
      await listen((socket) => {
        const onward = dial(to, "127.0.0.1")
        onward.on("error", () => socket.destroy())
        socket.on("close", () => onward.destroy())
        socket.pipe(onward).pipe(socket)
      })
    },
    async hang() {
      await shut()
      await listen(() => undefined)
    },
  }
}

test("with the mail server away or silent everything waits, then goes out once; a stopped worker leaves no mail half sent", async () => {
  const sink = await smtpSink()
  const door = await gate(sink.port)
  const here = await installation({ env: { SMTP_URL: door.url } })
  const { rankIds } = await rules(here.db)
  const people = await members(here.db, 60, rankIds[0]!)
  const serve = here.start("serve")
  let work = here.start("work")
  await here.ready()
  const rows = async (query: string) => (await here.db.pool.query(query)).rows
  await until(
    async () => (await rows("select from condition where state <> 'live'")).length === 0,
    20_000,
    "rules hold",
  )
  const finish = async (list: typeof people) => {
    for (const { contactId } of list)
      await here.track({ messageId: newId(), userId: contactId, event: "lesson.finished", properties: {} })
  }
  const waiting = () => rows("select state, attempts, reason from delivery where state in ('queued', 'sending')")
  const mailsTo = (list: typeof people) =>
    list.map(({ address }) => sink.received.filter(({ to }) => to.includes(address)).length)

  // Nobody answers there.
  const [first, second, third] = [people.slice(0, 10), people.slice(10, 20), people.slice(20)]
  await finish(first)
  await until(
    async () => (await rows("select from delivery where attempts >= 1 and state = 'queued'")).length === 20,
    20_000,
    "all tried",
  )
  await here.setClock(new Date(Date.now() + 60_000))
  await until(
    async () => (await rows("select from delivery where attempts >= 2 and state = 'queued'")).length === 20,
    20_000,
    "tried again",
  )
  expect(sink.received).toEqual([])
  const listed = await here.api("GET", "/deliveries?state=queued&limit=100")
  expect(listed.body.data.length).toBe(20)
  await door.open()
  await here.setClock(new Date(Date.now() + 600_000))
  await until(async () => (await waiting()).length === 0, 20_000, "all sent")
  expect(mailsTo(first)).toEqual(first.map(() => 2))

  // Somebody answers and says nothing: nothing was handed over, so all of it is tried again.
  await door.hang()
  await finish(second)
  await until(() => door.callers() > 0, 10_000, "it is called")
  await until(
    async () => (await rows("select from delivery where state = 'queued' and attempts >= 1")).length > 0,
    25_000,
    "given up for now",
  )
  await door.open()
  await until(
    async () => {
      await here.setClock(new Date(Date.now() + 1_200_000 + Math.random() * 600_000))
      return (await waiting()).length === 0
    },
    30_000,
    "all sent after silence",
  )
  expect(mailsTo(second)).toEqual(second.map(() => 2))
  await here.setClock(null)

  // Told to stop with mails in its hands, the worker waits for the answers.
  sink.hooks.data = () => pause(1_200)
  await finish(third)
  await until(
    async () => (await rows("select from delivery where state = 'sending'")).length > 5,
    10_000,
    "mails under way",
  )
  expect(await work.stop()).toBe(0)
  expect(await rows("select from delivery where state = 'sending'")).toEqual([])
  const sent = (await rows("select from delivery where state = 'sent'")).length
  expect(sink.received.length).toBe(sent)
  sink.hooks.data = undefined
  work = here.start("work")
  // Whose turn to be evaluated has not come has no mail yet that could wait.
  const unanswered = () => rows("select from dirty")
  await until(
    async () => (await unanswered()).length === 0 && (await waiting()).length === 0,
    20_000,
    "the rest follows",
  )
  expect(mailsTo(people)).toEqual(people.map(() => 2))
  expect((await rows("select from delivery where state <> 'sent'")).length).toBe(0)
  expect(await broken(here.db)).toEqual([])
  expect(await Promise.all([serve.stop(), work.stop()])).toEqual([0, 0])
}, 120_000)
