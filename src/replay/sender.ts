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

export type Sent = { accepted: number; rejected: { index: number; messageId?: string; reason: string }[] }

const perRequest = 200
const tries = 8

/**
 * Sends items to `POST /v1/batch` in history mode, several requests at once, in order within each chunk of people.
 * Waits and repeats while the server is away or busy; message ids make repeating harmless.
 */
export async function send(
  items: Iterable<Item>,
  to: { url: string; key: string; connections: number },
  progress: (sent: number) => void = () => undefined,
): Promise<Sent> {
  const total: Sent = { accepted: 0, rejected: [] }
  const chunks = chunked(items, perRequest)[Symbol.iterator]()
  const one = async () => {
    for (let next = chunks.next(); !next.done; next = chunks.next()) {
      const answer = await post(next.value, to)
      total.accepted += answer.accepted
      total.rejected.push(...answer.rejected)
      progress(total.accepted + total.rejected.length)
    }
  }
  await Promise.all(Array.from({ length: to.connections }, one))
  return total
}

async function post(batch: Item[], { url, key }: { url: string; key: string }): Promise<Sent> {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(`${url}/v1/batch`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Authorization: `Basic ${Buffer.from(`${key}:`).toString("base64")}`,
        "X-Musubi-History": "1",
      },
      body: JSON.stringify({ batch, sentAt: new Date().toISOString() }),
    }).catch((error: Error) => error)
    if (response instanceof Response && response.ok) return (await response.json()) as Sent
    const again = response instanceof Error || response.status === 503 || response.status === 429
    if (!again || attempt >= tries) {
      const what = response instanceof Error ? response.message : `${response.status} ${await response.text()}`
      throw new Error(`The server refused a batch: ${what}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** attempt))
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
