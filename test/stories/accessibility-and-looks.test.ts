import type { Page } from "playwright-core"
import { expect, test } from "vitest"
import { accessibilityFaults, picture, visitor } from "../support/chromium.ts"
import { demo } from "../support/product.ts"
import { contactBy, memberAt, staffAt } from "./steps.ts"

const product = await demo()
const hanako = await contactBy(product, product.members.hanako.address)
const widths = [390, 1440] as const
type Pages = Record<string, string>

/** Every page light with all rules, then dark for its contrasts; pictures of both. */
async function look(page: Page, pages: Pages, who: string, width: number): Promise<string[]> {
  const found: string[] = []
  for (const [name, path] of Object.entries(pages)) {
    await page.emulateMedia({ colorScheme: "light" })
    await page.goto(product.url + path)
    await settled(page)
    found.push(...(await accessibilityFaults(page)).map((fault) => `${path} ${width}: ${fault}`))
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (wide > 0) found.push(`${path} ${width}: ${wide} px wider than the window`)
    await picture(page, `look-${who}-${name}-${width}`)
    await page.emulateMedia({ colorScheme: "dark" })
    found.push(
      ...(await accessibilityFaults(page, ["color-contrast"])).map((fault) => `${path} ${width} dark: ${fault}`),
    )
    await picture(page, `look-${who}-${name}-${width}-dark`)
  }
  return found
}

async function settled(page: Page): Promise<void> {
  await page.locator("main h1, main h2").first().waitFor()
  await page.waitForFunction(
    () => !document.querySelector(".loading, [aria-busy=true], .mantine-Loader-root"),
    undefined,
    {
      polling: 100,
    },
  )
  if (page.url().includes("/console")) await page.waitForLoadState("networkidle")
}

const forAnybody = {
  landing: "/",
  "sign-in": "/sign-in",
  join: "/join",
  courses: "/courses",
  video: "/videos/expenses-basics",
  closed: "/videos/blue-return",
  forgotten: "/password/forgotten",
  missing: "/nowhere",
}
const forMembers = {
  home: "/",
  courses: "/courses",
  video: "/videos/tax-return-advanced",
  closed: "/videos/blue-return",
  history: "/history",
  rank: "/rank",
  account: "/account",
  profile: "/account/profile",
  withdrawal: "/account/withdrawal",
  reason: "/account/withdrawal/reason",
}
const forStaff = {
  overview: "/console",
  contacts: "/console/contacts",
  contact: `/console/contacts/${hanako.id}`,
  videos: "/console/videos",
  segments: "/console/segments",
  ranks: "/console/ranks",
  scenarios: "/console/scenarios",
  deliveries: "/console/deliveries",
  settings: "/console/settings",
}

test("the picture of a member's home for the README", { timeout: 60_000 }, async () => {
  const { page, context, faults } = await memberAt(1440, product, "hanako")
  await picture(page, "home", false)
  expect(faults).toEqual([])
  await context.close()
})

for (const width of widths) {
  test(`a visitor's pages are readable for everybody at ${width} px`, { timeout: 120_000 }, async () => {
    const { page, context, faults } = await visitor(width)
    expect(await look(page, forAnybody, "visitor", width)).toEqual([])
    expect(faults).toEqual([])
    await context.close()
  })

  test(`a member's pages are readable for everybody at ${width} px`, { timeout: 120_000 }, async () => {
    const { page, context, faults } = await memberAt(width, product, "hanako")
    expect(await look(page, forMembers, "member", width)).toEqual([])
    expect(faults).toEqual([])
    await context.close()
  })

  test(`the console is readable for everybody at ${width} px`, { timeout: 120_000 }, async () => {
    const { page, context, faults } = await staffAt(width, product, "owner")
    expect(await look(page, forStaff, "console", width)).toEqual([])
    expect(faults).toEqual([])
    await context.close()
  })
}

test("English is complete: no Japanese on the way to joining but in what the operator wrote", {
  timeout: 60_000,
}, async () => {
  const { page, faults } = await visitor(1440, { locale: "en-US" })
  for (const path of ["/", "/sign-in", "/join", "/password/forgotten", "/nowhere"]) {
    await page.goto(product.url + path)
    const words = await page.evaluate(() => {
      for (const own of document.querySelectorAll("[lang=ja], select, .site-name, header a, footer")) own.remove()
      return document.body.innerText
    })
    expect(words.replaceAll(/まなび動画|日本語/g, ""), path).not.toMatch(/[\u3040-\u30ff\u3400-\u9fff]/)
  }
  expect(faults).toEqual([])
})

test("without JavaScript one can join, sign in, see one's home, and change the account", {
  timeout: 60_000,
}, async () => {
  const { page } = await memberAt(390, product, "hanako", { javaScript: false })
  await page.getByRole("link", { name: "続きから再生" }).first().waitFor()
  await page.goto(`${product.url}/videos/tax-return-advanced`)
  await page.locator("noscript .notice").waitFor()
  await page.goto(`${product.url}/account`)
  await page.getByRole("button", { name: "受け取りを止める" }).click()
  await page.getByText("お知らせメールの受け取りを止めました").waitFor()
  await page.getByRole("button", { name: "同意して受け取る" }).click()
  await page.getByText("お知らせメールの受け取りを始めました").waitFor()
  await page.getByRole("button", { name: "ログアウト", exact: true }).click()

  await page.goto(`${product.url}/join`)
  await page.getByLabel(/^郵便番号/).fill("498-0000")
  await page.getByRole("button", { name: "住所を検索" }).click()
  await page.getByLabel("愛知県弥富市").check()
  await page.getByRole("button", { name: "住所を検索" }).click()
  await expect.poll(() => page.getByLabel(/^市区町村/).inputValue()).toBe("弥富市")
  expect(await page.getByLabel(/^町名/).inputValue()).toBe("")
  await page.getByRole("button", { name: "確認画面へ" }).click()
  await page.getByText("姓を入力してください。").first().waitFor()
  expect(await page.getByLabel(/^郵便番号/).inputValue()).toContain("498-0000")
})
