import type { Say } from "../../../platform/words.ts"

const known = [
  "sent",
  "queued",
  "sending",
  "suppressed",
  "failed",
  "uncertain",
  "erased",
  "withdrawn",
  "suspended",
  "no-address",
  "bounced",
  "no-consent",
  "refused",
  "unverified",
  "sender-incomplete",
  "frequency",
]

/** What would become or became of a mail, in words. */
export function fateName(fate: string, t: Say): string {
  return known.includes(fate) ? t(`fate.${fate}`) : fate
}
