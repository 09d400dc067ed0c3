import PostalMime, { type Email } from "postal-mime"
import { SMTPServer } from "smtp-server"
import { afterAll } from "vitest"

export type Received = Email & { raw: string; envelopeTo: string[]; receivedAt: number }

/** A real SMTP server on loopback that keeps what it gets. `refuse` answers the next messages with this code instead. */
export async function smtpSink(): Promise<{
  url: string
  received: Received[]
  refuse(code: number | undefined): void
  waitFor(wanted: (mail: Received) => boolean, ms?: number): Promise<Received>
}> {
  const received: Received[] = []
  let refusal: number | undefined
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on("data", (chunk: Buffer) => chunks.push(chunk))
      stream.on("end", () => {
        if (refusal) return done(Object.assign(new Error("refused"), { responseCode: refusal }))
        const raw = Buffer.concat(chunks)
        const receivedAt = Date.now()
        PostalMime.parse(raw).then((mail) => {
          received.push({
            ...mail,
            raw: raw.toString(),
            envelopeTo: session.envelope.rcptTo.map((to) => to.address),
            receivedAt,
          })
          done()
        }, done)
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()))
  const { port } = server.server.address() as { port: number }
  afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())))
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    refuse: (code) => {
      refusal = code
    },
    async waitFor(wanted, ms = 15_000) {
      for (const until = Date.now() + ms; Date.now() < until; ) {
        const found = received.find(wanted)
        if (found) return found
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      throw new Error(
        `no such mail within ${ms} ms; there are: ${received.map((mail) => `${mail.envelopeTo} ${mail.subject}`).join("; ")}`,
      )
    },
  }
}
