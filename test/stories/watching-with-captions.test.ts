import { createHash } from "node:crypto"
import { expect, test } from "vitest"
import { picture } from "../support/chromium.ts"
import { demo } from "../support/product.ts"
import { memberAt, openVideo } from "./steps.ts"

const product = await demo()

test.each([390, 1440] as const)(
  "captions stand above the controls while these show, at %i px",
  {
    timeout: 90_000,
  },
  async (width) => {
    const { page, context } = await memberAt(width, product, "hanako")
    await openVideo(page, product, "tax-return-advanced")
    await page.locator("video").evaluate(async (element) => {
      const video = element as HTMLVideoElement
      const captions = video.textTracks[0]!
      captions.mode = "showing"
      while (!captions.cues?.length) await new Promise((resolve) => setTimeout(resolve, 100))
      const there = new Promise((resolve) => video.addEventListener("seeked", resolve, { once: true }))
      video.currentTime = captions.cues[1]!.startTime + 0.3
      await there
    })
    await page.waitForTimeout(500)
    await picture(page, `captions-${width}`)
    const player = (await page.locator("media-controller").boundingBox())!
    const bars = await page.locator("media-control-bar").evaluateAll((all) => all[0]!.getBoundingClientRect().top)
    // The middle only: the captions' own button at the right tells whether they are on.
    const part = async (top: number, bottom: number) => {
      const clip = { x: player.x + player.width * 0.2, width: player.width * 0.4, y: top, height: bottom - top }
      return createHash("sha256")
        .update(await page.screenshot({ clip }))
        .digest("hex")
    }
    const seen = async () => [await part(player.y, bars), await part(bars + 1, player.y + player.height)]
    const [above, behind] = await seen()
    await page.locator("video").evaluate((element) => {
      ;(element as HTMLVideoElement).textTracks[0]!.mode = "hidden"
    })
    await page.waitForTimeout(300)
    const [aboveWithout, behindWithout] = await seen()
    expect(above).not.toBe(aboveWithout)
    expect(behind).toBe(behindWithout)
    await context.close()
  },
)
