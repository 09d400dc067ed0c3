import { expect, test } from "vitest"
import { passwords } from "./index.ts"

test("a password is kept as argon2id with 19 MiB and two passes", async () => {
  expect((await passwords.hash("tanpopo-no-wata")).hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
})

test("only the right password is right; without a hash none is", async () => {
  const { hash } = await passwords.hash("ｔａｎｐｏｐｏ-no-wata")
  expect(await passwords.verify(hash, "tanpopo-no-wata")).toBe(true)
  expect(await passwords.verify(hash, "tanpopo-no-wate")).toBe(false)
  expect(await passwords.verify(undefined, "tanpopo-no-wata")).toBe(false)
  expect(await passwords.verify(null, "")).toBe(false)
})

test("a password of the full length is not right with something after it", async () => {
  const long = "やまかわ".repeat(50)
  const { hash } = await passwords.hash(long)
  expect(await passwords.verify(hash, long)).toBe(true)
  expect(await passwords.verify(hash, `${long}x`)).toBe(false)
})

test.each([
  ["short-one", "short"],
  ["x".repeat(201), "long"],
  ["password123", "common"],
  ["P@ssw0rd2026", "common"],
  ["qwertyuiop1", "common"],
  ["1234567890", "common"],
  ["aaaaaaaaaaaa", "common"],
  ["hanako-sato", "common"],
  ["hanako-sato@example.jp", "common"],
])("%s is refused as %s", (password, why) => {
  expect(passwords.fault(password, ["Hanako-Sato@example.jp"])).toBe(why)
})

test("ordinary pass phrases are accepted", () => {
  for (const password of ["tanpopo-no-wata", "合い言葉は山と川です", "correct horse battery staple"])
    expect(passwords.fault(password, ["hanako@example.jp"])).toBeUndefined()
})
