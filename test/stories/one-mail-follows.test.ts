import { expect, test } from "vitest"
import { picture, visitor } from "../support/chromium.ts"
import { demo, eventually } from "../support/product.ts"
import { smtpSink } from "../support/smtp.ts"
import { contactBy, linksIn, mailsTo, memberAt, openVideo, play, staffAt, timelineOf } from "./steps.ts"

const sink = await smtpSink()
const product = await demo({ SMTP_URL: sink.url })
const { address } = product.members.takeshi
const takeshi = await contactBy(product, address)
const dayMs = 86_400_000

test("who completes the first video gets exactly one mail for the next, may click and may refuse", {
  timeout: 180_000,
}, async () => {
  await product.setClock(nextMorning(await product.now()))
  const { page, context, faults } = await memberAt(390, product, "takeshi")
  const reports: { url: string; body: string }[] = []
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/watch"))
      reports.push({ url: request.url(), body: request.postData()! })
  })
  await openVideo(page, product, "tax-return-basics")
  await play(page, 0, 53)
  await page.getByText("視聴完了です。おつかれさまでした。").waitFor()

  // Within the minute one mail is there, addressed to him, with everything the law asks for.
  const received = await eventually(async () => mailsTo(sink, address)[0], { within: 60_000, what: "the mail" })
  const { mail } = received
  const header = (name: string) => mail.headers.find(({ key }) => key === name)?.value ?? ""
  expect(mail.subject).toBe("髙橋 武 様 次は「確定申告の応用」です")
  for (const text of [mail.text!, mail.html!]) {
    expect(text).toContain("髙橋 武 様")
    expect(text).toContain("確定申告の応用")
    for (const legal of [
      "株式会社まなび動画",
      "長野県松本市大手1-2-3",
      "support@manabi.example",
      "配信を停止する|お断り",
    ])
      expect(text).toMatch(new RegExp(legal))
  }
  const offered = [...mail.text!.matchAll(/^・(.+)$/gm)].map(([, title]) => title)
  expect(offered[0]).toBe("確定申告の応用")
  expect(offered).not.toContain("確定申告の基本")
  const unsubscribe = /<(http[^>]+)>/.exec(header("list-unsubscribe"))![1]!
  expect(header("list-unsubscribe-post")).toBe("List-Unsubscribe=One-Click")
  await page.setContent(mail.html!)
  await page.addStyleTag({ url: `${product.url}/assets/fonts/noto-sans-jp.css` })
  await page.addStyleTag({ content: `*{font-family:"Noto Sans JP Variable"!important}` })
  await picture(page, "mail-1-as-read")

  // The same report again, and again: nothing follows.
  expect(reports.length).toBeGreaterThan(1)
  for (const _ of [1, 2])
    for (const { url, body } of reports)
      expect(
        (
          await context.request.post(url, {
            data: body,
            headers: { "Content-Type": "application/json", Origin: product.url },
          })
        ).status(),
      ).toBe(200)

  // A scanner asks for every address in the mail, twice: nothing changes.
  const addresses = [...new Set([...linksIn(received), unsubscribe])]
  expect(addresses.length).toBeGreaterThan(2)
  for (const _ of [1, 2])
    for (const url of addresses)
      for (const method of ["HEAD", "GET"]) expect((await fetch(url, { method })).status, url).toBeLessThan(404)
  await page.waitForTimeout(2_000)
  expect(mailsTo(sink, address)).toHaveLength(1)
  const clicks = async () =>
    (await timelineOf(product, takeshi.id, "mail")).filter(({ name }) => name === "mail.clicked")
  expect(await clicks()).toEqual([])
  expect(await advertising()).toBe(true)

  // He clicks, at a phone where he is not signed in; the link signs nobody in, and counts once.
  const next = linksIn(received).find((url) => url.includes("/l/"))!
  const phone = await visitor(390)
  await phone.page.goto(next)
  expect(new URL(phone.page.url()).pathname).toBe("/videos/tax-return-advanced")
  await phone.page.getByRole("link", { name: "ログイン" }).first().waitFor()
  await eventually(async () => (await clicks()).length === 1, { within: 10_000, what: "the click on his timeline" })
  await picture(phone.page, "mail-2-landing")
  await page.goto(next)
  await page.waitForTimeout(1_500)
  expect(await clicks()).toHaveLength(1)
  const staff = await staffAt(1440, product, "marketer")
  await staff.page.goto(`${product.url}/console/contacts/${takeshi.id}?kind=mail`)
  await staff.page.getByText("リンクをクリック").first().waitFor()
  await picture(staff.page, "mail-3-timeline")

  // His mail program refuses for him, without a cookie; three days later nothing comes.
  const refused = await fetch(unsubscribe, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: "List-Unsubscribe=One-Click",
  })
  expect(refused.status).toBe(200)
  expect(await advertising()).toBe(false)
  await staff.page.reload()
  await staff.page.getByText("広告メール拒否").waitFor()
  await product.setClock(new Date(nextMorning(await product.now()).getTime() + 3 * dayMs))
  const fates = async () => (await product.api("GET", `/deliveries?contactId=${takeshi.id}`)).body.data
  const fate = await eventually(
    async () => (await fates()).find((one: { state: string }) => one.state === "suppressed"),
    {
      within: 20_000,
      what: "the reminder held back",
    },
  )
  expect(fate.reason).toMatch(/consent|refus/)
  expect(mailsTo(sink, address)).toHaveLength(1)
  expect([...faults, ...phone.faults, ...staff.faults]).toEqual([])
})

async function advertising(): Promise<boolean> {
  const { body } = await product.api("GET", `/contacts/${takeshi.id}/consents`)
  const now = body.data.find(
    (one: { purpose: string; until: string | null }) => one.purpose === "advertising-mail" && !one.until,
  )
  return now.granted
}

/** Ten o'clock in Tokyo, tomorrow if it is past. */
function nextMorning(now: Date): Date {
  const at = new Date(now)
  at.setUTCHours(1, 0, 0, 0)
  if (at < now) at.setUTCDate(at.getUTCDate() + 1)
  return at
}
