import { expect, test } from "vitest"
import { picture } from "../support/chromium.ts"
import { demo, eventually } from "../support/product.ts"
import { contactBy, memberAt, openVideo, play, position, staffAt, timelineOf, watchOf } from "./steps.ts"

const product = await demo()
const takeshi = await contactBy(product, product.members.takeshi.address)
const slug = "expenses-basics"
const seconds = 40

test("seeking to the end earns nothing; played seconds are united; nine tenths of them complete the video", {
  timeout: 150_000,
}, async () => {
  const { page, faults } = await memberAt(390, product, "takeshi")
  await openVideo(page, product, slug)
  const kept = (least: number) =>
    eventually(
      async () => {
        const watched = await watchOf(product, takeshi.id, slug)
        return watched && watched.seconds >= least ? watched : undefined
      },
      { within: 15_000, what: `${least} seconds of ${slug}` },
    )

  // To the end in one pull, and only the last seconds played.
  await play(page, seconds - 4, "end")
  const end = await kept(3)
  expect(end.seconds).toBeLessThanOrEqual(5)
  expect(end.completedAt).toBeNull()
  expect(await page.locator("[data-percent]").textContent()).toMatch(/^(7|10|12)% 視聴済み$/)

  // The first half twice, the second once: the union counts.
  await play(page, 0, 14)
  const once = await kept(17)
  await play(page, 0, 10)
  await page.waitForTimeout(1_000)
  const twice = (await watchOf(product, takeshi.id, slug))!
  // Pausing is a click: it may come a moment later than the first time, and what was played is counted.
  expect(twice.seconds).toBeLessThanOrEqual(once.seconds + 3)
  expect(twice.completedAt).toBeNull()
  await play(page, 14, 29)
  expect((await kept(31)).completedAt).toBeNull()
  await picture(page, "watching-1-part")
  await play(page, 29, 34)
  const whole = await kept(36)
  expect(whole.completedAt).not.toBeNull()
  await page.getByText("視聴完了です。おつかれさまでした。").waitFor()
  await picture(page, "watching-2-complete")
  const completed = (await timelineOf(product, takeshi.id, "watch")).filter(({ name }) => name === "video.completed")
  expect(completed).toHaveLength(1)
  expect(faults).toEqual([])
})

test("a browser that dies in the middle loses no more than five seconds on another device, and the staff see what was played", {
  timeout: 120_000,
}, async () => {
  const other = "tax-return-basics"
  const desk = await memberAt(1440, product, "takeshi")
  await openVideo(desk.page, product, other)
  await desk.page.locator("media-play-button").click()
  await desk.page.waitForFunction(() => document.querySelector("video")!.currentTime >= 12, undefined, {
    polling: 100,
    timeout: 60_000,
  })
  const stood = await position(desk.page)
  // The process of the page is gone at once: nothing is told, nothing unloads.
  const session = await desk.context.newCDPSession(desk.page)
  void session.send("Page.crash").catch(() => undefined)
  await desk.page.waitForEvent("crash")

  const phone = await memberAt(390, product, "takeshi")
  await picture(phone.page, "watching-3-home")
  await phone.page.getByRole("link", { name: "続きから再生" }).click()
  await phone.page.waitForURL(new RegExp(`/videos/${other}`))
  await phone.page.waitForFunction(() => document.querySelector("video")!.currentTime > 0, undefined, { polling: 100 })
  expect(Math.abs((await position(phone.page)) - stood)).toBeLessThanOrEqual(5)
  await phone.context.close()

  const staff = await staffAt(1440, product, "support")
  await staff.page.goto(`${product.url}/console/contacts/${takeshi.id}?kind=watch`)
  const entry = staff.page.locator(".entry").filter({ hasText: "確定申告の基本" }).first()
  await entry.waitFor()
  expect(await entry.locator("svg").count()).toBeGreaterThan(0)
  const [sitting] = (await timelineOf(product, takeshi.id, "watch")).filter(
    ({ video }) => video?.title === "確定申告の基本",
  )
  expect(sitting!.video!.ranges).toHaveLength(1)
  expect(sitting!.video!.ranges[0]![0]).toBe(0)
  expect(Math.abs(sitting!.video!.ranges[0]![1] - stood)).toBeLessThanOrEqual(5)
  await picture(staff.page, "contact-timeline")
  expect([...phone.faults, ...staff.faults]).toEqual([])
})
