import { existsSync } from "node:fs"
import { readFile, rename, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { type Config, folders } from "../config.ts"
import { type Demo, InUse, seed } from "../demo/index.ts"
import { compose } from "../main.ts"
import { Failed } from "./failures.ts"
import { start } from "./start.ts"

const people = 180

/** `npm run demo`: as `start`, with a Japanese business, its members and its videos in it; prints the addresses and one sign-in per role. */
export async function demo(config: Config): Promise<void> {
  const file = join(config.DATA_DIR, "demo.json")
  await start(config, async (databaseUrl) => {
    const product = await compose({ ...config, DATABASE_URL: databaseUrl }, "musubi demo")
    const { PUBLIC_URL: url } = config
    const addresses = { url, console: `${url}/console` }
    try {
      const samples = new URL("demo/videos/", folders.root)
      await seed(product.db, product.storage, samples, people, (made) => keep(file, { ...addresses, ...made }))
    } catch (error) {
      throw error instanceof InUse ? new Failed(error.message) : error
    }
    await product.db.destroy()
    if (!existsSync(file)) return console.log(`The demo is at ${url} (its sign-ins were written when it was made).`)
    const { staff, members } = await moved(file, addresses)
    const lines = (list: Record<string, SignIn>) =>
      Object.entries(list).map(
        ([name, { address, password }]) => `    ${name.padEnd(9)} ${address.padEnd(24)} ${password}`,
      )
    console.log(
      [
        "",
        `  Members' site  ${url}`,
        ...lines(members),
        "",
        `  Console        ${url}/console`,
        ...lines(staff),
        "",
      ].join("\n"),
    )
  })
}

type SignIn = { address: string; password: string }
type Sheet = { url: string; console: string } & Omit<Demo, "staff" | "members"> & {
    staff: Record<string, SignIn>
    members: Record<string, SignIn>
  }

/** The sign-ins as they were written, at the addresses of today: another PORT moves the demo. */
export async function moved(file: string, addresses: { url: string; console: string }): Promise<Sheet> {
  const sheet = JSON.parse(await readFile(file, "utf8")) as Sheet
  if (sheet.url !== addresses.url) await keep(file, { ...sheet, ...addresses })
  return { ...sheet, ...addresses }
}

async function keep(file: string, sheet: object): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(sheet, null, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}
