import { generateKeyPairSync } from "node:crypto"
import { afterAll, expect, test } from "vitest"
import { crookedServer, friendly, refuse, smtpSink } from "../../test/support/smtp.ts"
import { type Letter, type MailTransport, smtp, Unsent } from "./mail.ts"

const open: MailTransport[] = []
afterAll(() => open.forEach((transport) => transport.close()))
function transportTo(url: string, more: Partial<Parameters<typeof smtp>[0]> = {}) {
  const transport = smtp({ url, ...more })
  open.push(transport)
  return transport
}

const letter = (more: Partial<Letter> = {}): Letter => ({
  from: { name: "まなび動画", address: "no-reply@manabi.example" },
  to: "hanako@example.jp",
  subject: "応用のご案内、応用のご案内、応用のご案内、応用のご案内、応用のご案内",
  html: "<p>佐藤 花子 様</p>",
  text: "佐藤 花子 様",
  messageId: "<one@manabi.example>",
  headers: {},
  date: new Date("2026-11-22T01:00:00Z"),
  ...more,
})

async function kindOf(sending: Promise<void>): Promise<string> {
  return sending.then(
    () => "sent",
    (error: unknown) =>
      error instanceof Unsent
        ? `${error.kind} ${error.code}${error.aboutRecipient ? " recipient" : ""}`
        : String(error),
  )
}

test("a mail arrives as it was written, its unsubscribe headers on one line each", async () => {
  const sink = await smtpSink()
  const unsubscribe = `<https://manabi.example/u/${"x".repeat(120)}>, <mailto:kaiin@manabi.example?subject=unsubscribe>`
  const headers = { "List-Unsubscribe": unsubscribe, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" }
  await transportTo(sink.url).send(letter({ headers }))
  const [one] = sink.received
  expect(one!.to).toEqual(["hanako@example.jp"])
  expect(one!.mail).toMatchObject({ subject: letter().subject, messageId: "<one@manabi.example>", from: letter().from })
  expect(one!.mail.html).toContain("佐藤 花子 様")
  expect(`\r\n${one!.raw}`).toContain(`\r\nList-Unsubscribe: ${unsubscribe}\r\n`)
  expect(one!.raw).toContain("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n")
})

test("the signature covers both unsubscribe headers", async () => {
  const sink = await smtpSink()
  const privateKey = generateKeyPairSync("rsa", { modulusLength: 2048 })
    .privateKey.export({ type: "pkcs8", format: "pem" })
    .toString()
  const headers = {
    "List-Unsubscribe": "<https://manabi.example/u/x>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
  }
  await transportTo(sink.url, { dkim: { domainName: "manabi.example", keySelector: "mail", privateKey } }).send(
    letter({ headers }),
  )
  const signature = sink.received[0]!.raw.match(/^DKIM-Signature:[\s\S]*?\r\n(?=\S)/m)![0].replaceAll(/\s+/g, "")
  expect(signature.match(/;h=([^;]*)/)![1]!.split(":")).toEqual(
    expect.arrayContaining(["list-unsubscribe", "list-unsubscribe-post"]),
  )
})

test("an old carrier address with two dots is quoted, not refused", async () => {
  const server = await crookedServer(friendly)
  await transportTo(server.url).send(letter({ to: "tanaka..ichiro.@docomo.ne.jp" }))
  expect(server.commands).toContain('RCPT TO:<"tanaka..ichiro."@docomo.ne.jp>')
})

test("an address cannot smuggle a second recipient or a header in", async () => {
  const server = await crookedServer(friendly)
  const outcome = await kindOf(
    transportTo(server.url).send(letter({ to: "a@example.jp>, b@example.jp\r\nBcc: c@example.jp" })),
  )
  const recipients = server.commands.filter((command) => command.startsWith("RCPT TO"))
  expect(recipients.length).toBeLessThanOrEqual(1)
  expect(server.commands.filter((command) => /^Bcc/i.test(command))).toEqual([])
  expect(outcome).toBeTypeOf("string")
})

test("reply codes are told apart, and replies are not quoted", async () => {
  const sink = await smtpSink()
  const transport = transportTo(sink.url)
  sink.hooks.recipient = () => {
    throw refuse(550, "5.1.1 <hanako@example.jp> unknown")
  }
  expect(await kindOf(transport.send(letter()))).toBe("permanent 550 5.1.1 recipient")
  sink.hooks.recipient = () => {
    throw refuse(450, "4.2.1 later")
  }
  expect(await kindOf(transport.send(letter()))).toBe("temporary 450 4.2.1")
  sink.hooks.recipient = undefined
  sink.hooks.data = () => {
    throw refuse(554, "5.7.1 spam")
  }
  expect(await kindOf(transport.send(letter()))).toBe("permanent 554 5.7.1")
  sink.hooks.data = () => {
    throw refuse(451, "greylisted")
  }
  expect(await kindOf(transport.send(letter()))).toBe("temporary 451")
  sink.hooks.data = undefined
  expect(await kindOf(transport.send(letter()))).toBe("sent")
})

test("a refusal of our own sender waits instead of losing everybody's mail", async () => {
  const server = await crookedServer((command) =>
    command.startsWith("MAIL") ? "553 5.7.1 sender refused" : friendly(command),
  )
  expect(await kindOf(transportTo(server.url).send(letter()))).toBe("temporary 553 5.7.1")
})

test("no server is temporary", async () => {
  expect(await kindOf(transportTo("smtp://127.0.0.1:1").send(letter()))).toMatch(/^temporary/)
})

test("a line lost before the content is temporary, lost after it is uncertain", async () => {
  const before = await crookedServer((command) => (command === "DATA" ? "cut" : friendly(command)))
  expect(await kindOf(transportTo(before.url).send(letter()))).toMatch(/^temporary/)
  const after = await crookedServer((command) => (command === "." ? "cut" : friendly(command)))
  expect(await kindOf(transportTo(after.url).send(letter()))).toMatch(/^uncertain/)
  expect(after.commands.filter((command) => command === "DATA")).toHaveLength(1)
})

test("a server that never answers is given up: uncertain once it has the content", async () => {
  const silent = await crookedServer((command) => (command === "." ? undefined : friendly(command)))
  expect(await kindOf(transportTo(silent.url, { timeoutMs: 300 }).send(letter()))).toMatch(/^uncertain/)
  const mute = await crookedServer((command) => (command.startsWith("RCPT") ? undefined : friendly(command)))
  expect(await kindOf(transportTo(mute.url, { timeoutMs: 300 }).send(letter()))).toMatch(/^temporary/)
})

test("a connection that the server dropped while it was idle costs nothing", async () => {
  const server = await crookedServer(friendly)
  const transport = transportTo(server.url, { connections: 1 })
  expect(await kindOf(transport.send(letter()))).toBe("sent")
  server.commands.length = 0
  expect(await kindOf(transport.send(letter()))).toBe("sent")
  expect(server.commands.filter((command) => command === ".")).toHaveLength(1)
})
