// Builds everything the processes serve and run: the server by tsc, the console and the small browser scripts by Vite, styles and fonts by copying.
import { spawnSync } from "node:child_process"
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const require = createRequire(import.meta.url)
const root = fileURLToPath(new URL("..", import.meta.url))
process.chdir(root)

await rm("dist", { recursive: true, force: true })
await mkdir("dist/assets/fonts", { recursive: true })
if (!process.env.SKIP_TYPES) run("node_modules/.bin/tsc", ["-p", "tsconfig.build.json"])
await styles()
await fonts()
await scripts()

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit", shell: process.platform === "win32" })
  if (status !== 0) {
    if (error) console.error(error.message)
    process.exit(status ?? 1)
  }
}

/** Style sheets become one file each: the few imports are put in where they stand. */
async function styles() {
  const inlined = async (path) => {
    const text = await readFile(path, "utf8")
    const parts = text.split(/@import "([^"]+)";\n?/)
    const done = await Promise.all(parts.map((part, index) => (index % 2 ? inlined(join(dirname(path), part)) : part)))
    return done.join("")
  }
  for (const name of ["tokens.css", "site.css"]) await writeFile(`dist/assets/${name}`, await inlined(`src/ui/${name}`))
}

async function fonts() {
  const folder = dirname(require.resolve("@fontsource-variable/noto-sans-jp/package.json"))
  const css = await readFile(join(folder, "index.css"), "utf8")
  await writeFile("dist/assets/fonts/noto-sans-jp.css", css.replaceAll("./files/", ""))
  for (const name of await readdir(join(folder, "files")))
    if (name.endsWith("-wght-normal.woff2")) await cp(join(folder, "files", name), join("dist/assets/fonts", name))
}

async function scripts() {
  const { build } = await import("vite")
  for (const name of await readdir("src/browser")) {
    if (!name.endsWith(".ts") || name.endsWith(".test.ts")) continue
    await build({
      configFile: false,
      logLevel: "warn",
      build: {
        outDir: "dist/assets",
        emptyOutDir: false,
        target: "es2022",
        lib: { entry: `src/browser/${name}`, formats: ["es"], fileName: () => name.replace(".ts", ".js") },
      },
    })
  }
  await build({ configFile: "src/console/vite.config.ts", logLevel: "warn" })
}
