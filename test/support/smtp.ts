import { createServer, type Socket } from "node:net"
import PostalMime, { type Email } from "postal-mime"
import { SMTPServer } from "smtp-server"
import { afterAll } from "vitest"

export type Received = { to: string[]; from: string; raw: string; mail: Email; at: number }

type Refusal = Error & { responseCode: number }
type Hooks = {
  /** Throw `refuse(code, text)` to refuse a recipient. */
  recipient?: (address: string) => void
  /** Called with the whole message before the 250; throw `refuse(…)` to refuse it. */
  data?: (received: Received) => void | Promise<void>
}

/** A real SMTP server in this process that keeps what it took. `hooks` may be changed at any time. */
export async function smtpSink(): Promise<{
  url: string
  port: number
  received: Received[]
  hooks: Hooks
  close(): Promise<void>
}> {
  const received: Received[] = []
  const hooks: Hooks = {}
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    onRcptTo(address, _, done) {
      try {
        hooks.recipient?.(address.address)
        done()
      } catch (error) {
        done(error as Error)
      }
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on("data", (chunk: Buffer) => chunks.push(chunk))
      stream.on("end", async () => {
        try {
          const raw = Buffer.concat(chunks).toString("utf8")
          const { mailFrom, rcptTo } = session.envelope
          const one = {
            to: rcptTo.map((to) => to.address),
            from: mailFrom ? mailFrom.address : "",
            raw,
            mail: await PostalMime.parse(raw),
            at: Date.now(),
          }
          await hooks.data?.(one)
          received.push(one)
          done()
        } catch (error) {
          done(error as Error)
        }
      })
    },
  })
  server.on("error", () => undefined)
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.server.address() as { port: number }
  let closed: Promise<void> | undefined
  const close = () => (closed ??= new Promise<void>((resolve) => server.close(() => resolve())))
  afterAll(close)
  return { url: `smtp://127.0.0.1:${port}`, port, received, hooks, close }
}

/** A refusal for the hooks of `smtpSink`, with its reply code. */
export function refuse(code: number, text: string): Refusal {
  return Object.assign(new Error(text), { responseCode: code })
}

/**
 * An SMTP server that does what it is told to, for what a proper one never does: `answer` gets each command line
 * (and "." for the end of the content) and returns the reply, or nothing to stay silent, or "cut" to drop the line.
 */
export async function crookedServer(
  answer: (command: string) => string | undefined,
): Promise<{ url: string; close(): void; commands: string[] }> {
  const commands: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on("error", () => undefined)
    socket.write("220 crooked\r\n")
    let content = false
    let rest = ""
    socket.on("data", (chunk) => {
      rest += chunk.toString("utf8")
      const lines = rest.split("\r\n")
      rest = lines.pop()!
      for (const line of lines) {
        if (content && line !== ".") continue
        commands.push(line)
        const reply = answer(line)
        if (reply === "cut") return socket.destroy()
        content = line === "DATA" && reply?.startsWith("354") === true
        if (reply) socket.write(`${reply}\r\n`)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as { port: number }
  const close = () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
  afterAll(close)
  return { url: `smtp://127.0.0.1:${port}`, close, commands }
}

/** The replies of a server that takes everything. */
export function friendly(command: string): string | undefined {
  if (/^EHLO/i.test(command)) return "250 crooked"
  if (command === "DATA") return "354 go on"
  if (command === "QUIT") return "221 bye"
  return "250 ok"
}
