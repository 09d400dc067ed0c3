import { expect, test } from "vitest"
import { picture, visitor } from "../support/chromium.ts"
import { demo, eventually } from "../support/product.ts"
import { smtpSink } from "../support/smtp.ts"
import { contactBy, linksIn, mailsTo, openVideo, signIn, staffAt, timelineOf } from "./steps.ts"

const address = "sato.hanako@example.jp"
const password = "kisetsu-no-hana-7"
const sink = await smtpSink()
const product = await demo({ SMTP_URL: sink.url })

test("a visitor looks around, joins, confirms her address, signs in, and is known in the console within seconds", {
  timeout: 120_000,
}, async () => {
  const hanako = await visitor(390)
  const { page } = hanako

  // She looks around without being known.
  await page.goto(product.url)
  await picture(page, "join-1-landing")
  await page.getByRole("link", { name: "登録なしで見る" }).click()
  await page.waitForURL(/\/videos\//)
  const looked = new URL(page.url()).pathname
  await openVideo(page, product, looked.split("/").at(-1)!)
  await page.waitForTimeout(1_500)

  // She joins.
  await page.goto(product.url)
  await page.getByRole("link", { name: "無料で登録" }).first().click()
  await page.getByLabel(/^姓/).fill("佐藤")
  await page.getByLabel(/^名/).fill("花子")
  await page.getByLabel(/^セイ/).fill("さとう")
  await page.getByLabel(/^メイ/).fill("ﾊﾅｺ")
  await page.getByLabel(/^メールアドレス/).fill(address)
  await page.getByLabel(/^電話番号/).fill("０９０ー１２３４ー５６７８")
  await page.getByLabel(/^番地/).fill("1-2-3")
  await page.getByLabel(/^郵便番号/).fill("〒３９０－０８７４")
  await page.getByRole("button", { name: "住所を検索" }).click()
  await page.waitForLoadState()
  expect(await page.getByLabel(/^都道府県/).inputValue()).toBe("長野県")
  expect(await page.getByLabel(/^市区町村/).inputValue()).toBe("松本市")
  expect(await page.getByLabel(/^町名/).inputValue()).toBe("大手")
  expect(await page.getByLabel(/^番地/).inputValue()).toBe("1-2-3")
  await page.getByLabel(/利用規約に同意/).check()
  await picture(page, "join-2-form")
  await page.getByRole("button", { name: "確認画面へ" }).click()
  const review = page.locator("main")
  for (const text of ["佐藤 花子", "サトウ ハナコ", address, "090-1234-5678", "長野県松本市大手1-2-3"])
    await review.getByText(text).first().waitFor()
  await page.getByLabel(/^パスワード/).fill(password)
  await picture(page, "join-3-confirm")
  await page.getByRole("button", { name: "登録する" }).click()
  await page.waitForURL(/\/join\/sent/)
  await picture(page, "join-4-sent")

  // Until she confirms, the right password does not let her in.
  const mail = await eventually(async () => mailsTo(sink, address)[0], {
    within: 20_000,
    what: "the confirmation mail",
  })
  expect(mail.mail.subject).toMatch(/確認/)
  const link = linksIn(mail).find((url) => url.includes("/verify"))!
  expect(link).toContain(product.url)

  // A scanner opens every link of the mail, twice: nothing changes.
  const verified = () =>
    product.db.selectFrom("account").select("verifiedAt").where("address", "=", address).executeTakeFirst()
  for (const _ of [1, 2])
    for (const url of linksIn(mail)) expect((await fetch(url, { redirect: "manual" })).status).toBeLessThan(400)
  expect((await verified())?.verifiedAt).toBeNull()

  // She presses the button, and signs in.
  await page.goto(link)
  await picture(page, "join-5-verify")
  await page.getByRole("button", { name: "確認する" }).click()
  await page.getByText("メールアドレスを確認しました").waitFor()
  expect((await verified())?.verifiedAt).not.toBeNull()
  const staff = await staffAt(1440, product, "support")
  await signIn(hanako, product, { address, password })
  const known = async () => (await product.api("GET", "/contacts?search=%E3%81%95%E3%81%A8%E3%81%86")).body.data
  await eventually(async () => (await known()).some((one: { email: string }) => one.email === address), {
    within: 5_000,
    what: "her line in the list of contacts",
  })
  await page.waitForTimeout(1_200)
  await picture(page, "join-6-home")

  // The staff find her at once, at her place in the order of the kana.
  await staff.page.goto(`${product.url}/console/contacts`)
  const row = staff.page.getByRole("row").filter({ hasText: address })
  await staff.page.getByPlaceholder(/姓・名/).fill("さとう")
  await row.waitFor()
  await picture(staff.page, "join-7-contacts", false)
  const everybody: { familyKana: string; givenKana: string; email: string; plan: string; phone: string }[] = []
  for (let cursor = ""; ; ) {
    const { body } = await product.api("GET", `/contacts?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)
    everybody.push(...body.data)
    if (!body.nextCursor) break
    cursor = body.nextCursor
  }
  const place = everybody.findIndex(({ email }) => email === address)
  const [ito, watanabe] = ["イトウ", "ワタナベ"]
  expect(everybody[place]).toMatchObject({
    familyKana: "サトウ",
    givenKana: "ハナコ",
    phone: "090-1234-5678",
    plan: "free",
  })
  expect(everybody.findLastIndex(({ familyKana }) => familyKana === ito)).toBeLessThan(place)
  expect(everybody.findIndex(({ familyKana }) => familyKana === watanabe)).toBeGreaterThan(place)
  const kana = everybody.map(({ familyKana }) => familyKana)
  expect(kana.toSorted(new Intl.Collator("ja").compare)).toEqual(kana)

  // What she looked at before she was known is on her timeline.
  const { id } = await contactBy(product, address)
  const pages = await eventually(
    async () => {
      const viewed = (await timelineOf(product, id, "page")).filter(({ name }) => name === "page.viewed")
      return viewed.some(({ properties }) => properties.path === looked) && viewed
    },
    { within: 10_000, what: "her anonymous page views on her timeline" },
  )
  const before = pages.find(({ properties }) => properties.path === looked)!
  expect(before.originId).toBeDefined()
  expect(before.originId).not.toBe(id)
  expect(new Date(before.at).getTime()).toBeLessThan(Date.now())
  await row.getByRole("link").first().click()
  await staff.page.getByText("ページを閲覧").first().waitFor()
  await picture(staff.page, "join-8-contact")
  expect([...hanako.faults, ...staff.faults]).toEqual([])
})
