import { type RefusalKind, Refusal } from "../platform/refusals.ts"
import type { Locale } from "../platform/words.ts"
import { words } from "../platform/words.ts"

/** A new password has at least so many characters, */
export const shortest = 10
/** and at most so many: longer ones only cost time to hash. */
export const longest = 200

/** Nobody is signed in, or the session has ended. */
export class NotSignedIn extends Refusal {
  readonly kind = "unauthenticated"
  sentence(locale: Locale) {
    return say(locale)("notSignedIn")
  }
}
/** A bearer token that is unknown, revoked or expired. */
export class NoSuchToken extends Refusal {
  readonly kind = "unauthenticated"
  sentence(locale: Locale) {
    return say(locale)("noSuchToken")
  }
}
/** The one acting may not do this. */
export class NotPermitted extends Refusal {
  readonly kind = "forbidden"
  sentence(locale: Locale) {
    return say(locale)("notPermitted")
  }
}
/** Address and password do not belong together. Says the same whether or not the address is known. */
export class WrongCredentials extends Refusal {
  readonly kind: RefusalKind = "unauthenticated"
  sentence(locale: Locale) {
    return say(locale)("wrongCredentials")
  }
}
/** The right password of an account whose address was never confirmed. */
export class NotVerified extends Refusal {
  readonly kind = "forbidden"
  sentence(locale: Locale) {
    return say(locale)("notVerified")
  }
}
/** The password given to confirm an act is not the account's. */
export class WrongPassword extends Refusal {
  readonly kind = "invalid"
  override readonly fields = (locale: Locale) => ({ password: say(locale)("wrongPassword") })
  sentence(locale: Locale) {
    return say(locale)("wrongPassword")
  }
}
/** A new password that is too short, too long or too easily guessed. */
export class WeakPassword extends Refusal {
  readonly kind = "invalid"
  readonly why: "short" | "long" | "common"
  override readonly fields: (locale: Locale) => Record<string, string>
  constructor(why: "short" | "long" | "common", field: string) {
    super()
    this.why = why
    this.fields = (locale) => ({ [field]: this.sentence(locale) })
  }
  sentence(locale: Locale) {
    return say(locale)(`weak.${this.why}`, { shortest, longest })
  }
}
/** A text that is no mail address. */
export class NotAnAddress extends Refusal {
  readonly kind = "invalid"
  override readonly fields = (locale: Locale) => ({ address: say(locale)("notAnAddress") })
  sentence(locale: Locale) {
    return say(locale)("notAnAddress")
  }
}
/** The link of a mail was used, replaced, or has expired. */
export class LinkNoLongerWorks extends Refusal {
  readonly kind = "gone"
  sentence(locale: Locale) {
    return say(locale)("linkNoLongerWorks")
  }
}
/** Somebody else has verified this address. Said only to who has shown that the mailbox is theirs, and to staff. */
export class AddressTaken extends Refusal {
  readonly kind = "conflict"
  override readonly fields = (locale: Locale) => ({ address: say(locale)("addressTaken") })
  sentence(locale: Locale) {
    return say(locale)("addressTaken")
  }
}
/** The contact has an account already. */
export class AlreadyHasAccount extends Refusal {
  readonly kind = "conflict"
  sentence(locale: Locale) {
    return say(locale)("alreadyHasAccount")
  }
}
/** There is no such account, member of staff or token. */
export class NoSuchRecord extends Refusal {
  readonly kind = "missing"
  sentence(locale: Locale) {
    return say(locale)("noSuchRecord")
  }
}
/** The owner exists; set-up happens once. */
export class AlreadySetUp extends Refusal {
  readonly kind = "conflict"
  sentence(locale: Locale) {
    return say(locale)("alreadySetUp")
  }
}
/** Somebody must stay who may do everything. */
export class LastOwner extends Refusal {
  readonly kind = "conflict"
  sentence(locale: Locale) {
    return say(locale)("lastOwner")
  }
}

const say = words(
  {
    notSignedIn: "ログインしてから、もう一度お試しください。",
    noSuchToken: "このAPIトークンは使えません。取り消されたか、期限が切れています。新しいトークンを発行してください。",
    notPermitted: "この操作の権限がありません。必要な場合は、オーナーまたは管理者にご相談ください。",
    wrongCredentials: "メールアドレスまたはパスワードが一致しません。入力内容をご確認ください。",
    notVerified:
      "メールアドレスの確認がまだ済んでいません。確認メールをお送りしましたので、メール内のリンクを開いてください。",
    wrongPassword: "現在のパスワードが一致しません。",
    "weak.short": "パスワードは{shortest}文字以上にしてください。",
    "weak.long": "パスワードは{longest}文字以内にしてください。",
    "weak.common": "推測されやすいパスワードです。別のものにしてください。",
    notAnAddress: "メールアドレスの形式をご確認ください（例：hanako@example.jp）。",
    linkNoLongerWorks: "このリンクは使用済みか、期限が切れています。お手数ですが、もう一度手続きをお願いします。",
    addressTaken: "このメールアドレスは、すでに別のアカウントで使われています。",
    alreadyHasAccount: "この方には、すでにアカウントがあります。",
    noSuchRecord: "見つかりませんでした。すでに削除されたか、アドレスが違っています。",
    alreadySetUp: "初期設定は完了しています。ログインしてください。",
    lastOwner: "オーナーが1人もいなくなるため、変更できません。先に別のオーナーを決めてください。",
  },
  {
    notSignedIn: "Please sign in and try again.",
    noSuchToken: "This API token does not work. It was revoked or has expired; create a new one.",
    notPermitted: "You are not permitted to do this. If you need it, ask an owner or administrator.",
    wrongCredentials: "The mail address and the password do not match. Please check both.",
    notVerified:
      "This mail address is not confirmed yet. We have sent a confirmation mail; please open the link in it.",
    wrongPassword: "That is not the current password.",
    "weak.short": "Please use at least {shortest} characters.",
    "weak.long": "Please use at most {longest} characters.",
    "weak.common": "That password is easily guessed. Please choose another.",
    notAnAddress: "Please check the mail address (for example hanako@example.jp).",
    linkNoLongerWorks: "This link was already used or has expired. Please start again.",
    addressTaken: "Another account already uses this mail address.",
    alreadyHasAccount: "This person already has an account.",
    noSuchRecord: "It was not found. It may have been removed, or the address is wrong.",
    alreadySetUp: "Set-up is complete. Please sign in.",
    lastOwner: "This would leave no owner. Make somebody else an owner first.",
  },
)
