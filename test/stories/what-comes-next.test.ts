import { expect, test } from "vitest"
import { picture, visitor } from "../support/chromium.ts"
import { demo, eventually } from "../support/product.ts"
import { contactBy, memberAt, openVideo, play, watchOf } from "./steps.ts"

const product = await demo()
const takeshi = await contactBy(product, product.members.takeshi.address)
const route = { basics: "確定申告の基本", advanced: "確定申告の応用", practice: "確定申告の実践" }

test("what was watched is not recommended again; its next step comes first; a stranger sees nothing of it", {
  timeout: 150_000,
}, async () => {
  const { page, faults } = await memberAt(390, product, "takeshi")
  const offered = () =>
    page.locator("main h2.hero__title, main .card h3, main .card__title, main .row__title").allInnerTexts()

  // He has seen the first of the route elsewhere; it was imported.
  const { body: videos } = await product.api("GET", "/videos?limit=100")
  const basics = videos.data.find(({ slug }: { slug: string }) => slug === "tax-return-basics")
  const imported = await fetch(`${product.url}/v1/batch`, {
    method: "POST",
    headers: {
      Authorization: `Basic ${Buffer.from(`${product.serverKey}:`).toString("base64")}`,
      "Content-Type": "application/json",
      "X-Musubi-History": "1",
    },
    body: JSON.stringify({
      batch: [
        {
          type: "track",
          event: "video.watched",
          userId: takeshi.id,
          timestamp: new Date(Date.now() - 7_200_000).toISOString(),
          properties: { videoId: basics.id, ranges: [[0, 57]], position: 57 },
        },
      ],
    }),
  })
  expect(imported.status).toBe(200)
  await completed("tax-return-basics")
  await page.goto(product.url)
  await picture(page, "next-1-home")
  const first = await offered()
  expect(first[0]).toBe(route.advanced)
  expect(first).not.toContain(route.basics)
  await page.getByText("「確定申告の基本」を完了したため").first().waitFor()

  await openVideo(page, product, "tax-return-advanced")
  await play(page, 0, 60)
  await completed("tax-return-advanced")
  await page.goto(product.url)
  const then = await offered()
  expect(then[0]).toBe(route.practice)
  expect(then).not.toContain(route.basics)
  expect(then).not.toContain(route.advanced)
  await picture(page, "next-2-home")

  // Nothing that shows who watched what is kept by anybody between.
  const stranger = await visitor(390)
  for (const path of ["/", "/courses", "/videos/expenses-basics", "/history", "/account"]) {
    const own = await page.request.get(product.url + path)
    expect(own.headers()["cache-control"], path).toMatch(/private.*no-store|no-store.*private/)
    expect(await own.text(), path).toContain("髙橋")
    const theirs = await stranger.page.request.get(product.url + path)
    expect(theirs.headers()["cache-control"], path).toMatch(/no-store/)
    expect(await theirs.text(), path).not.toContain("髙橋")
  }
  await stranger.page.goto(`${product.url}/videos/expenses-basics`)
  await stranger.page.getByText("無料で登録").first().waitFor()
  expect((await stranger.page.goto(`${product.url}/videos/tax-return-basics`))!.status()).toBe(403)
  await stranger.page.getByRole("link", { name: "ログイン" }).first().waitFor()
  await picture(stranger.page, "next-3-stranger")
  expect([...faults, ...stranger.faults]).toEqual([])

  function completed(slug: string): Promise<Date> {
    return eventually(async () => (await watchOf(product, takeshi.id, slug))?.completedAt, {
      within: 15_000,
      what: `${slug} complete`,
    })
  }
})
