import type { Say } from "../../platform/words.ts"
import { moment } from "../formats.ts"
import type { Delivery } from "../shapes/deliveries.ts"

const known = [
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
  "scenario-archived",
  "expired",
  "worker-lost",
  "stale",
  "bug",
]

/** Why a mail did not go out, or what it waits for; `short` for lists. */
export function reasonText({ state, reason, nextTryAt, attempts, clickedAt }: Delivery, t: Say, short = false): string {
  if (state === "sent") return clickedAt ? t("clicked", { at: moment(clickedAt) }) : ""
  const said = reason ? (known.includes(reason) ? t(`why.${reason}`) : reason) : ""
  if (state !== "queued" || !nextTryAt) return said
  const due = Date.parse(nextTryAt) < Date.now() - 60_000
  const next = due
    ? t(short ? "dueShort" : "due")
    : t(attempts > 0 ? "nextTry" : "goesAt", { at: moment(nextTryAt), attempts })
  return [said, next].filter(Boolean).join(" ")
}
