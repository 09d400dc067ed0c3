import type { Ctx } from "../../platform/http.ts"
import { type Allowance, clientAddress, forget, limit, network } from "../../platform/rate.ts"
import { addressKey } from "../addresses.ts"

const minutes = 60
const hours = 3_600
const perAddressAndNetwork: Allowance = { points: 10, seconds: 15 * minutes }
const perAddress: Allowance = { points: 300, seconds: 15 * minutes }
const proofs: Allowance = { points: 10, seconds: 15 * minutes }
const perNetwork: Allowance = { points: 100, seconds: 15 * minutes }
const mailsPerAddress: Allowance = { points: 5, seconds: hours }
const mailsPerNetwork: Allowance = { points: 40, seconds: hours }
const setUps: Allowance = { points: 10, seconds: 15 * minutes }

/** How often the doors of identity may be knocked at, per mail address and per network; each throws TooMany. */
export const limits = {
  /**
   * Before a password is looked at. `door` is "sign-in" or "staff". Ten slips close the door to one network only, so that a
   * stranger cannot shut a member out; the address alone is closed when dozens of networks guess at it together.
   */
  async signIn(c: Ctx, door: string, address: string): Promise<void> {
    const key = addressKey(address)
    await limit(c.var.db, `${door}-network`, from(c), perNetwork)
    await limit(c.var.db, `${door}-address-network`, `${key} ${from(c)}`, perAddressAndNetwork)
    await limit(c.var.db, `${door}-address`, key, perAddress)
  },
  /** After the right password: earlier slips no longer count. */
  async signedIn(c: Ctx, door: string, address: string): Promise<void> {
    const key = addressKey(address)
    await forget(c.var.db, `${door}-address-network`, `${key} ${from(c)}`, perAddressAndNetwork)
    await forget(c.var.db, `${door}-address`, key, perAddress)
  },
  /** Before somebody who is signed in gives a password again. */
  async proof(c: Ctx, id: string): Promise<void> {
    await limit(c.var.db, "proof", id, proofs)
  },
  /** Before anything that sends a mail to an address somebody typed. `door` is "sign-up", "reset" or "address". */
  async mail(c: Ctx, door: string, address: string): Promise<void> {
    await limit(c.var.db, `${door}-network`, from(c), mailsPerNetwork)
    await limit(c.var.db, `${door}-address`, addressKey(address), mailsPerAddress)
  },
  /** Before a sign-up. */
  signUp: (c: Ctx, address: string): Promise<void> => limits.mail(c, "sign-up", address),
  /** Before the owner is set up. */
  async setUp(c: Ctx): Promise<void> {
    await limit(c.var.db, "set-up", from(c), setUps)
  },
}

function from(c: Ctx): string {
  return network(clientAddress(c))
}
