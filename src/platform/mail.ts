import type { Readable } from "node:stream"
import nodemailer from "nodemailer"
import { log } from "./log.ts"

/** One mail as SMTP gets it. Addresses are bare; names are apart, so that they can be encoded. */
export type Letter = {
  from: { name: string; address: string }
  to: string
  replyTo?: string
  subject: string
  html: string
  text: string
  /** With angle brackets; the same on every try. */
  messageId: string
  /** Written as given, unfolded: a signature over a folded List-Unsubscribe breaks at some receivers. */
  headers: Record<string, string>
  /** When it was written. */
  date: Date
}

/** Speaks to one SMTP server. `send` resolves once the server has taken the mail (250) and throws `Unsent` otherwise. */
export type MailTransport = {
  send(letter: Letter): Promise<void>
  /** How many mails it can hand over at the same time. */
  slots: number
  close(): void
}

type Dkim = { domainName: string; keySelector: string; privateKey: string }

/**
 * - permanent: the server said that this mail will never be taken
 * - temporary: it was not taken now, or the server could not be reached; nothing was handed over
 * - uncertain: the connection was lost after the content had begun and before an answer; it may have arrived
 */
type Unsentness = "permanent" | "temporary" | "uncertain"

/** Why a mail was not taken. `code` holds reply codes only ("550 5.1.1"), since replies tend to quote addresses. */
export class Unsent extends Error {
  readonly kind: Unsentness
  readonly code: string
  /** Whether the refusal was about the recipient, so that the address is of no further use. */
  readonly aboutRecipient: boolean
  constructor(kind: Unsentness, code: string, aboutRecipient = false) {
    super(`mail not sent (${kind}: ${code})`)
    this.kind = kind
    this.code = code
    this.aboutRecipient = aboutRecipient
  }
}

/** nodemailer's own list leaves out List-Unsubscribe-Post, which RFC 8058 wants under the signature. */
const signedHeaders = (
  "from sender reply-to subject date message-id to cc mime-version content-type content-transfer-encoding " +
  "list-id list-unsubscribe list-unsubscribe-post"
).replaceAll(" ", ":")

/** Opens a pool of connections to an SMTP server, e.g. `smtps://user:password@mail.example.jp`. */
export function smtp(options: { url: string; connections?: number; timeoutMs?: number; dkim?: Dkim }): MailTransport {
  const { connections = 8, timeoutMs = 40_000 } = options
  const transporter = nodemailer.createTransport({
    url: options.url,
    pool: true,
    maxConnections: connections,
    maxMessages: 1_000,
    maxRequeues: 2,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(options.dkim ? { dkim: { ...options.dkim, headerFieldNames: signedHeaders } } : {}),
  })
  transporter.on("error", (error: Error) =>
    log.warn({ reason: error.message.slice(0, 80) }, "the mail server is in trouble"),
  )
  // The stream of the content tells whether any of it was handed over.
  const contents = new WeakMap<object, Readable>()
  transporter.use("stream", (mail, done) => {
    const { message, data } = mail
    const open = message.createReadStream.bind(message)
    message.createReadStream = (...given: Parameters<typeof open>) => {
      const stream = open(...given)
      contents.set((data as unknown as { letter: object }).letter, stream)
      return stream
    }
    done()
  })
  return {
    slots: connections * 2,
    close: () => transporter.close(),
    async send(letter) {
      const mail = {
        from: letter.from,
        to: { name: "", address: letter.to },
        replyTo: letter.replyTo,
        subject: letter.subject,
        html: letter.html,
        text: letter.text,
        messageId: letter.messageId,
        date: letter.date,
        headers: Object.entries(letter.headers).map(([key, value]) => ({
          key,
          value: { prepared: true, value: value.replaceAll(/[\r\n]+/g, " ") },
        })),
        textEncoding: "base64" as const,
        signal: AbortSignal.timeout(timeoutMs),
        letter,
      }
      try {
        await transporter.sendMail(mail as unknown as Parameters<typeof transporter.sendMail>[0])
      } catch (error) {
        throw unsent(error, contents.get(letter)?.readableDidRead === true)
      } finally {
        contents.delete(letter)
      }
    },
  }
}

function unsent(error: unknown, begun: boolean): Unsent {
  const { code, command, responseCode, response } = error as Fault
  const enhanced = response?.match(/^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/)?.[1]
  const said = responseCode ? [responseCode, enhanced].filter(Boolean).join(" ") : (code ?? (error as Error).name)
  if (!responseCode)
    return new Unsent(begun ? "uncertain" : badAddress(code, command) ? "permanent" : "temporary", said)
  // A refusal of our sign-in or of our sender is ours to mend, not the recipient's fault: it waits.
  const ours = code === "EAUTH" || command === "MAIL FROM" || command === "CONN" || command === "EHLO"
  if (responseCode < 500 || ours) return new Unsent("temporary", said)
  return new Unsent(
    "permanent",
    said,
    command === "RCPT TO" && (enhanced ? enhanced.startsWith("5.1.") : responseCode !== 552),
  )
}

/** nodemailer refused the recipient before asking any server. */
function badAddress(code: string | undefined, command: string | undefined): boolean {
  return code === "EENVELOPE" && command === "API"
}

type Fault = { code?: string; command?: string; responseCode?: number; response?: string }
