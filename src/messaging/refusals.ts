import { Refusal } from "../platform/refusals.ts"
import { type Locale, words } from "../platform/words.ts"

/** The link of a mail leads nowhere: cut off on the way, or of a mail that was erased. */
export class UnknownLink extends Refusal {
  readonly kind = "missing"
  sentence(locale: Locale) {
    return say(locale)("unknownLink")
  }
}

/** Only what failed or is uncertain can be sent again. */
export class NotToRetry extends Refusal {
  readonly kind = "conflict"
  sentence(locale: Locale) {
    return say(locale)("notToRetry")
  }
}

/** Why a mail is blocked, when staff asks for it to go out again. */
export class NotMailable extends Refusal {
  readonly kind = "conflict"
  sentence(locale: Locale) {
    return say(locale)("notMailable")
  }
}

export class NoSuchDelivery extends Refusal {
  readonly kind = "missing"
  sentence(locale: Locale) {
    return say(locale)("noSuchDelivery")
  }
}

const say = words(
  {
    unknownLink: "このリンクは読み取れませんでした。メールのリンクが途中で切れていないか、ご確認ください。",
    notToRetry: "再送できるのは、「失敗」または「不明」の配信だけです。最新の状態をご確認ください。",
    notMailable: "この方には、いまこのメールを送れません。同意・退会・宛先の状態をご確認ください。",
    noSuchDelivery: "この配信は見つかりませんでした。一覧からお探しください。",
  },
  {
    unknownLink: "This link could not be read. Please check that it was not cut off in the mail.",
    notToRetry: "Only deliveries that failed or are uncertain can be sent again. Please look at its present state.",
    notMailable: "This person cannot be sent this mail now. Please check consent, withdrawal and address.",
    noSuchDelivery: "There is no such delivery. Please look for it in the list.",
  },
)
