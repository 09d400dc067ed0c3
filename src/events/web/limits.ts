import type { Ctx } from "../../platform/http.ts"
import { clientAddress, network, pace } from "../../platform/rate.ts"

/** A request counts once for every so many messages in it. */
const messagesPerCount = 20
const perNetwork = pace({ perSecond: 60, burst: 300 })
const perKey = pace({ perSecond: 1_000, burst: 5_000 })

/** Counts a request that anybody could have sent, before it costs the database anything; throws TooMany. Kept in this process. */
export const limits = {
  network(c: Ctx, messages: number): void {
    perNetwork(network(clientAddress(c)), Math.max(1, Math.ceil(messages / messagesPerCount)))
  },
  key(keyId: string, messages: number): void {
    perKey(keyId, Math.max(1, Math.ceil(messages / messagesPerCount)))
  },
}
