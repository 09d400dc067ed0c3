import { existsSync, readFileSync } from "node:fs"
import { resolve } from "node:path"
import { z } from "zod"

/** The package's folder, whether this runs built (dist/server) or from the sources (src). */
const root = new URL(existsSync(new URL("../package.json", import.meta.url)) ? "../" : "../../", import.meta.url)

/** Where things lie. */
export const folders = { root, migrations: new URL("migrations/", root), built: new URL("dist/", root) }

const secretNames = ["DATABASE_URL", "SMTP_URL", "DKIM_PRIVATE_KEY", "TEST_DATABASE_URL"] as const

const Environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
  HOST: z.string().min(1).default("127.0.0.1"),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  DATA_DIR: z.string().min(1).default("data"),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  DATABASE_POOL: z.coerce.number().int().min(2).max(200).default(10),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z.string().min(3).default("no-reply@localhost"),
  DKIM_DOMAIN: z.string().min(1).optional(),
  DKIM_SELECTOR: z.string().min(1).default("musubi"),
  DKIM_PRIVATE_KEY: z.string().includes("PRIVATE KEY").optional(),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  TRUST_PROXY: z.stringbool().default(false),
  METRICS_TOKEN: z.string().min(16).optional(),
  WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(4),
  TEST_CLOCK: z.stringbool().default(false),
  TEST_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  NODE_ENV: z.enum(["production", "development", "test"]).default("production"),
})

/** What the operator configured by environment; see README for each name. */
export type Config = Omit<z.infer<typeof Environment>, "PUBLIC_URL"> & {
  PUBLIC_URL: string
  secure: boolean
  /** Present when mails are to be signed. */
  dkim: { domainName: string; keySelector: string; privateKey: string } | undefined
  /** The environment as it was found, for processes started from this one. */
  environment: NodeJS.ProcessEnv
}

/** Reads and checks the whole environment once; throws one Error that names every fault. `X_FILE` is read where `X` is a secret. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const found: Record<string, string | undefined> = {}
  const faults: string[] = []
  for (const name of Object.keys(Environment.shape)) found[name] = env[name] || undefined
  for (const name of secretNames) {
    const file = env[`${name}_FILE`]
    if (!file) continue
    if (found[name]) faults.push(`${name}: set either ${name} or ${name}_FILE, not both`)
    try {
      found[name] = readFileSync(file, "utf8").trim()
    } catch {
      faults.push(`${name}_FILE: cannot be read`)
    }
  }
  const parsed = Environment.safeParse(found)
  if (!parsed.success) for (const issue of parsed.error.issues) faults.push(`${issue.path.join(".")}: ${issue.message}`)
  if (!parsed.success || faults.length > 0) throw new ConfigFaults(faults)
  const config = parsed.data
  if (!config.DKIM_DOMAIN !== !config.DKIM_PRIVATE_KEY)
    throw new ConfigFaults(["DKIM_DOMAIN, DKIM_PRIVATE_KEY: set both or neither"])
  const { DKIM_DOMAIN: domainName, DKIM_SELECTOR: keySelector, DKIM_PRIVATE_KEY: privateKey } = config
  const publicUrl = (config.PUBLIC_URL ?? `http://${bracketed(config.HOST)}:${config.PORT}`).replace(/\/+$/, "")
  return {
    ...config,
    DATA_DIR: resolve(config.DATA_DIR),
    PUBLIC_URL: publicUrl,
    secure: publicUrl.startsWith("https:"),
    dkim: domainName && privateKey ? { domainName, keySelector, privateKey } : undefined,
    environment: env,
  }
}

/** Every fault of the environment, one line each. */
export class ConfigFaults extends Error {
  readonly faults: string[]
  constructor(faults: string[]) {
    super(`The configuration is not usable:\n${faults.map((fault) => `  ${fault}`).join("\n")}`)
    this.faults = faults
  }
}

function bracketed(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost"
  return host.includes(":") ? `[${host}]` : host
}
