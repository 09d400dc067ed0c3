import fc from "fast-check"
import { expect, test } from "vitest"
import { addressKey, cleanAddress, isAddress } from "./index.ts"

test.each([
  [" Hanako@Example.JP ", "hanako@example.jp"],
  ["ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ", "hanako@example.jp"],
  ["hanako@例え.テスト", "hanako@xn--r8jz45g.xn--zckzah"],
  ["\u3000hanako@example.jp\u3000", "hanako@example.jp"],
  ["hanako+news@example.jp", "hanako+news@example.jp"],
  ["ha.na.ko@example.jp", "ha.na.ko@example.jp"],
])("%s is compared as %s", (typed, key) => {
  expect(addressKey(typed)).toBe(key)
})

test("tags and dots make different mailboxes", () => {
  const keys = ["hanako@example.jp", "hanako+a@example.jp", "hana.ko@example.jp"].map(addressKey)
  expect(new Set(keys).size).toBe(3)
})

test.each(["tanaka..ichiro@docomo.ne.jp", "tanaka.@ezweb.ne.jp", ".tanaka@docomo.ne.jp", "a@b.jp", "ｈ＠例え.jp"])(
  "%s is accepted",
  (typed) => expect(isAddress(typed)).toBe(true),
)

test.each([
  "",
  "hanako",
  "@example.jp",
  "hanako@",
  "hanako@localhost",
  "a@b@c.jp",
  "ha nako@example.jp",
  "hanako@example..jp",
  "hanako@-example.jp",
  "花子@example.jp",
  "hanako@example.jp\nBcc: x@example.jp",
  "hanako@example.jp, taro@example.jp",
  "<hanako@example.jp>",
  `${"a".repeat(65)}@example.jp`,
  "hanako@127.0.0.1",
])("%j is not accepted", (typed) => expect(isAddress(typed)).toBe(false))

test("a key is its own key, and belongs to the address mail is sent to", () => {
  fc.assert(
    fc.property(fc.oneof(fc.emailAddress(), fc.string({ unit: "grapheme" })), (typed) => {
      if (!isAddress(typed)) return
      expect(addressKey(addressKey(typed))).toBe(addressKey(typed))
      expect(addressKey(cleanAddress(typed))).toBe(addressKey(typed))
      expect(cleanAddress(typed)).not.toMatch(/[\s<>,;]/)
    }),
    { numRuns: 1_000 },
  )
})
