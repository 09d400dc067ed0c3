import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { ConfigFaults, readConfig } from "./config.ts"

test("without any environment everything has a default", () => {
  const config = readConfig({})
  expect([config.PORT, config.PUBLIC_URL, config.secure]).toEqual([3000, "http://127.0.0.1:3000", false])
})

test("every fault is reported at once", () => {
  const read = () => readConfig({ PORT: "many", SMTP_URL: "mail.example", LOG_LEVEL: "loud" })
  expect(read).toThrow(ConfigFaults)
  expect(read).toThrow(/PORT[\s\S]*SMTP_URL[\s\S]*LOG_LEVEL/)
})

test("a secret may come from a file, but not from both", () => {
  const file = join(mkdtempSync(join(tmpdir(), "musubi-")), "secret")
  writeFileSync(file, "postgres://u:p@127.0.0.1/db\n")
  expect(readConfig({ DATABASE_URL_FILE: file }).DATABASE_URL).toBe("postgres://u:p@127.0.0.1/db")
  expect(() => readConfig({ DATABASE_URL_FILE: file, DATABASE_URL: "postgres://a/b" })).toThrow("not both")
  expect(() => readConfig({ SMTP_URL_FILE: "/nowhere" })).toThrow("cannot be read")
})

test("with an https address cookies are secure, and a trailing slash is dropped", () => {
  expect(readConfig({ PUBLIC_URL: "https://manabi.example/" })).toMatchObject({
    PUBLIC_URL: "https://manabi.example",
    secure: true,
  })
})
