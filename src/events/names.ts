import type { Db, Tx } from "../platform/db.ts"
import { sql, transact } from "../platform/db.ts"
import type { Locale } from "../platform/words.ts"

type Label = Record<Locale, string>

/** The events of the product's own, with what people call them. */
const ownNames: Record<string, Label> = {
  "account.opened": { ja: "アカウントを作成", en: "Account opened" },
  "account.verified": { ja: "メールアドレスを確認", en: "Mail address verified" },
  "account.signed_in": { ja: "ログイン", en: "Signed in" },
  "account.signed_out": { ja: "ログアウト", en: "Signed out" },
  "account.password_changed": { ja: "パスワードを変更", en: "Password changed" },
  "account.address_changed": { ja: "メールアドレスを変更", en: "Mail address changed" },
  "account.sign_up_repeated": { ja: "登録済みのアドレスで再度申し込み", en: "Signed up again with the same address" },
  "account.verification_requested": { ja: "確認メールを再送", en: "Asked for the verification mail again" },
  "account.superseded": { ja: "未確認の登録を上書き", en: "Unverified sign-up replaced" },
  "account.reset_requested": { ja: "パスワードの再設定を申請", en: "Asked to reset the password" },
  "account.address_change_requested": { ja: "メールアドレスの変更を申請", en: "Asked to change the address" },
  "account.suspended": { ja: "アカウントを停止", en: "Account suspended" },
  "account.resumed": { ja: "アカウントの停止を解除", en: "Account resumed" },
  "member.joined": { ja: "入会", en: "Joined" },
  "member.withdrew": { ja: "退会", en: "Withdrew" },
  "contact.changed": { ja: "顧客情報を変更", en: "Details changed" },
  "contact.identified": { ja: "属性を受信", en: "Properties received" },
  "contact.aliased": { ja: "匿名の履歴を統合", en: "Anonymous history joined" },
  "consent.given": { ja: "同意", en: "Consent given" },
  "consent.refused": { ja: "同意を撤回・拒否", en: "Consent refused" },
  "page.viewed": { ja: "ページを閲覧", en: "Viewed a page" },
  "page.left": { ja: "ページを離れた", en: "Left a page" },
  "link.clicked": { ja: "リンクをクリック", en: "Clicked a link" },
  "screen.viewed": { ja: "画面を閲覧(アプリ)", en: "Viewed a screen (app)" },
  "group.joined": { ja: "グループに所属", en: "Joined a group" },
  "video.watched": { ja: "動画を視聴", en: "Watched a video" },
  "video.completed": { ja: "動画を完了", en: "Completed a video" },
  "rank.rose": { ja: "ランクが上がった", en: "Rose in rank" },
  "rank.fell": { ja: "ランクが下がった", en: "Fell in rank" },
  "rank.held": { ja: "ランクを固定", en: "Rank held" },
  "rank.released": { ja: "ランクの固定を解除", en: "Rank released" },
  "segment.entered": { ja: "セグメントに入った", en: "Entered a segment" },
  "segment.left": { ja: "セグメントから外れた", en: "Left a segment" },
  "scenario.entered": { ja: "シナリオを開始", en: "Entered a scenario" },
  "scenario.exited": { ja: "シナリオを離脱", en: "Left a scenario" },
  "scenario.finished": { ja: "シナリオを完了", en: "Finished a scenario" },
  "mail.sent": { ja: "メールを送信", en: "Mail sent" },
  "mail.failed": { ja: "メールの送信に失敗", en: "Mail failed" },
  "mail.suppressed": { ja: "メールを送信せず", en: "Mail not sent" },
  "mail.clicked": { ja: "メールのリンクをクリック", en: "Clicked a link in a mail" },
}

/** What an event is called: by its schema, else as the product says it, else by its own name. */
export function labelOf(name: string, label?: Label): Label {
  return label ?? (Object.hasOwn(ownNames, name) ? ownNames[name]! : { ja: name, en: name })
}

const open = new Set(["page.viewed", "page.left", "link.clicked", "screen.viewed", "group.joined"])
const areas = new Set(["account", "member", "contact", "consent", "video", "rank", "segment", "scenario", "mail"])

const importable = new Set(["video.watched", "account.signed_in", "account.signed_out", "mail.sent", "mail.clicked"])

/** Whether a history import may tell it although the product records it: behaviour only, nothing that acts on an account. */
export function isImportable(name: string): boolean {
  return importable.has(name)
}

/** Whether only the product itself says this. */
export function isReserved(name: string): boolean {
  const dot = name.indexOf(".")
  return dot > 0 && !open.has(name) && areas.has(name.slice(0, dot))
}

type Listed = { name: string; label: Label; own: boolean; sent: boolean }

/** Every event name there is, own or sent, with its label; for building conditions. */
export async function list(db: Db): Promise<Listed[]> {
  const schemas = await db.selectFrom("eventSchema").select(["name", "label"]).execute()
  const seen = await db.selectFrom("eventName").select("name").orderBy("name").limit(2_000).execute()
  const names = new Map<string, Listed>()
  const put = (name: string, label: Label, sent: boolean) =>
    names.set(name, { name, label, own: isReserved(name), sent })
  for (const [name, label] of Object.entries(ownNames)) put(name, label, false)
  for (const { name } of seen) put(name, labelOf(name), true)
  for (const { name, label } of schemas) put(name, label, names.get(name)?.sent ?? false)
  return [...names.values()]
}

const seen = new WeakMap<Db, Set<string>>()

/** The names among these that this process has not yet seen stored in this database. */
export function unseen(db: Db, names: Iterable<string>): string[] {
  const known = seen.get(db)
  return [...new Set(names)].filter((name) => !known?.has(name))
}

/** Remembers names that are now stored. */
export function nowSeen(db: Db, names: string[]): void {
  let known = seen.get(db)
  if (!known) seen.set(db, (known = new Set()))
  if (known.size > 10_000) known.clear()
  for (const name of names) known.add(name)
}

/** How many names unknown before public keys may bring in within a day, all of them together. */
export const mostPublic = 500
const dayMs = 86_400_000

/**
 * Takes names that a public key has sent into the list, as long as there is room for today, and gives those that there is no
 * room for. Asks the database only about names this process has not seen. What the product or a schema names needs no room.
 */
export async function overflow(db: Db, sent: string[], at: Date): Promise<Set<string>> {
  const strange = unseen(db, sent).filter((name) => !Object.hasOwn(ownNames, name))
  if (strange.length === 0) return new Set()
  const fresh = new Set(strange)
  for (const name of await known(db, strange)) fresh.delete(name)
  if (fresh.size === 0) return fresh
  return transact(db, async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtext('public event names'), 0)`.execute(tx)
    await sql`
      insert into event_name (name, first_seen_at, public)
      select name, ${at}::timestamptz, true from unnest(${[...fresh]}::text[]) name
      where not exists (select from event_name e where e.name = name.name)
      limit greatest(0, ${mostPublic} - (select count(*) from event_name
        where public and first_seen_at > ${new Date(at.getTime() - dayMs)}))
      on conflict do nothing`.execute(tx)
    for (const name of await known(tx, [...fresh])) fresh.delete(name)
    return fresh
  })
}

async function known(db: Db, names: string[]): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from event_name where name = any(${names}::text[])
    union select name from event_schema where name = any(${names}::text[])`.execute(db)
  return rows.map((row) => row.name)
}

/** Keeps names so that they can be listed. */
export async function keep(tx: Tx, names: string[], at: Date): Promise<void> {
  if (names.length === 0) return
  await sql`insert into event_name (name, first_seen_at)
    select name, ${at}::timestamptz from unnest(${names.toSorted()}::text[]) name on conflict do nothing`.execute(tx)
}
