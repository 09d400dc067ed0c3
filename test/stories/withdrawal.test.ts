import { expect, test } from "vitest"
import { picture, visitor } from "../support/chromium.ts"
import { demo, eventually } from "../support/product.ts"
import { smtpSink } from "../support/smtp.ts"
import { contactBy, linksIn, mailsTo, memberAt, openVideo, signIn, staffAt, timelineOf } from "./steps.ts"

const sink = await smtpSink()
const product = await demo({ SMTP_URL: sink.url })
const { address } = product.members.hanako
const hanako = await contactBy(product, address)

test("withdrawing takes three screens and no call; everything closes at once, and the address is free again", {
  timeout: 120_000,
}, async () => {
  const phone = await memberAt(390, product, "hanako")
  const desk = await memberAt(1440, product, "hanako")
  await openVideo(desk.page, product, "tax-return-advanced")
  const media = await desk.page.locator("video").evaluate((video) => (video as HTMLVideoElement).currentSrc)
  const bytes = async () => (await desk.context.request.get(media, { headers: { Range: "bytes=0-9" } })).status()
  expect(await bytes()).toBe(206)

  const { page } = phone
  await page.goto(`${product.url}/account`)
  await page.getByRole("link", { name: "退会の手続き" }).click()
  await page.getByText("現在のランク「ブロンズ」").waitFor()
  await picture(page, "withdrawal-1-what-changes")
  await page.getByRole("link", { name: "手続きを続ける" }).click()
  await page.getByLabel("時間が取れない").check()
  await picture(page, "withdrawal-2-reason")
  await page.getByRole("button", { name: "手続きを続ける" }).click()
  await page.getByText("お電話などのご連絡は必要ありません").waitFor()
  await picture(page, "withdrawal-3-sure")
  await page.getByRole("button", { name: "退会する", exact: true }).click()
  await page.waitForURL(/\/withdrawn/)
  await picture(page, "withdrawal-4-done")

  // What this browser looks at from now on is nobody's.
  await page.goto(`${product.url}/courses`)
  await page.waitForTimeout(1_500)
  const events = await timelineOf(product, hanako.id)
  const since = events.slice(
    0,
    events.findIndex(({ name }) => name === "member.withdrew"),
  )
  expect(since.filter(({ name }) => name.startsWith("page."))).toEqual([])

  // Nothing opens any more, on no device.
  expect(await bytes()).toBe(403)
  for (const { page } of [phone, desk]) {
    await page.goto(`${product.url}/account`)
    expect(new URL(page.url()).pathname).toBe("/sign-in")
    await page.goto(product.url)
    await page.getByRole("link", { name: "無料で登録" }).first().waitFor()
    expect((await page.goto(`${product.url}/videos/tax-return-advanced`))!.status()).toBe(403)
  }
  await page.goto(`${product.url}/sign-in`)
  await page.getByLabel("メールアドレス").fill(address)
  await page.getByLabel("パスワード").fill(product.members.hanako.password)
  await page.getByRole("button", { name: "ログインする" }).click()
  await page.getByRole("alert").first().waitFor()

  const told = await eventually(async () => mailsTo(sink, address).find(({ mail }) => mail.subject?.includes("退会")), {
    within: 20_000,
    what: "the mail about the withdrawal",
  })
  expect(told.mail.text).toContain("佐藤 花子 様")
  const staff = await staffAt(1440, product, "support")
  await staff.page.goto(`${product.url}/console/contacts/${hanako.id}`)
  await staff.page.getByText("時間が取れない").or(staff.page.getByText("退会")).first().waitFor()
  await picture(staff.page, "withdrawal-5-console")

  // She comes back with the same address.
  const again = await visitor(390)
  await again.page.goto(`${product.url}/join`)
  for (const [label, text] of [
    [/^姓/, "佐藤"],
    [/^名/, "花子"],
    [/^セイ/, "サトウ"],
    [/^メイ/, "ハナコ"],
    [/^メールアドレス/, address],
  ] as const)
    await again.page.getByLabel(label).fill(text)
  await again.page.getByLabel(/利用規約に同意/).check()
  await again.page.getByRole("button", { name: "確認画面へ" }).click()
  await again.page.getByLabel(/^パスワード/).fill("kisetsu-no-hana-7")
  await again.page.getByRole("button", { name: "登録する" }).click()
  await again.page.waitForURL(/\/join\/sent/)
  const link = await eventually(
    async () =>
      mailsTo(sink, address)
        .flatMap(linksIn)
        .find((url) => url.includes("/verify")),
    { within: 20_000, what: "the confirmation mail" },
  )
  await again.page.goto(link)
  await again.page.getByRole("button", { name: "確認する" }).click()
  await signIn(again, product, { address, password: "kisetsu-no-hana-7" })
  await again.page.getByText("佐藤 花子 様").first().waitFor()
  expect([...phone.faults, ...desk.faults, ...staff.faults, ...again.faults]).toEqual([])
})
