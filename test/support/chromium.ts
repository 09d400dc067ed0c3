import { existsSync } from "node:fs"
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { brotliDecompressSync } from "node:zlib"
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core"
import { afterAll, onTestFailed } from "vitest"

const require = createRequire(import.meta.url)

let launched: Promise<Browser> | undefined

/** The browser that comes with the packages, started once per test file and closed at its end. */
export function browser(): Promise<Browser> {
  launched ??= launch()
  return launched
}

afterAll(async () => {
  await (await launched)?.close()
})

/** What the browsers say they are; what calls itself headless is taken for a bot, and not counted. */
const userAgents = {
  390: "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Mobile Safari/537.36",
  1440: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36",
}

export type Visitor = { page: Page; context: BrowserContext; faults: string[] }

/**
 * A fresh visitor at a width of 390 (phone) or 1440 (desk). Never reaches a foreign host; that and every error of a
 * page is noted in `faults`, which a story expects to be empty.
 */
export async function visitor(
  width: 390 | 1440 = 1440,
  options: { locale?: string; dark?: boolean; javaScript?: boolean } = {},
): Promise<Visitor> {
  const context = await (await browser()).newContext({
    viewport: { width, height: width === 390 ? 844 : 900 },
    locale: options.locale ?? "ja-JP",
    timezoneId: "Asia/Tokyo",
    deviceScaleFactor: 1,
    isMobile: width === 390,
    hasTouch: width === 390,
    userAgent: userAgents[width],
    colorScheme: options.dark ? "dark" : "light",
    javaScriptEnabled: options.javaScript ?? true,
    reducedMotion: "reduce",
  })
  const page = await context.newPage()
  const faults: string[] = []
  page.on("pageerror", (error) => faults.push(`${page.url()}: ${error.message}`))
  await context.route(/^https?:\/\/(?!127\.0\.0\.1|localhost)/, (route) => {
    faults.push(`request to a foreign host: ${route.request().url()}`)
    return route.abort()
  })
  page.setDefaultTimeout(15_000)
  onTestFailed(async ({ task }) => {
    if (!page.isClosed()) await picture(page, `failed-${task.name.slice(0, 40)}-${width}`).catch(() => undefined)
  })
  return { page, context, faults }
}

/** Keeps a picture of the page under artefacts/, named after the story and the moment. */
export async function picture(page: Page, name: string, fullPage = true): Promise<void> {
  await mkdir("artefacts", { recursive: true })
  await page.evaluate(() => document.fonts.ready)
  const size = page.viewportSize()!
  // A window as high as the page, so that what sticks to the window's edge stands where it would be read last.
  const height = fullPage ? await page.evaluate(() => document.documentElement.scrollHeight) : size.height
  if (height > size.height) {
    await page.setViewportSize({ ...size, height: Math.min(height, 8_000) })
    await page.waitForTimeout(150)
  }
  await page.screenshot({ path: `artefacts/${name}.png` })
  if (height > size.height) await page.setViewportSize(size)
}

/** The serious and critical findings of axe on the page, as readable lines; by all its rules or by some. */
export async function accessibilityFaults(page: Page, rules?: string[]): Promise<string[]> {
  await page.evaluate(await readFile(require.resolve("axe-core/axe.min.js"), "utf8"))
  return page.evaluate(async (rules) => {
    // biome-ignore lint/suspicious/noExplicitAny: axe puts itself onto window
    const { violations } = await (window as any).axe.run(document, {
      resultTypes: ["violations"],
      ...(rules ? { runOnly: rules } : {}),
    })
    return violations
      .filter((one: { impact: string }) => ["serious", "critical"].includes(one.impact))
      .map(
        (one: { id: string; nodes: { html: string; failureSummary: string }[] }) =>
          `${one.id}: ${one.nodes
            .map((node) => `${node.html} ${node.failureSummary}`)
            .slice(0, 3)
            .join(" | ")}`,
      )
  }, rules)
}

async function launch(): Promise<Browser> {
  const folder = await unpacked()
  return chromium.launch({
    executablePath: join(folder, "chromium"),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--autoplay-policy=no-user-gesture-required",
    ],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: [join(folder, "al2023", "lib"), process.env.LD_LIBRARY_PATH].filter(Boolean).join(":"),
    } as Record<string, string>,
  })
}

/** Where the browser lies, unpacked once per version of its package; complete from the moment it is there, whoever else unpacks it. */
async function unpacked(): Promise<string> {
  const manifest = join(dirname(require.resolve("@sparticuz/chromium")), "..")
  const version = versionOf(await readFile(findUp(manifest, "package.json"), "utf8"))
  const folder = join(tmpdir(), `musubi-chromium-${version}-unpacked`)
  if (existsSync(folder)) return folder
  const making = await mkdtemp(`${folder}.`)
  const before = process.env.TMPDIR
  process.env.TMPDIR = making
  try {
    const { default: packaged } = await import("@sparticuz/chromium")
    await packaged.executablePath()
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
  await ownLibraries(findUp(manifest, "bin/al2023.tar.br"), join(making, "al2023"))
  await rename(making, folder).catch(() => rm(making, { recursive: true, force: true }))
  return folder
}

function findUp(folder: string, name: string): string {
  for (let at = folder; at !== dirname(at); at = dirname(at)) if (existsSync(join(at, name))) return join(at, name)
  throw new Error(`${name} not found above ${folder}`)
}

function versionOf(manifest: string): string {
  return (JSON.parse(manifest) as { version: string }).version
}

/** The libraries the browser needs (NSS and friends), for machines that have none: unpacked from its package beside it. */
async function ownLibraries(archive: string, target: string): Promise<void> {
  const tar = brotliDecompressSync(await readFile(archive))
  for (let offset = 0; offset + 512 <= tar.length; ) {
    const header = tar.subarray(offset, offset + 512)
    const name = header.subarray(0, 100).toString().replace(/\0.*$/s, "")
    if (!name) break
    const size = Number.parseInt(header.subarray(124, 136).toString().replace(/\0.*$/s, "").trim() || "0", 8)
    const kind = String.fromCharCode(header[156]!)
    const path = join(target, name)
    if (kind === "5") await mkdir(path, { recursive: true })
    else if (kind === "0" || kind === "\0") {
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, tar.subarray(offset + 512, offset + 512 + size), { mode: 0o755 })
    }
    offset += 512 + Math.ceil(size / 512) * 512
  }
}
