import { expect, test } from "vitest"
import * as cursors from "./cursors.ts"
import { newId } from "./ids.ts"

const id = newId()
const at = new Date("2026-11-22T03:04:05.678Z")

test("a place in a list comes back as it was", () => {
  expect(cursors.timeOf(cursors.atTime(at, id))).toEqual({ at, id })
  expect(cursors.nameOf(cursors.atName("サトウ ハナコ", id))).toEqual({ kana: "サトウ ハナコ", id })
  expect([cursors.timeOf(undefined), cursors.nameOf(null)]).toEqual([undefined, undefined])
})

test("what is not ours is refused, also when it looks alike", () => {
  const likeId = "-".repeat(36)
  for (const word of [
    "rubbish",
    cursors.encode([]),
    cursors.encode([at.toISOString()]),
    cursors.encode([at.toISOString(), likeId]),
    cursors.encode([at.toISOString(), id, id]),
    cursors.encode(["2026-13-45T99:00:00.000Z", id]),
    cursors.encode(["-000100-01-01T00:00:00.000Z", id]),
    cursors.encode(["now", id]),
    Buffer.from("[1,2]").toString("base64url"),
    Buffer.from("null").toString("base64url"),
  ])
    expect(() => cursors.timeOf(word)).toThrow(cursors.BadCursor)
  for (const word of [cursors.encode(["サトウ", likeId]), cursors.encode(["サ\0", id]), cursors.encode([id])])
    expect(() => cursors.nameOf(word)).toThrow(cursors.BadCursor)
})
