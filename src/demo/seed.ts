import { randomBytes } from "node:crypto"
import { build, changes } from "../audience/index.ts"
import { watching } from "../content/index.ts"
import { emails } from "../crm/index.ts"
import { keys, react } from "../events/index.ts"
import { apiTokens, passwords, permissions, staff } from "../identity/index.ts"
import { senders } from "../messaging/index.ts"
import { staffRoles, type StaffRole, system } from "../platform/actors.ts"
import * as clock from "../platform/clock.ts"
import { type Db, sql, transact, type Tx } from "../platform/db.ts"
import * as settings from "../platform/settings.ts"
import type { Storage } from "../platform/storage.ts"
import { faces } from "../site/index.ts"
import { makeContent } from "./content.ts"
import { lives, liveThrough, named } from "./members.ts"
import { makeRanks, makeScenarios, makeSegments } from "./rules.ts"

type SignIn = { address: string; password: string }
/** What scripts need to use the demo; also written to DATA_DIR/demo.json. */
export type Demo = {
  staff: Record<StaffRole, SignIn>
  members: Record<keyof typeof named, SignIn>
  apiToken: string
  serverKey: string
  browserKey: string
}

const by = system("demo")
/** The ladder is there before the first member joins. */
const beginsMs = 340 * 86_400_000

const staffNames: Record<StaffRole, string> = {
  owner: "中島 修",
  admin: "村上 千尋",
  marketer: "藤井 彩",
  editor: "青木 亮",
  support: "伊藤 恵",
  analyst: "西村 哲也",
}

/** The demo never fills a database that somebody uses. */
export class InUse extends Error {}

/**
 * Fills an empty installation once, through the modules' own doors, and hands the sign-ins to `keep` before it counts as done.
 * One that was interrupted is emptied and filled anew; a database that somebody uses is left alone.
 */
export async function seed(
  db: Db,
  storage: Storage,
  samples: URL,
  people: number,
  keep: (demo: Demo) => Promise<void>,
): Promise<void> {
  const state = await settings.read(db, "demo")
  if (state === "filled") return
  if (state === "filling") await empty(db)
  else if (!(await staff.needed(db)))
    throw new InUse("This database is in use; the demo needs an empty one. Give it a DATA_DIR of its own.")
  await settings.write(db, "demo", "filling")
  // A year is lived through without a mail being sent.
  react({
    named: {
      "account.opened": [emails.followAccounts],
      "account.verified": [emails.followAccounts],
      "video.watched": [watching.project],
    },
    every: [changes.ofEvents],
  })
  const now = new Date()
  const password = `demo-${randomBytes(6).toString("base64url")}`
  const hashed = await passwords.hash(password)
  const access = await transact(db, (tx) => makeAccess(tx, hashed))
  const ranks = await atStart(now, () => makeRanks(db))
  const videos = await makeContent(db, storage, samples, ranks, now)
  await buildConditions(db)
  await liveThrough(db, lives(now, videos, people), videos, access.keyId, hashed)
  await makeSegments(db)
  await makeScenarios(db, videos, ranks, now)
  await buildConditions(db)
  const signIn = (address: string): SignIn => ({ address, password })
  await keep({
    staff: Object.fromEntries(staffRoles.map((role) => [role, signIn(`${role}@manabi.example`)])) as Record<
      StaffRole,
      SignIn
    >,
    members: { hanako: signIn(named.hanako.address), takeshi: signIn(named.takeshi.address) },
    apiToken: access.apiToken,
    serverKey: access.serverKey,
    browserKey: access.browserKey,
  })
  await settings.write(db, "demo", "filled")
}

/** Takes everything out again but the schema and the instance's own key. */
async function empty(db: Db): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    and not c.relispartition and c.relname not in ('migration', 'setting', 'catalogue_version', 'condition_version')`.execute(
    db,
  )
  await sql`truncate ${sql.join(rows.map((row) => sql.table(row.name)))} restart identity cascade`.execute(db)
  await sql`delete from graphile_worker._private_jobs`.execute(db)
}

/** Staff of every role, keys, the site's face and the sender of its mails. */
async function makeAccess(tx: Tx, password: passwords.HashedPassword) {
  for (const role of staffRoles)
    await staff.create(
      tx,
      { name: staffNames[role], address: `${role}@manabi.example`, role, password, locale: "ja" },
      by,
    )
  const browser = await keys.create(tx, { kind: "browser", name: "会員サイト" }, by)
  const server = await keys.create(tx, { kind: "server", name: "デモ" }, by)
  const token = await apiTokens.create(tx, { name: "デモ", scopes: [...permissions] }, by)
  await faces.save(tx, { name: "まなび動画", browserKey: browser.key })
  await senders.change(
    tx,
    {
      name: "株式会社まなび動画",
      postalAddress: "〒390-0874 長野県松本市大手1-2-3",
      contact: "support@manabi.example",
      from: "info@manabi.example",
    },
    by,
  )
  return { apiToken: token.secret, serverKey: server.key, browserKey: browser.key, keyId: server.id }
}

async function atStart<T>(now: Date, work: () => Promise<T>): Promise<T> {
  clock.shift(now.getTime() - beginsMs - Date.now())
  try {
    return await work()
  } finally {
    clock.shift(0)
  }
}

/** Applies new conditions to everybody here and now; the jobs that would do it find nothing left. */
async function buildConditions(db: Db): Promise<void> {
  const waiting = await db.selectFrom("condition").select("id").where("state", "=", "registered").execute()
  for (const { id } of waiting) await build(db, { conditionId: id })
}
