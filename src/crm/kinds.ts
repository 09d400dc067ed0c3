import { sql } from "../platform/db.ts"

/** What a timeline can be narrowed to. */
export const kinds = ["watch", "mail", "rank", "account", "page", "segment", "scenario", "other"] as const
export type Kind = (typeof kinds)[number]

const prefixes: Record<Exclude<Kind, "other">, string[]> = {
  watch: ["video."],
  mail: ["mail.", "consent."],
  rank: ["rank."],
  account: ["account.", "member.", "contact."],
  page: ["page.", "link."],
  segment: ["segment."],
  scenario: ["scenario."],
}

/** The kind of an event by its name. */
export function kindOf(name: string): Kind {
  for (const [kind, starts] of Object.entries(prefixes))
    if (starts.some((start) => name.startsWith(start))) return kind as Kind
  return "other"
}

/** A test for the events of some kinds. */
export function patterns(wanted: Kind[]) {
  const likes = (of: Kind[]) =>
    of.flatMap((kind) => (kind === "other" ? [] : prefixes[kind])).map((start) => `${start}%`)
  const named = sql<boolean>`name like any(${likes(wanted)}::text[])`
  const test = wanted.includes("other")
    ? sql<boolean>`(${named} or not name like any(${likes([...kinds])}::text[]))`
    : named
  return { sql: test, has: (name: string) => wanted.includes(kindOf(name)) }
}

/** What an event is called: by its schema, else as the product says it, else by its own name. */
export function labelOf(name: string, label?: { ja: string; en: string }): { ja: string; en: string } {
  if (label) return label
  const said = labels[name]
  return said ? { ja: said[0], en: said[1] } : { ja: name, en: name }
}

const labels: Record<string, [string, string]> = {
  "account.opened": ["アカウントを作成", "Account opened"],
  "account.verified": ["メールアドレスを確認", "Mail address verified"],
  "account.signed_in": ["ログイン", "Signed in"],
  "account.signed_out": ["ログアウト", "Signed out"],
  "account.password_changed": ["パスワードを変更", "Password changed"],
  "account.address_changed": ["メールアドレスを変更", "Mail address changed"],
  "account.sign_up_repeated": ["登録済みのアドレスで再度申し込み", "Signed up again with the same address"],
  "account.suspended": ["アカウントを停止", "Account suspended"],
  "member.joined": ["入会", "Joined"],
  "member.rejoined": ["再入会", "Joined again"],
  "member.withdrew": ["退会", "Withdrew"],
  "contact.changed": ["顧客情報を変更", "Details changed"],
  "consent.given": ["同意", "Consent given"],
  "consent.refused": ["同意を撤回・拒否", "Consent refused"],
  "page.viewed": ["ページを閲覧", "Viewed a page"],
  "page.left": ["ページを離れた", "Left a page"],
  "link.clicked": ["リンクをクリック", "Clicked a link"],
  "video.watched": ["動画を視聴", "Watched a video"],
  "video.completed": ["動画を完了", "Completed a video"],
  "rank.rose": ["ランクが上がった", "Rose in rank"],
  "rank.fell": ["ランクが下がった", "Fell in rank"],
  "rank.held": ["ランクを固定", "Rank held"],
  "rank.released": ["ランクの固定を解除", "Rank released"],
  "segment.entered": ["セグメントに入った", "Entered a segment"],
  "segment.left": ["セグメントから外れた", "Left a segment"],
  "scenario.entered": ["シナリオを開始", "Entered a scenario"],
  "scenario.exited": ["シナリオを離脱", "Left a scenario"],
  "scenario.finished": ["シナリオを完了", "Finished a scenario"],
  "mail.sent": ["メールを送信", "Mail sent"],
  "mail.failed": ["メールの送信に失敗", "Mail failed"],
  "mail.suppressed": ["メールを送信せず", "Mail not sent"],
  "mail.clicked": ["メールのリンクをクリック", "Clicked a link in a mail"],
}
