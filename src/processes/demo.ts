import { existsSync } from "node:fs"
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { type Config, folders } from "../config.ts"
import { seed } from "../demo/index.ts"
import { compose } from "../main.ts"
import { start } from "./start.ts"

const people = 180

/** `npm run demo`: as `start`, with a Japanese business, its members and its videos in it; prints the addresses and one sign-in per role. */
export async function demo(config: Config): Promise<void> {
  const file = join(config.DATA_DIR, "demo.json")
  await start(config, async (databaseUrl) => {
    const product = await compose({ ...config, DATABASE_URL: databaseUrl }, "musubi demo")
    const { PUBLIC_URL: url } = config
    await seed(product.db, product.storage, new URL("demo/videos/", folders.root), people, (made) =>
      writeFile(file, `${JSON.stringify({ url, console: `${url}/console`, ...made }, null, 2)}\n`, { mode: 0o600 }),
    )
    await product.db.destroy()
    if (!existsSync(file)) return console.log(`The demo is at ${url} (its sign-ins were written when it was made).`)
    const { staff, members } = JSON.parse(await readFile(file, "utf8")) as {
      staff: Record<string, SignIn>
      members: Record<string, SignIn>
    }
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
