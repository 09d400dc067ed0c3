import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { assets } from "./assets.ts"

async function built(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "assets-"))
  onTestFinished(() => rm(folder, { recursive: true }))
  await mkdir(join(folder, "assets"))
  await writeFile(join(folder, "assets/site.css"), "body {}")
  await writeFile(join(folder, "assets/player.js"), Buffer.alloc(1_000_000))
  return folder
}

test("a file with its version in the address is kept for ever, one without is asked for again", async () => {
  const app = assets(await built())
  const versioned = await app.request("/assets/site.css?v=1")
  expect(await versioned.text()).toBe("body {}")
  expect(versioned.headers.get("cache-control")).toContain("immutable")
  const plain = await app.request("/assets/site.css")
  expect(await plain.text()).toBe("body {}")
  expect(plain.headers.get("cache-control")).toBe("no-cache")
})

test("a font may be used by a document in a sandbox; nothing else is given to other origins", async () => {
  const folder = await built()
  await writeFile(join(folder, "assets/noto.woff2"), "x")
  const app = assets(folder)
  expect((await app.request("/assets/noto.woff2")).headers.get("access-control-allow-origin")).toBe("*")
  expect((await app.request("/assets/site.css")).headers.get("access-control-allow-origin")).toBeNull()
})

test.skipIf(process.platform !== "linux")("asking for the head alone leaves no file open", async () => {
  const app = assets(await built())
  const open = async () => (await readdir("/proc/self/fd")).length
  const before = await open()
  for (let asked = 0; asked < 50; asked++) {
    const head = await app.request("/assets/player.js", { method: "HEAD" })
    expect([head.status, head.headers.get("content-length")]).toEqual([200, "1000000"])
  }
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect((await open()) - before).toBeLessThan(10)
})
