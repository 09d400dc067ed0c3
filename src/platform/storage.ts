import { createReadStream, createWriteStream } from "node:fs"
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises"
import { dirname, join, resolve, sep } from "node:path"
import type { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { newId } from "./ids.ts"

/** Where files of people and of the site are kept. Keys are relative paths of our own making, never what a user typed. */
export type Storage = {
  /** Writes the whole content, safe from a power cut; a failed write leaves nothing under the key. Of several at once the last to end counts. */
  put(key: string, content: Readable): Promise<void>
  /** Bytes `from`..`to` (both included), or everything. */
  read(key: string, range?: { from: number; to: number }): Readable
  /** Size in bytes, or nothing when there is no such file. */
  head(key: string): Promise<{ bytes: number } | undefined>
  remove(key: string): Promise<void>
  /** The file's path for tools that need one (only on this machine). */
  path(key: string): string
}

/** The folder, inside a storage folder, of what is still being written. */
export const unfinished = ".unfinished"
const leftOverMs = 86_400_000

/** Keeps files in a folder. */
export function folderStorage(folder: string): Storage {
  const root = resolve(folder)
  const path = (key: string) => {
    const full = resolve(root, key)
    if (!full.startsWith(root + sep)) throw new Error(`storage key outside its folder: ${key}`)
    return full
  }
  return {
    async put(key, content) {
      const full = path(key)
      await mkdir(dirname(full), { recursive: true })
      await mkdir(join(root, unfinished), { recursive: true })
      await clear(join(root, unfinished))
      const part = join(root, unfinished, newId())
      try {
        await pipeline(content, createWriteStream(part, { flush: true }))
        await rename(part, full)
      } catch (error) {
        await rm(part, { force: true })
        throw error
      }
    },
    read: (key, range) => createReadStream(path(key), range ? { start: range.from, end: range.to } : {}),
    async head(key) {
      const found = await stat(path(key)).catch(() => undefined)
      return found ? { bytes: found.size } : undefined
    },
    remove: (key) => rm(path(key), { force: true }),
    path,
  }
}

/** What a killed process was writing is of no use to anybody a day later. */
async function clear(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const found = await stat(join(folder, name)).catch(() => undefined)
    if (found && found.mtimeMs < Date.now() - leftOverMs) await rm(join(folder, name), { force: true })
  }
}
