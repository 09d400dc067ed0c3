import { changes } from "./audience/index.ts"
import { watching } from "./content/index.ts"
import { claims, emails } from "./crm/index.ts"
import { type Reactions, react } from "./events/index.ts"
import { accountMails } from "./messaging/index.ts"

/** What happens after what, in the transaction of the event. */
const reactions: Reactions = {
  named: {
    "account.opened": [emails.followAccounts, accountMails.verify],
    "account.verified": [emails.followAccounts],
    "account.address_changed": [emails.followAccounts],
    "account.address_change_requested": [accountMails.addressChange],
    "account.password_changed": [accountMails.passwordChanged],
    "account.reset_requested": [accountMails.reset],
    "account.sign_up_repeated": [accountMails.alreadyRegistered],
    "member.withdrew": [accountMails.withdrawalDone],
    "video.watched": [watching.project],
  },
  every: [changes.ofEvents],
  traits: [claims.keep],
  movers: [claims.move, watching.move, changes.ofMove],
}

/** Ties it together; called once by the composition root. */
export function wireReactions(): void {
  react(reactions)
}
