import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { PassThrough, Readable } from "node:stream"
import { afterAll, expect, test } from "vitest"
import { folderStorage, unfinished } from "./storage.ts"

const folder = await mkdtemp(join(tmpdir(), "musubi-storage-"))
afterAll(() => rm(folder, { recursive: true, force: true }))
const storage = folderStorage(folder)
const kept = (key: string) => readFile(join(folder, key), "utf8")

test("two who write the same key at once both come to an end, and the file is whole throughout", async () => {
  const [slow, quick] = [new PassThrough(), new PassThrough()]
  const writing = storage.put("a/one", slow)
  slow.write("first ")
  const overtaking = storage.put("a/one", quick)
  quick.end("second")
  await overtaking
  expect(await kept("a/one")).toBe("second")
  slow.end("whole")
  await writing
  expect(await kept("a/one")).toBe("first whole")
})

test("a write that breaks off leaves what was there, and nothing else", async () => {
  await storage.put("b/one", Readable.from(["kept"]))
  const broken = Readable.from(
    (function* () {
      yield "half"
      throw new Error("cut off")
    })(),
  )
  await expect(storage.put("b/one", broken)).rejects.toThrow("cut off")
  expect(await kept("b/one")).toBe("kept")
  expect(await readdir(join(folder, unfinished))).toEqual([])
})

test("what a killed process left half written goes with a write a day later", async () => {
  await mkdir(join(folder, unfinished), { recursive: true })
  for (const name of ["old", "young"]) await writeFile(join(folder, unfinished, name), "half")
  const yesterday = new Date(Date.now() - 25 * 3_600_000)
  await utimes(join(folder, unfinished, "old"), yesterday, yesterday)
  await storage.put("c/one", Readable.from(["x"]))
  expect(await readdir(join(folder, unfinished))).toEqual(["young"])
})

test("a key that leads out of the folder is refused", () => {
  for (const key of ["../secret", "a/../../secret", "/etc/passwd", ""])
    expect(() => storage.path(key)).toThrow("outside its folder")
})
