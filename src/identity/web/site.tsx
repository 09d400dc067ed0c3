import { announce, joining } from "../../events/index.ts"
import { now } from "../../platform/clock.ts"
import { typed } from "../../platform/forms.ts"
import { anyone, type Ctx, routes } from "../../platform/http.ts"
import { page } from "../../ui/index.ts"
import * as accounts from "../accounts.ts"
import { isAddress } from "../addresses.ts"
import * as addressChanges from "../address-changes.ts"
import * as credentials from "../credentials.ts"
import * as mailTokens from "../mail-tokens.ts"
import * as passwords from "../passwords.ts"
import { LinkNoLongerWorks, NotAnAddress, NotVerified } from "../refusals.ts"
import * as sessions from "../sessions.ts"
import { anonymousId, dropWord, forgetVisitor, keepWord } from "./cookies.ts"
import { orAgain } from "./forms.ts"
import { limits } from "./limits.ts"
import { safeNext } from "./next.ts"
import * as pages from "./pages.tsx"
import { member, memberOf, memberWord, visitorOnly } from "./policies.ts"

/** The members' pages of identity: signing in and out, confirming, resetting and changing credentials. */
export const site = routes()

site.get("/sign-in", visitorOnly, (c) => {
  return page(c, <pages.SignInPage next={safeNext(c.req.query("next"))} done={c.req.query("done")} />)
})

site.post("/sign-in", visitorOnly, async (c) => {
  const { address, password, next } = await typed(c, ["address", "password", "next"])
  const act = async () => {
    await limits.signIn(c, "sign-in", address)
    const account = await credentials.check(c.var.db, address, password)
    await limits.signedIn(c, "sign-in", address)
    if (!account.verifiedAt) await refuseUnverified(c, account)
    const word = await c.var.tx(async (tx) => {
      const visitor = anonymousId(c)
      const joined = !visitor || (await joining.join(tx, visitor, account.contactId, now()))
      // Somebody else used this browser and never signed out: what comes from it from now on is not theirs.
      if (!joined && (await joining.isAnothers(tx, visitor, account.contactId))) forgetVisitor(c)
      return credentials.signIn(tx, account, c.req.header("user-agent"))
    })
    keepWord(c, "session", word, sessions.lifeSeconds)
    return c.redirect(safeNext(next), 303)
  }
  return orAgain(c, act, (errors) => <pages.SignInPage next={safeNext(next)} values={{ address }} errors={errors} />)
})

site.post("/sign-out", anyone, async (c) => {
  const word = memberWord(c)
  if (word) await c.var.tx((tx) => credentials.signOut(tx, word))
  dropWord(c, "session")
  forgetVisitor(c)
  return c.redirect("/", 303)
})

site.get("/verify", anyone, async (c) => {
  const token = c.req.query("token") ?? ""
  const account = await accountOf(c, token, "verify")
  if (!account) return page(c, <pages.DeadLinkPage purpose="verify" />, 410)
  return page(c, <pages.VerifyPage token={token} address={account.address} />)
})

site.post("/verify", anyone, async (c) => {
  const { token } = await typed(c, ["token"])
  const act = async () => {
    await c.var.tx((tx) => accounts.verify(tx, token, now()))
    return c.redirect("/sign-in?done=verified", 303)
  }
  return orDead(c, "verify", act)
})

site.get("/password/forgotten", anyone, (c) => page(c, <pages.ForgottenPage />))

site.post("/password/forgotten", anyone, async (c) => {
  const { address } = await typed(c, ["address"])
  const act = async () => {
    if (!isAddress(address)) throw new NotAnAddress()
    await limits.mail(c, "reset", address)
    await c.var.tx((tx) => credentials.requestReset(tx, address))
    return page(c, <pages.ForgottenSentPage address={address} />)
  }
  return orAgain(c, act, (errors) => <pages.ForgottenPage values={{ address }} errors={errors} />)
})

site.get("/password/reset", anyone, async (c) => {
  const token = c.req.query("token") ?? ""
  const account = await accountOf(c, token, "reset")
  if (!account) return page(c, <pages.DeadLinkPage purpose="reset" />, 410)
  return page(c, <pages.ResetPage token={token} address={account.address} />)
})

site.post("/password/reset", anyone, async (c) => {
  const { token, newPassword } = await typed(c, ["token", "newPassword"])
  const account = await accountOf(c, token, "reset")
  if (!account) return page(c, <pages.DeadLinkPage purpose="reset" />, 410)
  const act = async () => {
    const hashed = await passwords.prepare(newPassword, [account.address])
    await c.var.tx((tx) => credentials.reset(tx, token, hashed))
    dropWord(c, "session")
    return c.redirect("/sign-in?done=reset", 303)
  }
  const form = (errors: Record<string, string>) => (
    <pages.ResetPage token={token} address={account.address} errors={errors} />
  )
  return orDead(c, "reset", () => orAgain(c, act, form))
})

site.get("/account/address", member, async (c) => {
  return page(c, <pages.AddressPage {...(await addressesOf(c))} />)
})

site.post("/account/address", member, async (c) => {
  const { address, password } = await typed(c, ["address", "password"])
  const contactId = memberOf(c)
  const act = async () => {
    await limits.proof(c, contactId)
    await credentials.prove(c.var.db, contactId, password)
    await limits.mail(c, "address", address)
    await c.var.tx((tx) => addressChanges.request(tx, contactId, address, now()))
    return page(c, <pages.AddressSentPage address={address} />)
  }
  const known = await addressesOf(c)
  return orAgain(c, act, (errors) => <pages.AddressPage {...known} values={{ address }} errors={errors} />)
})

site.get("/account/address/confirm", anyone, async (c) => {
  const token = c.req.query("token") ?? ""
  const found = await mailTokens.peek(c.var.db, token, "change-address")
  const wanted = found && (await addressChanges.pending(c.var.db, found.contactId))
  if (!wanted) return page(c, <pages.DeadLinkPage purpose="address" />, 410)
  return page(c, <pages.AddressConfirmPage token={token} address={wanted.address} />)
})

site.post("/account/address/confirm", anyone, async (c) => {
  const { token } = await typed(c, ["token"])
  return orDead(c, "address", async () => {
    await c.var.tx((tx) => addressChanges.confirm(tx, token, now()))
    return c.redirect(c.var.actor.kind === "member" ? "/account?done=address-changed" : "/sign-in?done=address", 303)
  })
})

site.get("/account/password", member, async (c) => {
  return page(c, <pages.PasswordPage address={(await addressesOf(c)).address} />)
})

site.post("/account/password", member, async (c) => {
  const { password, newPassword } = await typed(c, ["password", "newPassword"])
  const contactId = memberOf(c)
  const { address } = await addressesOf(c)
  const act = async () => {
    await limits.proof(c, contactId)
    await credentials.prove(c.var.db, contactId, password)
    const hashed = await passwords.prepare(newPassword, [address])
    await c.var.tx((tx) => credentials.change(tx, contactId, hashed, memberWord(c)))
    return page(c, <pages.PasswordChangedPage />)
  }
  return orAgain(c, act, (errors) => <pages.PasswordPage address={address} errors={errors} />)
})

/** The right password of an unconfirmed account: the confirmation mail is sent again. Nobody without the password learns of it. */
async function refuseUnverified(c: Ctx, account: accounts.Account): Promise<never> {
  await limits.mail(c, "verify", account.address)
  await c.var.tx((tx) => announce(tx, "account.verification_requested", { contactId: account.contactId }))
  throw new NotVerified()
}

async function accountOf(c: Ctx, token: string, purpose: string): Promise<accounts.Account | undefined> {
  const found = await mailTokens.peek(c.var.db, token, purpose)
  return found && accounts.of(c.var.db, found.contactId)
}

async function addressesOf(c: Ctx): Promise<{ address: string; pending?: string }> {
  const contactId = memberOf(c)
  const [account, change] = await Promise.all([
    accounts.get(c.var.db, contactId),
    addressChanges.pending(c.var.db, contactId),
  ])
  return { address: account.address, pending: change?.address }
}

async function orDead(
  c: Ctx,
  purpose: "verify" | "reset" | "address",
  act: () => Promise<Response>,
): Promise<Response> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof LinkNoLongerWorks)) throw error
    return page(c, <pages.DeadLinkPage purpose={purpose} />, 410)
  }
}
