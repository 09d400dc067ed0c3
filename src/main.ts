import { join } from "node:path"
import type pg from "pg"
import { type Config, ConfigFaults } from "./config.ts"
import { connect, type Db } from "./platform/db.ts"
import type { Site } from "./platform/http.ts"
import { type MailTransport, smtp } from "./platform/mail.ts"
import * as settings from "./platform/settings.ts"
import { folderStorage, type Storage } from "./platform/storage.ts"
import { catalogue as conditionFacts, naming } from "./audience/index.ts"
import { timeline } from "./crm/index.ts"
import { facts } from "./facts.ts"
import { house } from "./messaging/index.ts"
import { wireReactions } from "./reactions.ts"

/** The product put together: what every process needs to do its part. */
export type Product = {
  config: Config
  db: Db & { pool: pg.Pool }
  databaseUrl: string
  site: Site
  /** The installation's own secret, for signatures. */
  key: Buffer
  storage: Storage
  /** Where unfinished uploads lie. */
  uploads: string
  /** The mail server, when one is configured; connects when the first mail goes out. */
  mail: MailTransport | undefined
}

/** Connects and ties the modules together; waits up to half a minute for a database that is just starting. */
export async function compose(config: Config, name: string, planOnce = false): Promise<Product> {
  const databaseUrl = config.DATABASE_URL
  if (!databaseUrl) throw new ConfigFaults(["DATABASE_URL: set it, or use `npm start`, which brings its own database"])
  const db = connect(databaseUrl, { max: config.DATABASE_POOL, name, planOnce })
  const instance = await patiently(() => settings.instance(db))
  conditionFacts.offer(facts)
  timeline.explainWith(naming.say)
  wireReactions()
  house.set({ publicUrl: config.PUBLIC_URL, mailFrom: config.MAIL_FROM, outbox: !config.SMTP_URL })
  return {
    config,
    db,
    databaseUrl,
    site: {
      publicUrl: config.PUBLIC_URL,
      secure: config.secure,
      instance: instance.id,
      trustProxy: config.TRUST_PROXY,
      testClock: config.TEST_CLOCK,
    },
    key: instance.key,
    storage: folderStorage(join(config.DATA_DIR, "files")),
    uploads: join(config.DATA_DIR, "uploads"),
    mail: config.SMTP_URL ? smtp({ url: config.SMTP_URL, dkim: config.dkim }) : undefined,
  }
}

async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (attempt >= 30) throw error
      await new Promise((resolve) => setTimeout(resolve, 1_000))
    }
  }
}
