import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { moved } from "./demo.ts"

test("started again at another address, the demo says so to whoever reads its sign-ins, and keeps them", async () => {
  const folder = await mkdtemp(join(tmpdir(), "musubi-demo-"))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, "demo.json")
  const made = { staff: {}, members: {}, apiToken: "t", serverKey: "s", browserKey: "b" }
  const at = (url: string) => ({ url, console: `${url}/console` })
  await writeFile(file, JSON.stringify({ ...at("http://127.0.0.1:3000"), ...made }))
  const there = { ...at("http://127.0.0.1:3777"), ...made }
  expect(await moved(file, at("http://127.0.0.1:3777"))).toEqual(there)
  expect(JSON.parse(await readFile(file, "utf8"))).toEqual(there)
  expect((await stat(file)).mode & 0o077).toBe(0)
})
