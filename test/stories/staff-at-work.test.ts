import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { expect, test } from "vitest"
import { picture } from "../support/chromium.ts"
import { demo, eventually } from "../support/product.ts"
import { staffAt } from "./steps.ts"

const product = await demo()

test("an upload that is paused, or cut off, goes on from what has arrived", { timeout: 60_000 }, async () => {
  const { page, context } = await staffAt(1440, product, "owner")
  const { body: video } = await product.api("POST", "/videos", { title: "途切れる動画" })
  const file = await largeClip()
  const network = await context.newCDPSession(page)
  const upload = (bytesPerSecond: number) =>
    network.send("Network.emulateNetworkConditions", {
      offline: bytesPerSecond === 0,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: bytesPerSecond,
    })
  const pieces: number[] = []
  page.on("request", (request) => {
    if (request.method() === "PATCH" && request.url().includes("/api/uploads/"))
      pieces.push(Number(request.headers()["upload-offset"]))
  })
  const box = page.locator(".upload").first()
  const share = async () => Number(await box.getByRole("progressbar").getAttribute("aria-valuenow"))

  await page.goto(`${product.url}/console/videos/${video.id}`)
  await box.waitFor()
  await upload(4_000_000)
  await box.locator("..").locator("input[type=file]").setInputFiles(file)
  await eventually(async () => (await share()) > 5, { within: 5_000, what: "something sent" })
  await box.getByRole("button", { name: "一時停止" }).click()
  await box.getByText("一時停止中").waitFor()
  await box.getByRole("button", { name: "再開" }).click()
  await box.getByText("送信中").waitFor()
  await eventually(async () => pieces.length === 2, { within: 5_000, what: "the second piece" })
  expect(pieces[1]).toBeGreaterThan(0)

  await upload(0)
  await box.getByText("通信が切れました").waitFor()
  await picture(page, "upload-cut-off")
  await upload(-1)
  await page.locator("main video").waitFor()
  expect(pieces.at(-1)).toBeGreaterThanOrEqual(pieces[1]!)
  const { body: kept } = await product.api("GET", `/videos/${video.id}`)
  expect(kept).toMatchObject({ fileBytes: (await readFile(file)).length, durationSeconds: 12 })

  // What is no video is refused for good: another file can be chosen, the same is not sent again.
  const rubbish = join(product.folder, "rubbish.mp4")
  await writeFile(rubbish, "no video at all")
  await box.locator("..").locator("input[type=file]").setInputFiles(rubbish)
  await box.getByText("動画として読み取れないファイルです").waitFor()
  await box.getByRole("button", { name: "別のファイルを選ぶ" }).waitFor()
  expect(await box.getByRole("button", { name: "再開" }).count()).toBe(0)

  await page.goto(`${product.url}/console/videos`)
  await page.getByLabel("状態").selectOption({ label: "下書き" })
  await page.waitForURL(/state=draft/)
  await page.locator("tbody tr").getByText("途切れる動画").waitFor()
  await eventually(async () => (await page.locator("tbody tr").count()) === 1, { within: 5_000, what: "drafts alone" })
})

test("who is taken on can sign in, and is out at once when stopped", { timeout: 60_000 }, async () => {
  const { page, faults } = await staffAt(1440, product, "owner")
  const fresh = { address: "kimura@manabi.example", password: "kotoba-no-tabi-2026" }
  await page.goto(`${product.url}/console/settings/staff`)
  await page.getByRole("button", { name: "スタッフを追加" }).click()
  const form = page.getByRole("dialog")
  await form.getByRole("button", { name: "保存" }).click()
  await form.getByText("入力してください。").first().waitFor()
  await form.getByLabel("名前").fill("木村 渚")
  await form.getByLabel("メールアドレス").fill(fresh.address)
  await form.getByLabel("役割").selectOption("editor")
  await form.getByLabel("最初のパスワード", { exact: true }).fill(fresh.password)
  await form.getByRole("button", { name: "保存" }).click()
  const row = page.locator("tr", { hasText: fresh.address })
  await row.getByText("編集者").waitFor()

  const theirs = await staffAt(1440, { ...product, staff: { ...product.staff, editor: fresh } }, "editor")
  await row.getByRole("button", { name: "変更" }).click()
  await form.getByRole("switch").click()
  await form.getByRole("button", { name: "保存" }).click()
  await row.getByText("停止中").waitFor()
  await theirs.page.goto(`${product.url}/console/videos`)
  await theirs.page.getByText("運営画面にログイン").waitFor()
  expect([...faults, ...theirs.faults]).toEqual([])
})

/** A clip that plays, made so long in bytes that sending it takes a while. */
async function largeClip(): Promise<string> {
  const padding = Buffer.alloc(12 * 2 ** 20)
  padding.writeUInt32BE(padding.length)
  padding.write("free", 4)
  const path = join(product.folder, "large.mp4")
  await writeFile(path, Buffer.concat([await readFile("test/support/clip.mp4"), padding]))
  return path
}
