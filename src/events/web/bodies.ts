import { createGunzip } from "node:zlib"
import { Readable } from "node:stream"
import { type Ctx, TooLarge } from "../../platform/http.ts"

const most = 500_000

/** The request's body as text, unpacked if it came as gzip; refused beyond 500 kB, before or after unpacking. */
export async function bodyText(c: Ctx): Promise<string> {
  const zipped = c.req.header("content-encoding") === "gzip"
  const length = c.req.header("content-length")
  if (length && Number(length) > most) throw new TooLarge()
  if (length && !zipped) return await c.req.text()
  const { body } = c.req.raw
  if (!body) return ""
  const bytes = Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0])
  return await limited(zipped ? bytes.compose(createGunzip()) : bytes)
}

async function limited(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of stream) {
    size += part.length
    if (size > most) throw new TooLarge()
    parts.push(part)
  }
  return Buffer.concat(parts).toString("utf8")
}
