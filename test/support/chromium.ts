import { existsSync } from "node:fs"
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { brotliDecompressSync } from "node:zlib"
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core"
import { afterAll } from "vitest"

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

/** A fresh visitor at a width of 390 (phone) or 1440 (desk). Fails the test on a page error, and never reaches a foreign host. */
export async function visitor(
  width: 390 | 1440 = 1440,
  locale = "ja-JP",
): Promise<{ page: Page; context: BrowserContext; faults: string[] }> {
  const context = await (await browser()).newContext({
    viewport: { width, height: width === 390 ? 844 : 900 },
    locale,
    timezoneId: "Asia/Tokyo",
    deviceScaleFactor: 1,
    isMobile: width === 390,
    hasTouch: width === 390,
  })
  const page = await context.newPage()
  const faults: string[] = []
  page.on("pageerror", (error) => faults.push(`${page.url()}: ${error.message}`))
  await context.route(/^https?:\/\/(?!127\.0\.0\.1|localhost)/, (route) => {
    faults.push(`request to a foreign host: ${route.request().url()}`)
    return route.abort()
  })
  page.setDefaultTimeout(15_000)
  return { page, context, faults }
}

/** Keeps a picture of the page under artefacts/, named after the story and the moment. */
export async function picture(page: Page, name: string, fullPage = true): Promise<void> {
  await mkdir("artefacts", { recursive: true })
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path: `artefacts/${name}.png`, fullPage })
}

/** The serious and critical findings of axe on the page, as readable lines. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(require.resolve("axe-core/axe.min.js"), "utf8"))
  return page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: axe puts itself onto window
    const { violations } = await (window as any).axe.run(document, { resultTypes: ["violations"] })
    return violations
      .filter((one: { impact: string }) => ["serious", "critical"].includes(one.impact))
      .map(
        (one: { id: string; nodes: { html: string; failureSummary: string }[] }) =>
          `${one.id}: ${one.nodes
            .map((node) => `${node.html} ${node.failureSummary}`)
            .slice(0, 3)
            .join(" | ")}`,
      )
  })
}

async function launch(): Promise<Browser> {
  const manifest = join(dirname(require.resolve("@sparticuz/chromium")), "..")
  const version = versionOf(await readFile(findUp(manifest, "package.json"), "utf8"))
  const folder = join(tmpdir(), `musubi-chromium-${version}`)
  await mkdir(folder, { recursive: true })
  process.env.TMPDIR = folder
  const { default: packaged } = await import("@sparticuz/chromium")
  const executablePath = await packaged.executablePath()
  const libraries = await ownLibraries(findUp(manifest, "bin/al2023.tar.br"), folder)
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--autoplay-policy=no-user-gesture-required",
    ],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: [libraries, process.env.LD_LIBRARY_PATH].filter(Boolean).join(":"),
    } as Record<string, string>,
  })
}

function findUp(folder: string, name: string): string {
  for (let at = folder; at !== dirname(at); at = dirname(at)) if (existsSync(join(at, name))) return join(at, name)
  throw new Error(`${name} not found above ${folder}`)
}

function versionOf(manifest: string): string {
  return (JSON.parse(manifest) as { version: string }).version
}

/** The libraries the browser needs (NSS and friends), for machines that have none: unpacked from its package beside it. */
async function ownLibraries(archive: string, folder: string): Promise<string> {
  const target = join(folder, "al2023")
  if (existsSync(join(target, "lib"))) return join(target, "lib")
  const making = `${target}.${process.pid}`
  const tar = brotliDecompressSync(await readFile(archive))
  for (let offset = 0; offset + 512 <= tar.length; ) {
    const header = tar.subarray(offset, offset + 512)
    const name = header.subarray(0, 100).toString().replace(/\0.*$/s, "")
    if (!name) break
    const size = Number.parseInt(header.subarray(124, 136).toString().replace(/\0.*$/s, "").trim() || "0", 8)
    const kind = String.fromCharCode(header[156]!)
    const path = join(making, name)
    if (kind === "5") await mkdir(path, { recursive: true })
    else if (kind === "0" || kind === "\0") {
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, tar.subarray(offset + 512, offset + 512 + size), { mode: 0o755 })
    }
    offset += 512 + Math.ceil(size / 512) * 512
  }
  await rename(making, target).catch(() => rm(making, { recursive: true, force: true }))
  return join(target, "lib")
}
