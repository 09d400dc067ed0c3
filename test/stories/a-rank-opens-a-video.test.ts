import { expect, test } from "vitest"
import { picture } from "../support/chromium.ts"
import { demo, eventually } from "../support/product.ts"
import { smtpSink } from "../support/smtp.ts"
import { contactBy, mailsTo, memberAt, openVideo, play, staffAt, timelineOf } from "./steps.ts"

const sink = await smtpSink()
const product = await demo({ SMTP_URL: sink.url })
const hanako = await contactBy(product, product.members.hanako.address)
const silver = "blue-return"

test("the fifth completed video makes her silver within seconds, and what silver opens plays at once", {
  timeout: 150_000,
}, async () => {
  const { page, faults, context } = await memberAt(390, product, "hanako")
  const { body: videos } = await product.api("GET", "/videos?limit=100")
  const idOf = (slug: string) => videos.data.find((video: { slug: string }) => video.slug === slug).id as string

  // Before: neither the page nor the bytes, also not with an address that is signed for another video.
  expect((await page.goto(`${product.url}/videos/${silver}`))!.status()).toBe(403)
  await page.locator("main").getByText("シルバー").first().waitFor()
  await picture(page, "rank-1-closed")
  const bytes = async (path: string) =>
    (await context.request.get(`${product.url}${path}`, { headers: { Range: "bytes=0-9" } })).status()
  await openVideo(page, product, "tax-return-advanced")
  const open = new URL(await page.locator("video").evaluate((video) => (video as HTMLVideoElement).currentSrc))
  expect(await bytes(open.pathname + open.search)).toBe(206)
  expect(await bytes(`/media/videos/${idOf(silver)}`)).toBe(403)
  expect(await bytes(`/media/videos/${idOf(silver)}${open.search}`)).toBe(403)
  expect(await bytes(`/media/videos/${idOf(silver)}/captions${open.search}`)).toBe(403)
  expect(
    (await context.request.post(`${product.url}/videos/${silver}/play`, { headers: { Origin: product.url } })).status(),
  ).toBe(403)

  // The rolling month: 40 days old is closed, 12 days old is open.
  expect((await page.goto(`${product.url}/videos/cash-flow-actions`))!.status()).toBe(403)
  expect((await page.goto(`${product.url}/videos/cash-flow-gap`))!.status()).toBe(200)
  await page
    .getByText(/あと\d+日/)
    .first()
    .waitFor()

  // She watches what is missing of the fifth.
  await openVideo(page, product, "tax-return-advanced")
  await play(page, 28, 36)
  await play(page, 46, 63)
  await page.getByText("視聴完了です。おつかれさまでした。").waitFor()
  const completedAt = performance.now()
  const rankOf = async () => (await product.api("GET", `/contacts/${hanako.id}/rank`)).body
  const now = await eventually(
    async () => {
      const rank = await rankOf()
      return rank.current.rank.name.ja === "シルバー" && rank
    },
    { within: 10_000, what: "シルバー" },
  )
  expect(performance.now() - completedAt).toBeLessThan(10_000)
  expect(now.history[0]).toMatchObject({ rank: { name: { ja: "シルバー" } }, cause: "rose" })
  expect(JSON.stringify(now.history[0].reason)).toContain("watch.completed_count")

  // The same page, the same bytes: open.
  await page.goto(`${product.url}/rank`)
  await page.getByText("ランクアップ").first().waitFor()
  await page.locator("main").getByText("シルバー").first().waitFor()
  await picture(page, "rank-2-rank")
  expect((await page.goto(`${product.url}/videos/${silver}`))!.status()).toBe(200)
  await openVideo(page, product, silver)
  await play(page, 0, 4)
  await picture(page, "rank-3-open")

  // One rise, one notice.
  const mail = await eventually(
    async () => mailsTo(sink, product.members.hanako.address).find(({ mail }) => mail.subject?.includes("シルバー")),
    {
      within: 20_000,
      what: "the notice of the rise",
    },
  )
  expect(mail.mail.text).toContain("佐藤 花子 様")
  await product.api("POST", "/test-clock", { at: null })
  await page.waitForTimeout(3_000)
  expect(
    mailsTo(sink, product.members.hanako.address).filter(({ mail }) => mail.subject?.includes("シルバー")),
  ).toHaveLength(1)
  const rises = (await timelineOf(product, hanako.id, "rank")).filter(({ name }) => name === "rank.rose")
  expect(rises.filter(({ at }) => Date.now() - new Date(at).getTime() < 300_000)).toHaveLength(1)

  const staff = await staffAt(1440, product, "marketer")
  await staff.page.goto(`${product.url}/console/contacts/${hanako.id}`)
  const box = staff.page.locator("#rank")
  await box.getByText("シルバー").first().waitFor()
  await staff.page.locator(".entry").nth(5).waitFor()
  await picture(staff.page, "rank-4-console")
  await picture(staff.page, "contact", false) // for the README
  expect([...faults, ...staff.faults]).toEqual([])
})
