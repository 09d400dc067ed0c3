/** One item of the tracking API's batch. */
export type Item = {
  type: "identify" | "track"
  userId: string
  messageId: string
  timestamp: string
  event?: string
  properties?: Record<string, unknown>
  traits?: Record<string, unknown>
}

type Target = { url: string; key: string; connections?: number }
/** What the server would not take, the name of the fault, and its sentence about it. */
type Rejection = { item: Item; fault: string; reason: string }
/** `faults` counts what was rejected by the name of the fault. */
type Sent = { accepted: number; rejected: number; faults: Record<string, number> }
/** Told while sending: how many are done, each rejection, and why the server is waited for. */
type Listener = {
  progress?(sent: number): void
  rejected?(rejection: Rejection): void
  waiting?(why: string): void
}

/** The server answered that nothing of this kind will ever be taken, or it stayed away for too long. */
export class NotSent extends Error {}

const perRequest = 200
const longestPauseMs = 5_000
const patienceMs = 5 * 60_000

/**
 * Sends items to `POST /v1/batch` in history mode, several requests at once. Waits and repeats while the server is away
 * or busy, up to five minutes at a time; message ids make repeating harmless, also from the start in another process.
 */
export async function send(items: Iterable<Item>, to: Target, tell: Listener = {}): Promise<Sent> {
  const total: Sent = { accepted: 0, rejected: 0, faults: {} }
  const chunks = chunked(items, perRequest)[Symbol.iterator]()
  let failed = false
  const one = async () => {
    for (let next = chunks.next(); !next.done && !failed; next = chunks.next()) {
      const batch = next.value
      const answer = await post(batch, to, tell).catch((error: unknown) => {
        failed = true
        throw error
      })
      for (const { index, type, reason } of answer.rejected) {
        const fault = type?.replace(/^urn:musubi:/, "") ?? "unnamed"
        total.faults[fault] = (total.faults[fault] ?? 0) + 1
        tell.rejected?.({ item: batch[index]!, fault, reason })
      }
      total.accepted += answer.accepted
      total.rejected += answer.rejected.length
      tell.progress?.(total.accepted + total.rejected)
    }
  }
  await Promise.all(Array.from({ length: to.connections ?? 4 }, one))
  return total
}

type Answer = { accepted: number; rejected: { index: number; type?: string; reason: string }[] }

async function post(batch: Item[], { url, key }: Target, tell: Listener): Promise<Answer> {
  const giveUpAt = performance.now() + patienceMs
  for (let pauseMs = 250; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
    const answer = await attempt(batch, url, key)
    if ("accepted" in answer) return answer
    const { why, passing } = answer
    if (!passing || performance.now() > giveUpAt) throw new NotSent(why)
    tell.waiting?.(why)
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

async function attempt(batch: Item[], url: string, key: string): Promise<Answer | { why: string; passing: boolean }> {
  try {
    const response = await fetch(`${url}/v1/batch`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}`,
        "X-Musubi-History": "1",
      },
      body: JSON.stringify({ batch, sentAt: new Date().toISOString() }),
      signal: AbortSignal.timeout(60_000),
    })
    const text = await response.text()
    // A batch of which everything is forbidden is answered 403 with the same report.
    const answer = response.ok || response.status === 403 ? reportIn(text) : undefined
    if (answer) return answer
    const why = `${url} answered ${response.status}: ${text.slice(0, 500)}`
    return { why, passing: [429, 502, 503, 504].includes(response.status) }
  } catch (error) {
    const { cause, message } = error as Error
    const why = cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : message
    return { why: `${url} cannot be reached: ${why}`, passing: true }
  }
}

/** The report in an answer, or nothing when somebody else answered. */
function reportIn(text: string): Answer | undefined {
  try {
    const found = JSON.parse(text) as Partial<Answer> | null
    return found?.rejected ? (found as Answer) : undefined
  } catch {
    return undefined
  }
}

function* chunked<T>(items: Iterable<T>, size: number): Iterable<T[]> {
  let chunk: T[] = []
  for (const item of items) {
    chunk.push(item)
    if (chunk.length === size) {
      yield chunk
      chunk = []
    }
  }
  if (chunk.length > 0) yield chunk
}
