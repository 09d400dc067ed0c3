import { Agent, request } from "node:http"
import { expect, test } from "vitest"
import { installation, pause, until } from "./support.ts"

type Answer = { status: number; body: string }

test("a server told to stop finishes what is under way, answers nobody with an error, and ends by itself", async () => {
  const here = await installation()
  const serve = here.start("serve")
  await here.ready()
  /** Sends a body piece by piece, as a phone on a train does. */
  const slowly = (method: string, path: string, headers: Record<string, string>, pieces: string[], everyMs: number) =>
    new Promise<Answer>((done, failed) => {
      const going = request(`${here.url}${path}`, { method, headers, agent: false }, (answer) => {
        let body = ""
        answer.setEncoding("utf8").on("data", (text: string) => {
          body += text
        })
        answer.on("end", () => done({ status: answer.statusCode!, body }))
      })
      going.on("error", failed)
      void (async () => {
        for (const piece of pieces) {
          going.write(piece)
          await pause(everyMs)
        }
        going.end()
      })()
    })
  const basic = { Authorization: `Basic ${btoa(`${here.serverKey}:`)}`, "Content-Type": "application/json" }
  const bearer = { Authorization: `Bearer ${here.token}`, "Tus-Resumable": "1.0.0" }
  const text = JSON.stringify({ batch: [{ type: "track", userId: "u1", event: "slow.event", messageId: "slow-1" }] })
  const made = await fetch(`${here.url}/api/uploads`, {
    method: "POST",
    headers: { ...bearer, "Upload-Length": "40", "Upload-Metadata": `filename ${btoa("a.mp4")},kind ${btoa("video")}` },
  })
  expect(made.status).toBe(201)
  const upload = made.headers.get("location")!
  const path = upload.startsWith("/") ? upload : `/api/uploads/${upload.split("/").at(-1)}`

  const event = slowly("POST", "/v1/batch", basic, text.match(/.{1,12}/g)!, 200)
  const patch = slowly(
    "PATCH",
    path,
    { ...bearer, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream" },
    Array.from({ length: 10 }, () => "abcd"),
    200,
  )
  // Others keep asking meanwhile, over connections they keep open.
  const statuses: number[] = []
  let refused = 0
  const agent = new Agent({ keepAlive: true, maxSockets: 4 })
  const ask = () =>
    new Promise<void>((done) => {
      const going = request(`${here.url}/api/contacts`, { headers: bearer, agent }, (answer) => {
        statuses.push(answer.statusCode!)
        answer.resume().on("end", done)
      })
      going.on("error", () => {
        refused++
        done()
      })
      going.end()
    })
  const crowd = Array.from({ length: 4 }, async () => {
    while (refused === 0) await ask()
  })
  await pause(700)
  const stopped = performance.now()
  const ended = serve.stop()
  const [eventAnswer, patchAnswer] = await Promise.all([event, patch])
  expect([eventAnswer.status, patchAnswer.status]).toEqual([200, 204])
  expect(await ended).toBe(0)
  console.log(`stopped ${Math.round(performance.now() - stopped)} ms after the signal, with slow requests under way`)
  await Promise.all(crowd)
  expect(statuses.length).toBeGreaterThan(3)
  expect(statuses.filter((status) => status !== 200)).toEqual([])
  const { rows } = await here.db.pool.query("select from event where name = 'slow.event'")
  expect(rows.length).toBe(1)

  // The upload goes on where it was, with the next server.
  const next = here.start("serve")
  await here.ready()
  const head = await fetch(`${here.url}${path}`, { method: "HEAD", headers: bearer })
  expect(head.headers.get("upload-offset")).toBe("40")
  await until(() => next.said().includes('"serving"'), 5_000, "it says that it serves")
  expect(await next.stop()).toBe(0)
}, 60_000)
