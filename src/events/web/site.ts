import type { MiddlewareHandler } from "hono"
import { cors } from "hono/cors"
import { type Ctx, type Env, policy, type Problem, routes, TooLarge } from "../../platform/http.ts"
import { words } from "../../platform/words.ts"
import { sentence } from "../faults.ts"
import * as ingest from "../ingest.ts"
import { bodyText } from "./bodies.ts"
import { senderOf } from "./senders.ts"

/** The Segment HTTP tracking API under `/v1`. It is meant to be called from other sites: mount it before the same-origin guard. */
export const site = routes()

/** The key may stand in the body, so the handler asks for it once the body is read. */
const writeKey = policy("write key", (_, next) => next())
const most = 500

site.use(
  "/v1/*",
  anyOrigin(
    cors({
      origin: "*",
      allowMethods: ["POST"],
      exposeHeaders: ["Retry-After"],
      allowHeaders: ["Authorization", "Content-Type", "X-Musubi-History"],
      maxAge: 86_400,
    }),
  ),
)
for (const [type, ...paths] of [
  ["identify", "/v1/identify", "/v1/i"],
  ["track", "/v1/track", "/v1/t"],
  ["page", "/v1/page", "/v1/p"],
  ["screen", "/v1/screen", "/v1/s"],
  ["alias", "/v1/alias", "/v1/a"],
  ["group", "/v1/group", "/v1/g"],
] as const)
  for (const path of paths) site.post(path, writeKey, (c) => takeOne(c, type))
site.post("/v1/batch", writeKey, takeBatch)
site.post("/v1/b", writeKey, takeBatch)
site.post("/v1/import", writeKey, takeBatch)

/** Requests of our own pages and of servers carry no Origin and are spared the work. */
function anyOrigin(allow: MiddlewareHandler<Env>): MiddlewareHandler<Env> {
  return (c, next) => (c.req.header("origin") || c.req.method === "OPTIONS" ? allow(c, next) : next())
}

async function takeOne(c: Ctx, type: string): Promise<Response> {
  const message = await bodyOf(c)
  if (!message) return refused(c, 400, say(c.var.locale)("malformed"), "malformed")
  const sender = await senderOf(c, message)
  const { rejected } = await ingest.accept(c.var.db, sender, [{ ...message, type }])
  const fault = rejected[0]?.fault
  return fault ? refused(c, fault.status, sentence(fault, c.var.locale), dashed(fault.key)) : c.json({ success: true })
}

async function takeBatch(c: Ctx): Promise<Response> {
  const body = await bodyOf(c)
  if (!body) return refused(c, 400, say(c.var.locale)("malformed"), "malformed")
  const { batch } = body
  const sender = await senderOf(c, body, Array.isArray(batch) ? Math.min(batch.length, most) : 1)
  if (!Array.isArray(batch)) return refused(c, 400, say(c.var.locale)("noBatch"), "no-batch")
  if (batch.length > most) return refused(c, 413, say(c.var.locale)("tooMany"), "too-many-messages")
  const messages = withContext(batch, body.context)
  const { accepted, rejected } = await ingest.accept(c.var.db, sender, messages, { sentAt: body.sentAt })
  const allForbidden =
    rejected.length === batch.length && rejected.length > 0 && rejected.every((one) => one.fault.status === 403)
  return c.json(
    {
      success: accepted > 0 || rejected.length === 0,
      accepted,
      rejected: rejected.map(({ index, messageId, fault }) => ({
        index,
        messageId,
        status: fault.status,
        type: `urn:musubi:${dashed(fault.key)}`,
        reason: sentence(fault, c.var.locale),
      })),
    },
    allForbidden ? 403 : 200,
  )
}

/** What the batch says about all its messages, such as `context.history`, holds for those that do not say otherwise. */
function withContext(batch: unknown[], context: unknown): unknown[] {
  if (typeof context !== "object" || context === null) return batch
  return batch.map((message) => {
    if (typeof message !== "object" || message === null) return message
    return { ...message, context: { ...context, ...(message as { context?: object }).context } }
  })
}

/** The body as a JSON object, or nothing when it is none. */
async function bodyOf(c: Ctx): Promise<Record<string, unknown> | undefined> {
  try {
    const body: unknown = JSON.parse(await bodyText(c))
    return typeof body === "object" && body !== null && !Array.isArray(body)
      ? (body as Record<string, unknown>)
      : undefined
  } catch (error) {
    if (error instanceof TooLarge) throw error
    return undefined
  }
}

function dashed(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

function refused(c: Ctx, status: 400 | 403 | 413, detail: string, type: string): Response {
  const problem: Problem = { type: `urn:musubi:${type}`, title: say(c.var.locale)(`title${status}`), status, detail }
  return c.json(problem, status, { "Content-Type": "application/problem+json" })
}

const say = words(
  {
    title400: "内容をご確認ください",
    title403: "この操作は許可されていません",
    title413: "サイズが大きすぎます",
    malformed: "本文を JSON オブジェクトとして読み取れませんでした。形式をご確認のうえ、もう一度送信してください。",
    noBatch: "batch にメッセージの配列が必要です。",
    tooMany: "一度に送れるのは500件までです。分けて送信してください。",
  },
  {
    title400: "Please check what was sent",
    title403: "Not permitted",
    title413: "Too large",
    malformed: "The body could not be read as a JSON object. Check its format and send it again.",
    noBatch: "batch must be an array of messages.",
    tooMany: "At most 500 messages are taken at once. Send them in parts.",
  },
)
