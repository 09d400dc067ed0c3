import type { Event, Reaction } from "../events/index.ts"
import { mailTokens } from "../identity/index.ts"
import { now } from "../platform/clock.ts"
import type { Tx } from "../platform/db.ts"
import { type Locale, words } from "../platform/words.ts"
import type { Block } from "./blocks.ts"
import * as deliveries from "./deliveries.ts"

type Account = { contactId: string; address: string; locale: Locale }
type Text = { step: string; subject: string; blocks: Block[]; recipient?: string; secret?: string }

/** Reaction to account.opened: the link that proves the mailbox. */
export const verify = mailing(async (tx, { contactId, locale }) => {
  const word = await mailTokens.issue(tx, contactId, "verify", {}, 24)
  const t = say(locale)
  return [
    {
      step: "verify",
      subject: t("verify.subject"),
      blocks: [
        // Without the name: anybody may type any words there, and nobody has said yet that this mailbox is theirs.
        { kind: "paragraph", text: t("hello.anybody") },
        { kind: "paragraph", text: t("verify.body") },
        { kind: "button", label: t("verify.button"), url: `/verify?token=${word}` },
        { kind: "note", text: t("verify.note") },
      ],
      secret: word,
    },
  ]
})

/** Reaction to account.reset_requested: the link to choose a new password. */
export const reset = mailing(async (tx, { contactId, locale }) => {
  const word = await mailTokens.issue(tx, contactId, "reset", {}, 1)
  const t = say(locale)
  return [
    {
      step: "reset",
      subject: t("reset.subject"),
      blocks: [
        { kind: "paragraph", text: t("hello") },
        { kind: "paragraph", text: t("reset.body") },
        { kind: "button", label: t("reset.button"), url: `/password/reset?token=${word}` },
        { kind: "note", text: t("reset.note") },
      ],
      secret: word,
    },
  ]
})

/** Reaction to account.address_change_requested: a link to the new mailbox, a notice to the present one. */
export const addressChange = mailing(async (tx, { contactId, locale }) => {
  const wanted = await tx
    .selectFrom("addressChange")
    .select("address")
    .where("contactId", "=", contactId)
    .executeTakeFirst()
  if (!wanted) return []
  const word = await mailTokens.issue(tx, contactId, "change-address", {}, 24)
  const t = say(locale)
  return [
    {
      step: "change-address",
      subject: t("change.subject"),
      blocks: [
        { kind: "paragraph", text: t("hello") },
        { kind: "paragraph", text: t("change.body") },
        { kind: "button", label: t("change.button"), url: `/account/address/confirm?token=${word}` },
        { kind: "note", text: t("change.note") },
      ],
      recipient: wanted.address,
      secret: word,
    },
    {
      step: "change-address-notice",
      subject: t("notice.subject"),
      blocks: [
        { kind: "paragraph", text: t("hello") },
        { kind: "paragraph", text: t("notice.body") },
        { kind: "button", label: t("notice.button"), url: "/password/forgotten" },
      ],
    },
  ]
})

/** Reaction to account.sign_up_repeated: tells the owner that the address is already registered; the sign-up page says nothing of it. */
export const alreadyRegistered = mailing(async (_, { locale }) => {
  const t = say(locale)
  return [
    {
      step: "already-registered",
      subject: t("repeated.subject"),
      blocks: [
        { kind: "paragraph", text: t("hello") },
        { kind: "paragraph", text: t("repeated.body") },
        { kind: "button", label: t("repeated.button"), url: "/sign-in" },
        { kind: "note", text: t("repeated.note") },
      ],
    },
  ]
})

/** Reaction to account.password_changed. */
export const passwordChanged = mailing(async (_, { locale }) => {
  const t = say(locale)
  return [
    {
      step: "password-changed",
      subject: t("password.subject"),
      blocks: [
        { kind: "paragraph", text: t("hello") },
        { kind: "paragraph", text: t("password.body") },
        { kind: "button", label: t("notice.button"), url: "/password/forgotten" },
      ],
    },
  ]
})

/** Reaction to member.withdrew: 退会完了. */
export const withdrawalDone = mailing(async (_, { locale }) => {
  const t = say(locale)
  return [
    {
      step: "withdrawal-done",
      subject: t("withdrawn.subject"),
      blocks: [
        { kind: "paragraph", text: t("hello") },
        { kind: "paragraph", text: t("withdrawn.body") },
      ],
    },
  ]
})

/** A reaction that sends transactional mails to the account's own address, once per event. */
function mailing(texts: (tx: Tx, account: Account) => Promise<Text[]>): Reaction {
  return async (tx: Tx, events: Event[]) => {
    const current = events.filter((event) => !event.history)
    if (current.length === 0) return
    const contactIds = current.map((event) => event.contactId)
    const accounts = await tx
      .selectFrom("account")
      .select(["contactId", "address", "locale"])
      .where("contactId", "in", contactIds)
      .execute()
    for (const event of current) {
      const account = accounts.find(({ contactId }) => contactId === event.contactId)
      if (!account) continue
      await deliveries.queueAll(
        tx,
        (await texts(tx, account)).map((text) => ({
          contactId: event.contactId,
          runId: event.id,
          class: "transactional" as const,
          at: now(),
          askedFor: true,
          recipient: account.address,
          locale: account.locale,
          ...text,
        })),
      )
    }
  }
}

const say = words(
  {
    hello: "'{{contact.fullName}}' 様",
    "hello.anybody": "お客さま",
    "verify.subject": "メールアドレスの確認をお願いします",
    "verify.body": "ご登録ありがとうございます。\n下のボタンからメールアドレスを確認すると、登録が完了します。",
    "verify.button": "メールアドレスを確認する",
    "verify.note":
      "このリンクは24時間有効です。お心当たりのない場合は、このメールを破棄してください。登録は完了しません。",
    "reset.subject": "パスワードの再設定",
    "reset.body": "パスワードの再設定を受け付けました。\n下のボタンから新しいパスワードを設定してください。",
    "reset.button": "新しいパスワードを設定する",
    "reset.note":
      "このリンクは1時間有効で、一度だけ使えます。お心当たりのない場合は、何もなさらなければパスワードは変わりません。",
    "change.subject": "新しいメールアドレスの確認をお願いします",
    "change.body": "このアドレスへの変更を受け付けました。\n下のボタンから確認すると、変更が完了します。",
    "change.button": "このアドレスに変更する",
    "change.note":
      "このリンクは24時間有効です。お心当たりのない場合は、このメールを破棄してください。アドレスは変わりません。",
    "notice.subject": "メールアドレスの変更を受け付けました",
    "notice.body":
      "ご登録のメールアドレスを変更する手続きが始まりました。新しいアドレスで確認されるまで、変更は行われません。\nお心当たりのない場合は、すぐにパスワードを再設定してください。",
    "notice.button": "パスワードを再設定する",
    "repeated.subject": "すでに登録がお済みです",
    "repeated.body":
      "このメールアドレスで会員登録のお申し込みがありましたが、すでに登録がお済みです。\nそのままログインしていただけます。",
    "repeated.button": "ログインする",
    "repeated.note":
      "パスワードをお忘れの場合は、ログインのページから再設定していただけます。お申し込みにお心当たりのない場合は、何もしていただく必要はありません。",
    "password.subject": "パスワードが変更されました",
    "password.body":
      "アカウントのパスワードが変更されました。\nお心当たりのない場合は、すぐにパスワードを再設定してください。",
    "withdrawn.subject": "退会の手続きが完了しました",
    "withdrawn.body":
      "退会の手続きが完了しました。これまでご利用いただき、ありがとうございました。\n今後、ご案内のメールをお送りすることはありません。",
  },
  {
    hello: "Dear '{{contact.fullName}}',",
    "hello.anybody": "Hello,",
    "verify.subject": "Please confirm your mail address",
    "verify.body": "Thank you for signing up.\nConfirm your mail address with the button below to complete it.",
    "verify.button": "Confirm my mail address",
    "verify.note":
      "The link is valid for 24 hours. If you did not sign up, ignore this mail; nothing will be registered.",
    "reset.subject": "Choose a new password",
    "reset.body": "We received a request to reset your password.\nChoose a new one with the button below.",
    "reset.button": "Choose a new password",
    "reset.note":
      "The link is valid for one hour and works once. If you did not ask for this, do nothing and your password stays.",
    "change.subject": "Please confirm your new mail address",
    "change.body": "We received a request to change to this address.\nConfirm it with the button below.",
    "change.button": "Change to this address",
    "change.note":
      "The link is valid for 24 hours. If you did not ask for this, ignore this mail; nothing will change.",
    "notice.subject": "A change of your mail address was requested",
    "notice.body":
      "Somebody asked to change the mail address of your account. Nothing changes until the new address is confirmed.\nIf this was not you, reset your password now.",
    "notice.button": "Reset my password",
    "repeated.subject": "You are already registered",
    "repeated.body":
      "Somebody tried to sign up with this mail address, which is registered already.\nYou can simply sign in.",
    "repeated.button": "Sign in",
    "repeated.note":
      "If you forgot your password, reset it from the sign-in page. If it was not you who tried to sign up, there is nothing to do.",
    "password.subject": "Your password was changed",
    "password.body": "The password of your account was changed.\nIf this was not you, reset it now.",
    "withdrawn.subject": "Your withdrawal is complete",
    "withdrawn.body":
      "Your withdrawal is complete. Thank you for having been with us.\nYou will receive no further news from us.",
  },
)
