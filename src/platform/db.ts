import type { Socket } from "node:net"
import { CamelCasePlugin, Kysely, PostgresDialect, sql, type Transaction } from "kysely"
import pg from "pg"
import { log } from "./log.ts"

/** Every table of the product. Each module adds its own in its `tables.ts` by declaration merging; `database.ts` lists whose is which. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the modules
export interface Database {}

/** A connection pool. A function that only reads takes `Db`; a `Tx` may be given instead. */
export type Db = Kysely<Database>
/** An open transaction. A function that writes asks for it, so that the caller decides what commits together. */
export type Tx = Transaction<Database>

const { types } = pg
types.setTypeParser(types.builtins.INT8, Number)
types.setTypeParser(types.builtins.DATE, (text) => text)

/**
 * Opens a pool on a server. Statements that repeat are prepared once per connection; with `planOnce` they are planned once,
 * too, instead of for each set of values: for few statements that run again and again.
 */
export function connect(
  url: string,
  options: { max: number; name: string; planOnce?: boolean },
): Db & { pool: pg.Pool } {
  const settings = `-c jit=off${options.planOnce ? " -c plan_cache_mode=force_generic_plan" : ""}`
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max,
    application_name: options.name,
    // Compiling our many short statements costs a hundred times what it saves.
    options: new URL(url).searchParams.get("options") ?? settings,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 600_000,
    pipeline: true,
    Client: PreparingClient as unknown as typeof pg.Client,
  } as pg.PoolConfig)
  const lost = (error: Error) => log.warn({ reason: error.message }, "a database connection was lost")
  pool.on("error", lost)
  pool.on("acquire", (client) => (client as unknown as PreparingClient).dropRetired())
  pool.on("connect", (client) => client.on("error", () => undefined))
  const db = new Kysely<Database>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  })
  const destroy = () => {
    pool.off("error", lost).on("error", () => undefined)
    // Kysely ends only a pool it has used itself.
    return pool.end()
  }
  return Object.assign(db, { pool, destroy })
}

/** Runs work in one transaction and retries it when the server asks for it (deadlock, serialisation), at most three times. */
export async function transact<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(work)
    } catch (error) {
      if (attempt >= 3 || !["40001", "40P01"].includes((error as { code?: string }).code ?? "")) throw error
    }
  }
}

/** Whether an error means that the database cannot be reached or is starting or stopping, so that trying again later may help. */
export function isUnavailable(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  if (code && (code.startsWith("08") || code.startsWith("57P") || code === "53300")) return true
  if (code && ["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EPIPE", "ENOTFOUND", "ENOENT"].includes(code)) return true
  return /Connection terminated|timeout exceeded when trying to connect|connection timeout|Client has encountered/i.test(
    message ?? "",
  )
}

/** Whether an error means that a text was handed over which PostgreSQL cannot keep: with NUL in it, or half a character (inside JSON). */
export function isUnwritable(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string }
  return code === "22021" || code === "22P05" || (code === "22P02" && /type json/.test(message ?? ""))
}

export { sql }

/** How many statements are prepared at a time on one connection, so that generated SQL fills no memory. */
export const mostPrepared = 400
let repeated = new Map<string, number>()
let names = new Map<string, string>()
/** The number of the name given last, and that of the last name of an older generation. */
let last = 0
let retired = 0

/**
 * Gives a statement a name from its fifth run on, which makes the driver prepare it. When all names of a generation are used
 * up, a new one begins: what still runs often earns a new name, and each connection drops the older ones when it is next
 * taken from the pool. A name is never given twice, so that no connection can take one statement for another. A transaction's first statement goes out behind its "begin" in one write.
 */
class PreparingClient extends pg.Client {
  private dropped = 0

  // biome-ignore lint/suspicious/noExplicitAny: the driver's own overloads
  override query(config: any, values?: any, callback?: any): any {
    if (config === "begin" && !callback) return this.begin()
    if (typeof config === "string" && Array.isArray(values)) {
      const name = nameFor(config)
      if (name) return super.query({ name, text: config, values }, callback)
    }
    return super.query(config, values, callback)
  }

  /** Drops prepared statements of older generations; only between two uses of the connection. */
  dropRetired(): void {
    if (this.dropped === retired) return
    this.dropped = retired
    const { parsedStatements } = (this as unknown as { connection: { parsedStatements: Record<string, string> } })
      .connection
    const old = Object.keys(parsedStatements).filter((name) => /^s\d+$/.test(name) && Number(name.slice(1)) <= retired)
    for (const name of old) delete parsedStatements[name]
    if (old.length > 0) super.query(old.map((name) => `deallocate ${name}`).join(";")).catch(() => undefined)
  }

  /** Answers before the server has. Should the server refuse, the connection is given up, and with it what was sent behind. */
  private begin(): Promise<{ command: string; rowCount: null; rows: [] }> {
    const { stream } = (this as unknown as { connection: { stream: Socket } }).connection
    stream.cork()
    process.nextTick(() => stream.uncork())
    super.query("begin").catch(() => stream.destroy())
    return Promise.resolve({ command: "BEGIN", rowCount: null, rows: [] })
  }
}

function nameFor(text: string): string | undefined {
  const name = names.get(text)
  if (name || text.length > 20_000) return name
  const runs = (repeated.get(text) ?? 0) + 1
  if (runs < 5) {
    if (repeated.size > 5_000) repeated = new Map()
    repeated.set(text, runs)
    return undefined
  }
  repeated.delete(text)
  if (names.size >= mostPrepared) {
    names = new Map()
    retired = last
  }
  names.set(text, `s${++last}`)
  return names.get(text)
}
