import { changes, onChange } from "./audience/index.ts"
import { watching } from "./content/index.ts"
import { claims, emails } from "./crm/index.ts"
import { type Reactions, react } from "./events/index.ts"
import { runs } from "./journeys/index.ts"
import { memberships, ranks } from "./membership/index.ts"
import { accountMails, suppressions } from "./messaging/index.ts"

/** What happens after what, in the transaction of the event. */
const reactions: Reactions = {
  named: {
    "account.opened": [emails.followAccounts, accountMails.verify],
    "account.superseded": [memberships.dropSuperseded],
    "account.verification_requested": [accountMails.verify],
    "account.suspended": [suppressions.stopGone],
    "account.verified": [emails.followAccounts, memberships.recognise, suppressions.liftVerified],
    "account.address_changed": [emails.followAccounts, suppressions.liftVerified],
    "account.address_change_requested": [accountMails.addressChange],
    "account.password_changed": [accountMails.passwordChanged],
    "account.reset_requested": [accountMails.reset],
    "account.sign_up_repeated": [accountMails.alreadyRegistered],
    "consent.given": [changes.ofConsents],
    "consent.refused": [changes.ofConsents, suppressions.stopRefused],
    "contact.changed": [changes.ofProfiles],
    "member.withdrew": [runs.exitWithdrawn, suppressions.stopGone, accountMails.withdrawalDone],
    "video.watched": [watching.project],
  },
  every: [changes.ofEvents],
  traits: [claims.keep],
  movers: [claims.move, watching.move, changes.ofMove],
}

/** What follows when the kept answer to a condition changes, by whose condition it is, in the transaction of the evaluation. */
const answers = {
  "rank.rise": ranks.applyChanges,
  "rank.stay": ranks.applyChanges,
  "scenario.entry": runs.enter,
  "scenario.exit": runs.exit,
}

/** Ties it together; called once by the composition root. */
export function wireReactions(): void {
  react(reactions)
  onChange(answers)
}
