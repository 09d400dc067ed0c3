import { isIP } from "node:net"
import { CompiledQuery } from "kysely"
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from "rate-limiter-flexible"
import type { Db } from "./db.ts"
import type { Ctx } from "./http.ts"
import { Refusal } from "./refusals.ts"
import * as settings from "./settings.ts"
import { sign } from "./tokens.ts"
import { type Locale, words } from "./words.ts"

/** How many tries are allowed in how many seconds. */
export type Allowance = { points: number; seconds: number }

/**
 * Counts one try of `key` under `name` and throws TooMany when the allowance is used up. Keys are kept as keyed hashes.
 * Counters live in PostgreSQL, so all processes share them; while the database is away each process counts for itself.
 * Never call it with a transaction: what is rolled back would not count.
 */
export async function limit(db: Db, name: string, key: string, allowed: Allowance): Promise<void> {
  try {
    await limiter(db, name, allowed).consume(await hidden(db, name, key))
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error
    throw new TooMany(Math.max(1, Math.ceil(error.msBeforeNext / 1000)))
  }
}

/** Forgets the tries of `key`, e.g. after the right password. */
export async function forget(db: Db, name: string, key: string, allowed: Allowance): Promise<void> {
  await limiter(db, name, allowed).delete(await hidden(db, name, key))
}

/** How often something may be done on average, and how often at once after a rest. */
export type Pace = { perSecond: number; burst: number }

/**
 * Gives a function that counts doings of a key in this process's memory, at no cost to the database, and throws TooMany when
 * they come faster than the pace. For busy doors; what must hold over all processes and restarts uses `limit`.
 */
export function pace({ perSecond, burst }: Pace): (key: string, count?: number) => void {
  const buckets = new Map<string, { left: number; at: number }>()
  return (key, count = 1) => {
    const at = performance.now()
    let bucket = buckets.get(key)
    if (!bucket) {
      if (buckets.size >= mostBuckets) makeRoom(buckets, at - (1_000 * burst) / perSecond)
      buckets.set(key, (bucket = { left: burst, at }))
    }
    bucket.left = Math.min(burst, bucket.left + ((at - bucket.at) / 1_000) * perSecond)
    bucket.at = at
    if (bucket.left < count) throw new TooMany(Math.max(1, Math.ceil((count - bucket.left) / perSecond)))
    bucket.left -= count
  }
}

const mostBuckets = 50_000

/** Forgets keys that have rested until their bucket was full again; if there are too few of these, the oldest half. */
function makeRoom(buckets: Map<string, { at: number }>, restedSince: number): void {
  for (const [key, { at }] of buckets) if (at < restedSince) buckets.delete(key)
  let tooMany = buckets.size - mostBuckets / 2
  for (const key of buckets.keys()) if (tooMany-- > 0) buckets.delete(key)
}

/** The network address a request came from: the socket's, or what our own proxy appended last to X-Forwarded-For. */
export function clientAddress(c: Ctx): string {
  const bindings = c.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined
  const socket = bindings?.incoming?.socket?.remoteAddress ?? ""
  if (!c.var.site.trustProxy) return socket
  const last = c.req.header("x-forwarded-for")?.split(",").at(-1)?.trim() ?? ""
  const bare = last.replace(/^\[(.*)\](:\d+)?$/, "$1").replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1")
  return isIP(bare) ? bare : socket
}

/** What one subscriber holds: an IPv4 address whole, of an IPv6 address the first 64 bits. */
export function network(address: string): string {
  const bare = address.replace(/%.*$/, "")
  if (isIP(bare) !== 6) return bare
  const groups = ipv6Groups(bare)
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff)
    return [groups[6]! >> 8, groups[6]! & 255, groups[7]! >> 8, groups[7]! & 255].join(".")
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(":")}::/64`
}

/** Too many tries in too short a time. */
export class TooMany extends Refusal {
  readonly kind = "too-many"
  override readonly retryAfterSeconds: number
  constructor(retryAfterSeconds: number) {
    super()
    this.retryAfterSeconds = retryAfterSeconds
  }
  sentence(locale: Locale) {
    const minutes = Math.ceil(this.retryAfterSeconds / 60)
    return minutes > 1 ? say(locale)("minutes", { minutes }) : say(locale)("soon", { seconds: this.retryAfterSeconds })
  }
}

const limiters = new WeakMap<Db, Map<string, RateLimiterPostgres>>()

function limiter(db: Db, name: string, { points, seconds }: Allowance): RateLimiterPostgres {
  let known = limiters.get(db)
  if (!known) limiters.set(db, (known = new Map()))
  const id = `${name} ${points} ${seconds}`
  let found = known.get(id)
  if (!found) {
    const insuranceLimiter = new RateLimiterMemory({ keyPrefix: "", points, duration: seconds })
    found = new RateLimiterPostgres({
      storeClient: storeOn(db),
      storeType: "client",
      tableName: "rate_limit",
      tableCreated: true,
      keyPrefix: "",
      clearExpiredByTimeout: known.size === 0,
      points,
      duration: seconds,
      insuranceLimiter,
    })
    known.set(id, found)
  }
  return found
}

/** The library's statements through our own pool. */
function storeOn(db: Db): object {
  return {
    async query({ text, values }: { text: string; values: unknown[] }) {
      const { rows, numAffectedRows } = await db.executeQuery(CompiledQuery.raw(text, values))
      return { rows, rowCount: Number(numAffectedRows ?? rows.length) }
    },
  }
}

const secrets = new WeakMap<Db, Buffer>()

/** An address space as small as IPv4's is guessed from plain hashes, hence a key. */
async function hidden(db: Db, name: string, key: string): Promise<string> {
  let secret = secrets.get(db)
  if (!secret) {
    secret = await settings.instance(db).then(
      (made) => made.key,
      () => undefined,
    )
    if (secret) secrets.set(db, secret)
  }
  return `${name}:${sign(secret ?? Buffer.alloc(32), "rate", name, key)}`
}

function ipv6Groups(address: string): number[] {
  const inHex = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) =>
    [(+a << 8) | +b, (+c << 8) | +d].map((group) => group.toString(16)).join(":"),
  )
  const [head, tail] = inHex.split("::").map((part) => (part ? part.split(":") : []))
  const zeros = tail ? Array(8 - head!.length - tail.length).fill("0") : []
  return [...head!, ...zeros, ...(tail ?? [])].map((group) => Number.parseInt(group, 16))
}

const say = words(
  {
    minutes: "短い時間に回数の上限に達しました。約{minutes}分後にもう一度お試しください。",
    soon: "短い時間に回数の上限に達しました。約{seconds}秒後にもう一度お試しください。",
  },
  {
    minutes: "That was too many attempts in a short time. Please try again in about {minutes} minutes.",
    soon: "That was too many attempts in a short time. Please try again in about {seconds} seconds.",
  },
)
