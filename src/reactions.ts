import { react } from "./events/index.ts"
import { accountMails } from "./messaging/index.ts"

/** What happens after what. */
export function wireReactions(): void {
  react({
    every: [],
    named: {
      "account.opened": [accountMails.verify],
      "account.reset_requested": [accountMails.reset],
      "account.address_change_requested": [accountMails.addressChange],
      "account.sign_up_repeated": [accountMails.alreadyRegistered],
    },
    traits: [],
    movers: [],
  })
}
