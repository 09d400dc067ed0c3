import { Refusal } from "../platform/refusals.ts"
import { type Locale, words } from "../platform/words.ts"

export class NoSuchSegment extends Refusal {
  readonly kind = "missing"
  sentence(locale: Locale) {
    return say(locale)("noSuchSegment")
  }
}

export class SegmentNameTaken extends Refusal {
  readonly kind = "invalid"
  override readonly fields = (locale: Locale) => ({ name: say(locale)("nameTaken") })
  sentence(locale: Locale) {
    return say(locale)("nameTaken")
  }
}

export class SegmentInUse extends Refusal {
  readonly kind = "conflict"
  sentence(locale: Locale) {
    return say(locale)("inUse")
  }
}

const say = words(
  {
    noSuchSegment: "セグメントが見つかりません。アーカイブされたか、アドレスが間違っている可能性があります。",
    nameTaken: "同じ名前のセグメントがあります。別の名前をつけてください。",
    inUse: "ほかの条件や閲覧条件で使われているため、アーカイブできません。先にそちらを変更してください。",
  },
  {
    noSuchSegment: "There is no such segment. It may have been archived, or the address is wrong.",
    nameTaken: "There is already a segment of this name. Choose another.",
    inUse: "Other conditions or access rules use this segment. Change those first.",
  },
)
