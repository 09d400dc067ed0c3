import type { Server } from "node:http"
import { readFile, utimes, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { serve } from "@hono/node-server"
import { Upload } from "tus-js-client"
import { afterAll, beforeAll, expect, test } from "vitest"
import { clip, contentApi } from "../../../test/support/content-api.ts"
import { testDatabase } from "../../../test/support/database.ts"
import { sql } from "../../platform/db.ts"
import { files } from "../index.ts"
import { clearUploads } from "../jobs.ts"

const db = await testDatabase()
const { app, storage, uploadFolder, call } = await contentApi(db)

let server: Server
let origin: string
beforeAll(async () => {
  server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }) as Server
  await new Promise((resolve) => server.once("listening", resolve))
  origin = `http://127.0.0.1:${(server.address() as { port: number }).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
})

/** Sends a file as tus clients do; `pause` stops after the first piece and goes on with a new client. */
async function upload(content: Buffer, name: string, kind = "video", pause = false): Promise<string> {
  const options = {
    endpoint: `${origin}/api/uploads`,
    metadata: { filename: name, kind },
    chunkSize: 8_000,
    retryDelays: null,
  }
  let url: string | undefined
  if (pause)
    url = await new Promise<string>((resolve, reject) => {
      const first = new Upload(content, {
        ...options,
        onError: reject,
        onChunkComplete: () => void first.abort().then(() => resolve(first.url!)),
      })
      first.start()
    })
  return new Promise((resolve, reject) => {
    const next = new Upload(content, {
      ...options,
      ...(url ? { uploadUrl: url } : {}),
      onError: reject,
      onSuccess: () => resolve(next.url!.split("/").at(-1)!),
    })
    next.start()
  })
}

test("an interrupted upload goes on where it was and becomes a file with length, size and codec", async () => {
  const uploadId = await upload(clip, "確定申告の基本.mp4", "video", true)
  const { status, body } = await call("POST", "/files", { uploadId })
  expect(status).toBe(201)
  expect(body).toMatchObject({
    kind: "video",
    originalName: "確定申告の基本.mp4",
    contentType: "video/mp4",
    bytes: clip.length,
    durationSeconds: 12,
    width: 160,
    height: 90,
    codec: "avc, aac",
  })
  const again = await call("POST", "/files", { uploadId })
  expect([again.status, again.body.id]).toEqual([201, body.id])
  expect(await db.selectFrom("audit").selectAll().where("subjectId", "=", body.id).execute()).toHaveLength(1)
  const { storageKey } = await files.get(db, body.id)
  expect((await readFile(storage.path(storageKey))).equals(clip)).toBe(true)
})

test("an upload that is taken over by several requests at once is one file, whole, and each is told of it", async () => {
  const uploadId = await upload(clip, "二度押し.mp4")
  const answers = await Promise.all(Array.from({ length: 6 }, () => call("POST", "/files", { uploadId })))
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201))
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
  const { storageKey } = await files.get(db, answers[0]!.body.id)
  expect((await readFile(storage.path(storageKey))).equals(clip)).toBe(true)
})

test("an upload that is not complete, unknown or somebody's guess is no file", async () => {
  const created = await app.request("/api/uploads", {
    method: "POST",
    headers: {
      "tus-resumable": "1.0.0",
      "upload-length": "100",
      "upload-metadata": `filename ${Buffer.from("a.mp4").toString("base64")}`,
    },
  })
  expect(created.status).toBe(201)
  const uploadId = created.headers.get("location")!.split("/").at(-1)!
  expect((await call("POST", "/files", { uploadId })).status).toBe(409)
  expect((await call("POST", "/files", { uploadId: "0".repeat(32) })).status).toBe(404)
  expect((await call("POST", "/files", { uploadId: "../../etc/passwd" })).status).toBe(404)
})

test("larger than allowed is refused before a byte is sent", async () => {
  const create = (bytes: number) =>
    app.request("/api/uploads", {
      method: "POST",
      headers: { "tus-resumable": "1.0.0", "upload-length": String(bytes) },
    })
  expect((await create(8 * 2 ** 30 + 1)).status).toBe(413)
  await sql`insert into setting (name, value, changed_at) values ('content.maxUploadBytes', '1000', '2026-01-01')`.execute(
    db,
  )
  expect((await create(1_001)).status).toBe(413)
  expect((await create(1_000)).status).toBe(201)
  await sql`delete from setting where name = 'content.maxUploadBytes'`.execute(db)
})

test("what is wrong with an upload is said in our words, in the reader's language, with the protocol's status and headers", async () => {
  const send = async (method: string, path: string, headers: Record<string, string>, body?: string) => {
    const answer = await app.request(`/api/uploads${path}`, { method, headers, ...(body ? { body } : {}) })
    const type = answer.headers.get("content-type")
    return { status: answer.status, headers: answer.headers, type, text: await answer.text() }
  }
  const tus = { "tus-resumable": "1.0.0" }
  const size = { ...tus, "upload-length": "100" }
  const location = (await send("POST", "", size)).headers.get("location")!.split("/").at(-1)!
  const part = { ...tus, "content-type": "application/offset+octet-stream" }
  const cases: [number, string, string, Record<string, string>, string][] = [
    [400, "POST", "", tus, "upload-unreadable"],
    [412, "POST", "", { "upload-length": "1" }, "upload-protocol"],
    [413, "POST", "", { ...tus, "upload-length": String(9 * 2 ** 30) }, "upload-too-large"],
    [404, "PATCH", `/${"0".repeat(32)}`, { ...part, "upload-offset": "0" }, "upload-missing"],
    [403, "PATCH", `/${location}`, part, "upload-incomplete"],
    [409, "PATCH", `/${location}`, { ...part, "upload-offset": "7" }, "upload-elsewhere"],
  ]
  for (const [status, method, path, headers, type] of cases) {
    const answer = await send(method, path, headers, method === "PATCH" ? "x" : undefined)
    expect([type, answer.status, answer.type]).toEqual([type, status, "application/problem+json"])
    const problem = JSON.parse(answer.text)
    expect(problem).toMatchObject({ type: `urn:musubi:${type}`, status, title: expect.stringMatching(/[ぁ-ん]/) })
    expect(problem.detail).toMatch(/[ぁ-ん].*。$/)
    expect(answer.headers.get("tus-resumable")).toBe("1.0.0")
  }
  const large = { ...tus, "upload-length": String(9 * 2 ** 30), "accept-language": "en" }
  expect(JSON.parse((await send("POST", "", large)).text).detail).toMatch(/up to 8 GB/)
  const asked = await send("HEAD", `/${"0".repeat(32)}`, tus)
  expect([asked.status, asked.text]).toEqual([404, ""])
})

test("a video that is not a video is refused with words, and nothing of it is kept", async () => {
  const html = Buffer.from("<!doctype html><title>動画</title>".repeat(20))
  const cases: [string, Buffer, string][] = [
    ["page.mp4", html, "動画として読み取れないファイルです"],
    ["broken.mp4", clip.subarray(0, 3_000), "動画として読み取れないファイルです"],
    ["tail.mp4", clip.subarray(9_000), "動画として読み取れないファイルです"],
    [
      "hevc.mp4",
      await readFile("test/support/clips/hevc.mp4"),
      "この形式(MP4, hevc)はブラウザで再生できません。MP4(映像 H.264、音声 AAC)",
    ],
    ["sound.mp4", await readFile("test/support/clips/sound-only.mp4"), "映像が入っていないファイルです"],
  ]
  const before = await db.selectFrom("file").select("id").execute()
  for (const [name, content, sentence] of cases) {
    const uploadId = await upload(content, name)
    const { status, body } = await call("POST", "/files", { uploadId })
    expect([name, status]).toEqual([name, 422])
    expect(body.detail).toContain(sentence)
    expect((await call("POST", "/files", { uploadId })).status).toBe(404)
  }
  expect(await db.selectFrom("file").select("id").execute()).toEqual(before)
  expect(
    (await call("POST", "/files", { uploadId: await upload(await readFile("test/support/clips/vp9.webm"), "v.webm") }))
      .body,
  ).toMatchObject({ contentType: "video/webm", codec: "vp9", durationSeconds: 2 })
})

test("captions have to be WebVTT and posters pictures", async () => {
  const post = async (content: string | Buffer, kind: string) =>
    call("POST", "/files", { uploadId: await upload(Buffer.from(content), "x", kind) })
  expect((await post("WEBVTT\n\n00:00.000 --> 00:01.000\nはい\n", "captions")).body.contentType).toBe("text/vtt")
  expect((await post("1\n00:00:00,000 --> 00:00:01,000\nいいえ\n", "captions")).body.detail).toContain(
    "字幕として読み取れない",
  )
  expect((await post(Buffer.from([0x57, 0x45, 0x42, 0x56, 0x54, 0x54, 0x0a, 0xff, 0xfe]), "captions")).status).toBe(422)
  expect((await post("<svg xmlns='http://www.w3.org/2000/svg'/>", "poster")).body.detail).toContain(
    "画像として読み取れない",
  )
  expect((await post(Buffer.from("RIFF0000WEBPVP8 "), "poster")).body.contentType).toBe("image/webp")
})

test("unfinished uploads are cleared a day after their last byte", async () => {
  const lost = join(uploadFolder, "f".repeat(32))
  const fresh = join(uploadFolder, "e".repeat(32))
  for (const path of [lost, `${lost}.json`, fresh]) await writeFile(path, "x")
  const longAgo = new Date(Date.now() - 25 * 3_600_000)
  for (const path of [lost, `${lost}.json`]) await utimes(path, longAgo, longAgo)
  await clearUploads(uploadFolder)
  expect(await readFile(fresh, "utf8")).toBe("x")
  await expect(readFile(lost)).rejects.toThrow()
})
