import type { Page } from "playwright-core"
import { expect } from "vitest"
import { visitor, type Visitor } from "../support/chromium.ts"
import type { Product } from "../support/product.ts"
import type { Received } from "../support/smtp.ts"

type SignIn = { address: string; password: string }

/** Signs a member in by the form, and waits for the home page. */
export async function signIn({ page }: Pick<Visitor, "page">, product: Product, who: SignIn): Promise<void> {
  await page.goto(`${product.url}/sign-in`)
  await page.getByLabel("メールアドレス").fill(who.address)
  await page.getByLabel("パスワード").fill(who.password)
  await page.getByRole("button", { name: "ログインする" }).click()
  await page.waitForURL(`${product.url}/`)
}

/** A member of the demo at a fresh browser, signed in. */
export async function memberAt(
  width: 390 | 1440,
  product: Product,
  who: keyof Product["members"],
  options: Parameters<typeof visitor>[1] = {},
): Promise<Visitor> {
  const one = await visitor(width, options)
  await signIn(one, product, product.members[who])
  return one
}

/** Somebody of the staff at a fresh browser, in the console. */
export async function staffAt(
  width: 390 | 1440,
  product: Product,
  who: keyof Product["staff"],
  options: Parameters<typeof visitor>[1] = {},
): Promise<Visitor> {
  const one = await visitor(width, options)
  const { address, password } = product.staff[who]
  await one.page.goto(`${product.url}/console`)
  await one.page.getByLabel("メールアドレス").fill(address)
  await one.page.getByLabel("パスワード", { exact: true }).fill(password)
  await one.page.getByRole("button", { name: "ログイン" }).click()
  await one.page.locator("header.top").waitFor()
  return one
}

/** Opens the page of a video and waits until its player works. */
export async function openVideo(page: Page, product: Product, slug: string): Promise<void> {
  await page.goto(`${product.url}/videos/${slug}`)
  await page.waitForFunction(
    () => (document.querySelector("video")?.readyState ?? 0) >= 1 && customElements.get("media-play-button"),
    undefined,
    { polling: 100, timeout: 30_000 },
  )
}

/** Plays the open video from a second to a second, or to its end, at a speed; leaves it paused. */
export async function play(page: Page, from: number, to: number | "end", speed = 2): Promise<void> {
  await page.locator("video").evaluate(
    async (element, { from, to, speed }) => {
      const video = element as HTMLVideoElement
      if (Math.abs(video.currentTime - from) > 0.2) {
        const there = new Promise((resolve) => video.addEventListener("seeked", resolve, { once: true }))
        video.currentTime = from
        await there
      }
      video.playbackRate = speed
      const stop = () => {
        if (video.currentTime < to) return
        video.removeEventListener("timeupdate", stop)
        video.pause()
      }
      if (to >= 0) video.addEventListener("timeupdate", stop)
    },
    { from, to: to === "end" ? -1 : to, speed },
  )
  await page.locator("media-play-button").click()
  await page.waitForFunction(() => !document.querySelector("video")!.paused, undefined, { polling: 50 })
  await page.waitForFunction(() => document.querySelector("video")!.paused, undefined, {
    polling: 100,
    timeout: 120_000,
  })
}

/** Where the player stands. */
export const position = (page: Page) =>
  page.locator("video").evaluate((video) => (video as HTMLVideoElement).currentTime)

/** The contact with a mail address, as the API gives it. */
export async function contactBy(product: Product, address: string) {
  const { body } = await product.api("GET", `/contacts?search=${encodeURIComponent(address)}`)
  const found = body.data.find((one: { email: string }) => one.email === address)
  expect(found, address).toBeDefined()
  return found as { id: string; plan: string; rank: { name: { ja: string } } }
}

type Entry = {
  at: string
  name: string
  properties: Record<string, unknown>
  originId?: string
  reason?: unknown
  video?: { id: string; title: string; ranges: [number, number][]; seconds: number }
}

/** The newest entries of a contact's timeline, as the API gives them. */
export async function timelineOf(product: Product, contactId: string, kind = ""): Promise<Entry[]> {
  const { body } = await product.api("GET", `/contacts/${contactId}/timeline?limit=100${kind && `&kind=${kind}`}`)
  return body.data
}

/** What is kept of a contact's watching of a video, straight from the table. */
export async function watchOf(product: Product, contactId: string, slug: string) {
  const { rows } = await product.db.pool.query(
    `select w.ranges::text, w.seconds, w.position, w.completed_at as "completedAt"
     from watch w join video v on v.id = w.video_id where w.contact_id = $1 and v.slug = $2`,
    [contactId, slug],
  )
  return rows[0] as { ranges: string; seconds: number; position: number; completedAt: Date | null } | undefined
}

/** The mails that reached somebody, oldest first. */
export const mailsTo = (sink: { received: Received[] }, address: string) =>
  sink.received.filter(({ to }) => to.includes(address))

/** Every address in a mail, as programs that check mails find them. */
export function linksIn({ mail }: Received): string[] {
  const found = [...(mail.html ?? "").matchAll(/href="([^"]+)"/g)].map(([, url]) => url!.replaceAll("&amp;", "&"))
  found.push(...((mail.text ?? "").match(/https?:\/\/\S+/g) ?? []))
  return [...new Set(found)].filter((url) => url.startsWith("http"))
}
