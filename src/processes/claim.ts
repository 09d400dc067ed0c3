import { readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { ConfigFaults } from "../config.ts"

/**
 * Claims a data folder for this process, so that nobody starts the product twice on the same data; gives a way to let go.
 * The claim of a process that was killed counts no more.
 */
export async function claimFolder(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, "running.pid")
  const own = `${process.pid} ${await beganAt(process.pid)}\n`
  for (let attempt = 1; ; attempt++) {
    const made = await writeFile(file, own, { flag: "wx" }).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === "EEXIST") return false
        throw error
      },
    )
    // Of two that clear away the same old claim, the later one has it.
    if (made && attempt > 1) await new Promise((resolve) => setTimeout(resolve, 100))
    const found = await readFile(file, "utf8").catch(() => "")
    if (found === own) return () => rm(file, { force: true })
    const holder = Number(found.split(" ")[0])
    if (attempt >= 5 || (holder !== process.pid && (await lives(found)))) throw alreadyRunning(folder, holder)
    await rm(file, { force: true })
  }
}

async function lives(claim: string): Promise<boolean> {
  const [pid, began] = claim.trim().split(" ")
  try {
    process.kill(Number(pid), 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false
  }
  return !!pid && (await beganAt(Number(pid))) === began
}

/** When a process began, in ticks since the machine did: its number alone may have been given to another since. Linux tells; elsewhere "0". */
async function beganAt(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "")
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "0"
}

function alreadyRunning(folder: string, pid: number): ConfigFaults {
  return new ConfigFaults([
    `DATA_DIR: ${folder} is in use by a running Musubi (process ${pid}). Stop that one first, or give this one a DATA_DIR and a PORT of its own.`,
  ])
}
