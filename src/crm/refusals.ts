import { Refusal } from "../platform/refusals.ts"
import type { Locale } from "../platform/words.ts"
import { say } from "./words.ts"

/** The contact does not exist or was erased. */
export class NoSuchContact extends Refusal {
  readonly kind = "missing"
  sentence(locale: Locale) {
    return say(locale)("noSuchContact")
  }
}

/** Whoever has withdrawn agrees to nothing until they join again. */
export class Withdrawn extends Refusal {
  readonly kind = "conflict"
  sentence(locale: Locale) {
    return say(locale)("withdrawn")
  }
}

/** Plan, rank, consent and verified mail are never set from a browser. */
export class ProtectedProperty extends Refusal {
  readonly kind = "forbidden"
  readonly propertyName: string
  constructor(name: string) {
    super()
    this.propertyName = name
  }
  sentence(locale: Locale) {
    return say(locale)("protectedProperty", { name: this.propertyName })
  }
}
