import type { Locale } from "./words.ts"

/** What kind of no it is; http.ts maps each to a status. */
export type RefusalKind =
  | "invalid"
  | "unauthenticated"
  | "forbidden"
  | "missing"
  | "conflict"
  | "gone"
  | "too-large"
  | "too-many"
  | "unavailable"

/**
 * A no that the product means, as against a bug. Modules extend it with a small named class
 * whose `sentence` says, in the reader's language, what happened and what to do next.
 */
export abstract class Refusal extends Error {
  abstract readonly kind: RefusalKind
  /** Faults by form field, as sentences; shown beside the fields. */
  readonly fields: (locale: Locale) => Record<string, string> = () => ({})
  /** Seconds after which trying again makes sense. */
  readonly retryAfterSeconds?: number
  abstract sentence(locale: Locale): string

  constructor() {
    super(new.target.name)
    this.name = new.target.name
  }
}
