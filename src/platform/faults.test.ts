import { expect, test } from "vitest"
import { z } from "zod"
import { Invalid } from "./http.ts"

const shape = z.object({
  name: z.string().min(1).max(5),
  tags: z.array(z.string()).min(1),
  size: z.number().max(3),
  kind: z.enum(["a", "b"]),
  code: z.string().regex(/^x/, "x から始めてください"),
})

function faults(input: unknown, locale: "ja" | "en") {
  return Invalid.of(shape.safeParse(input).error!).fields(locale)
}

test("what does not fit its schema is said field by field, in the reader's language", () => {
  const bad = { name: "", tags: [], size: 4, kind: "c", code: "x" }
  expect(faults(bad, "ja")).toEqual({
    name: "入力してください。",
    tags: "1つ以上選んでください。",
    size: "3以下にしてください。",
    kind: "選べる値の中から指定してください。",
  })
  expect(faults(bad, "en")).toMatchObject({ name: "Please fill this in.", size: "Please choose 3 or less." })
  expect(faults({ ...bad, name: "abcdef" }, "ja").name).toBe("5文字以内で入力してください。")
  expect(faults({ ...bad, name: undefined }, "ja").name).toContain("(string)")
})

test("a message that a schema has of its own stays", () => {
  expect(faults({ name: "a", tags: ["a"], size: 1, kind: "a", code: "y" }, "en")).toEqual({
    code: "x から始めてください",
  })
})
