import { expect, test } from "vitest"
import { minus, type Range, recorder, united } from "./recorder.ts"

function play(
  record: ReturnType<typeof recorder>,
  from: number,
  to: number,
  options: { startMs?: number; rate?: number } = {},
) {
  const { startMs = 0, rate = 1 } = options
  for (let position = from; position <= to; position += 0.25 * rate)
    record.at(position, startMs + ((position - from) / rate) * 1000, rate)
  return startMs + ((to - from) / rate) * 1000
}

test("playing on reports whole seconds without holes between the reports", () => {
  const record = recorder()
  play(record, 0, 10.5)
  expect(record.take()).toEqual([[0, 10]])
  play(record, 10.5, 21.2, { startMs: 10_500 })
  expect(record.take()).toEqual([[10, 21]])
  expect(record.take()).toEqual([])
})

test("a jump earns nothing", () => {
  const record = recorder()
  const now = play(record, 0, 5)
  record.at(595, now + 250, 1)
  record.at(598, now + 3_250, 1)
  expect(record.take()).toEqual([
    [0, 5],
    [595, 598],
  ])
})

test("pausing within a second and going on loses no second", () => {
  const record = recorder()
  play(record, 0, 20.75)
  record.stop()
  expect(record.take()).toEqual([[0, 20]])
  play(record, 20.75, 30, { startMs: 60_000 })
  expect(record.take()).toEqual([[20, 30]])
})

test("the end of the video counts to its last part of a second", () => {
  const record = recorder()
  play(record, 50, 57.25)
  record.stop(57.4)
  expect(record.take()).toEqual([[50, 58]])
})

test("double speed is playing; a slow timer in the background is playing too", () => {
  const fast = recorder()
  play(fast, 0, 60, { rate: 2 })
  expect(fast.take()).toEqual([[0, 60]])
  const slow = recorder()
  for (let second = 0; second <= 60; second += 5) slow.at(second, second * 1000, 1)
  expect(slow.take()).toEqual([[0, 60]])
})

test("watching a part again reports it again; what the browser knows to be played and was missed is added once", () => {
  const record = recorder()
  play(record, 0, 10)
  expect(record.take()).toEqual([[0, 10]])
  record.stop()
  play(record, 0, 5, { startMs: 60_000 })
  record.fill([[0, 42.7]])
  expect(record.take()).toEqual([
    [0, 5],
    [10, 42],
  ])
  record.fill([[0, 42.7]])
  expect(record.take()).toEqual([])
})

test("subtracting leaves what is not covered", () => {
  const ranges: Range[] = [
    [0, 10],
    [20, 30],
  ]
  expect(
    minus(ranges, [
      [2, 4],
      [8, 22],
    ]),
  ).toEqual([
    [0, 2],
    [4, 8],
    [22, 30],
  ])
  expect(
    united([
      [5, 6],
      [0, 5],
      [9, 9],
    ]),
  ).toEqual([[0, 6]])
})
