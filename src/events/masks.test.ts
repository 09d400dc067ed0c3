import { expect, test } from "vitest"
import { mask } from "./masks.ts"

test("mail addresses and phone numbers in a text are masked, whatever stands around them", () => {
  expect(mask("佐藤 <hanako.sato+a@example.jp> へ")).toBe("佐藤 <***@***> へ")
  expect(mask("連絡先はhanako＠example．jp、090-1234-5678まで")).toBe("***@***、***-****まで")
  expect(mask("a@b と x@example.jp,y@example.jp")).toBe("a@b と ***@***,***@***")
  expect(mask("注文 2026-11-22 の 12345")).toBe("注文 2026-11-22 の 12345")
})

test("a text made to be slow to look through is looked through at once", () => {
  const long = 400_000
  const startedAt = performance.now()
  for (const text of [
    `123${"a".repeat(long)}`,
    "0".repeat(long),
    "a@".repeat(long / 2),
    `a@${"b".repeat(long)}`,
    `a@${"b.".repeat(long / 2)}@`,
    "0 ".repeat(long / 2),
  ])
    mask(text)
  // Read letter by letter from every letter this would take minutes.
  expect(performance.now() - startedAt).toBeLessThan(10_000)
})
