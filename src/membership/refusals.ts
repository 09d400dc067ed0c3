import { Refusal } from "../platform/refusals.ts"
import type { Locale } from "../platform/words.ts"
import { say } from "./words.ts"

/** The contact has no membership, or has withdrawn. */
export class NotAMember extends Refusal {
  readonly kind = "conflict"
  sentence(locale: Locale) {
    return say(locale)("notAMember")
  }
}
export class NoSuchRank extends Refusal {
  readonly kind = "missing"
  sentence(locale: Locale) {
    return say(locale)("noSuchRank")
  }
}
/** The rank is or was somebody's, or opens a video. */
export class RankInUse extends Refusal {
  readonly kind = "conflict"
  sentence(locale: Locale) {
    return say(locale)("rankInUse")
  }
}
/** Two sign-ups with one address met; trying once more gives the right answer. */
export class AddressContended extends Refusal {
  readonly kind = "unavailable"
  override readonly retryAfterSeconds = 1
  sentence(locale: Locale) {
    return say(locale)("addressContended")
  }
}
