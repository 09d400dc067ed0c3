import { expect, test } from "vitest"
import { words } from "./words.ts"

const say = words(
  { empty: "まだありません", "empty.text": "{count}件あります", raw: "100%です" },
  { empty: "Nothing yet", "empty.text": "{count, plural, one {# item} other {# items}}", raw: "It's 100%" },
)

test("a text is said in the reader's language, with its values", () => {
  expect(say("ja")("empty.text", { count: 3 })).toBe("3件あります")
  expect(say("en")("empty.text", { count: 1 })).toBe("1 item")
})

test("a key may continue another key", () => {
  expect(say("ja")("empty")).toBe("まだありません")
})

test("a text without a translation fails loudly", () => {
  expect(() => say("ja")("nowhere")).toThrow()
})
