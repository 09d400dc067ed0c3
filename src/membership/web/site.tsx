import { drafts, postal } from "../../crm/index.ts"
import {
  dropWord,
  forgetVisitor,
  isAddress,
  limits,
  member,
  memberOf,
  passwords,
  steady,
  visitorOnly,
} from "../../identity/index.ts"
import { typed } from "../../platform/forms.ts"
import { anyone, type Ctx, routes } from "../../platform/http.ts"
import { Refusal } from "../../platform/refusals.ts"
import type { Locale } from "../../platform/words.ts"
import { page } from "../../ui/index.ts"
import * as memberships from "../memberships.ts"
import * as ranks from "../ranks.ts"
import { AddressContended } from "../refusals.ts"
import { ConfirmPage, joinFields, JoinPage, type JoinValues, SentPage } from "./joining.tsx"
import { LosePage, ReasonPage, SurePage, WithdrawnPage } from "./withdrawing.tsx"
import { say } from "./words.ts"

/** The members' pages of joining and withdrawing. */
export const site = routes()

site.get("/join", visitorOnly, (c) => page(c, <JoinPage />))
site.get("/sign-up", anyone, (c) => c.redirect("/join", 302))
site.get("/join/sent", anyone, (c) => page(c, <SentPage />))

site.post("/join", visitorOnly, async (c) => {
  const sent = await typed(c, [...joinFields, "do", "place", "password"])
  const { do: act, place, password, ...values } = sent
  if (act === "back") return page(c, <JoinPage values={values} />)
  if (act === "address") return page(c, addressFilled(values, place, c.var.locale))
  const { faults, cleaned } = check(values, c.var.locale)
  if (Object.keys(faults).length > 0) return page(c, <JoinPage values={values} errors={faults} />, 422)
  if (act !== "send") return page(c, <ConfirmPage values={cleaned} />)
  return join(c, cleaned, password)
})

site.get("/account/withdrawal", member, async (c) => {
  const { current } = await ranks.of(c.var.db, memberOf(c))
  return page(c, <LosePage rank={current?.rank.name[c.var.locale]} />)
})
site.get("/account/withdrawal/reason", member, (c) => page(c, <ReasonPage />))
site.post("/account/withdrawal/confirm", member, async (c) =>
  page(c, <SurePage {...(await typed(c, ["reason", "more"]))} />),
)

site.post("/account/withdrawal", member, async (c) => {
  const { reason, more } = await typed(c, ["reason", "more"])
  const said = [reason === "none" ? "" : reason, more].filter(Boolean).join(": ")
  await c.var.tx((tx) => memberships.withdraw(tx, memberOf(c), said || null, c.var.actor))
  // Who looks at the site from now on is a visitor, not the member who has left.
  dropWord(c, "session")
  forgetVisitor(c)
  return c.redirect("/withdrawn", 303)
})
site.get("/withdrawn", anyone, (c) => page(c, <WithdrawnPage />))

/** The address of the postal code in its three fields; 番地 and building stay as typed. */
function addressFilled(values: JoinValues, chosen: string, locale: Locale) {
  const places = postal.lookup(values.postalCode)
  if (places.length === 0) return <JoinPage values={values} errors={{ postalCode: say(locale)("fault.postalCode") }} />
  const place = places.length === 1 ? places[0] : places[Number(chosen || Number.NaN)]
  if (!place) return <JoinPage values={values} places={places} />
  return <JoinPage values={{ ...values, ...place, town: place.town || values.town }} />
}

function check(values: JoinValues, locale: Locale): { faults: Record<string, string>; cleaned: JoinValues } {
  const t = say(locale)
  const { address, terms, advertising: _, ...profile } = values
  const { values: kept, faults } = drafts.clean(profile)
  const said: Record<string, string> = {}
  const wrong = drafts.sentences(faults, locale)
  for (const name of joinFields) {
    if (wrong[name]) said[name] = wrong[name]
    else if (required.includes(name) && !values[name].trim()) said[name] = t("fault.required", { name: t(name) })
    else if (name === "address" && !isAddress(address)) said.address = t("fault.address")
    else if (name === "terms" && !terms) said.terms = t("fault.terms")
  }
  const cleaned = { ...values, address: address.trim() }
  for (const [name, value] of Object.entries(kept)) cleaned[name as keyof JoinValues] = value ?? ""
  return { faults: said, cleaned }
}

const required: string[] = ["familyName", "givenName", "familyKana", "givenKana", "address"]

/** The answer, and the time it takes, are the same whether or not the address is somebody's already. */
async function join(c: Ctx, values: JoinValues, password: string): Promise<Response> {
  const { locale } = c.var
  const t = say(locale)
  const { address, terms: _, advertising, ...profile } = values
  try {
    await limits.signUp(c, address)
    const hashed = await passwords.prepare(password, [address], "password")
    const agreed = { terms: t("terms"), ...(advertising ? { advertising: t("advertising") } : {}) }
    const draft = { profile, address, password: hashed, locale, agreed }
    const once = () => c.var.tx((tx) => memberships.join(tx, draft, c.var.actor))
    await steady(400, () =>
      once().catch((error) => (error instanceof AddressContended ? once() : Promise.reject(error))),
    )
    return c.redirect("/join/sent", 303)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const fields = error.fields(locale)
    const errors = Object.keys(fields).length > 0 ? fields : { form: error.sentence(locale) }
    if (error.retryAfterSeconds) c.header("Retry-After", String(error.retryAfterSeconds))
    return page(c, <ConfirmPage values={values} errors={errors} />, error.kind === "too-many" ? 429 : 422)
  }
}
