import { setCookie } from "hono/cookie"
import { access, catalogue, standings } from "../../content/index.ts"
import { consents, drafts, postal, profiles } from "../../crm/index.ts"
import {
  accounts as identities,
  member,
  memberOf,
  memberWord,
  safeNext,
  sessions,
  whoIs,
} from "../../identity/index.ts"
import { now } from "../../platform/clock.ts"
import { dayOf, startOfDay } from "../../platform/dates.ts"
import { typed } from "../../platform/forms.ts"
import { anyone, type Ctx, Invalid, routes } from "../../platform/http.ts"
import { Page, page, setFrame } from "../../ui/index.ts"
import { say as sayAccount } from "../account-words.ts"
import * as accounts from "../accounts.ts"
import * as faces from "../faces.ts"
import * as homes from "../homes.ts"
import * as progress from "../progress.ts"
import * as records from "../records.ts"
import { type Shown, told } from "../shapes.ts"
import { say } from "../words.ts"
import { AccountPage } from "./account.tsx"
import { HistoryPage } from "./history.tsx"
import { Home } from "./home.tsx"
import { Landing } from "./landing.tsx"
import { ProfileForm } from "./profile-form.tsx"
import { RankPage } from "./rank.tsx"

/** Home, the learning record, the rank, the account. */
export const site = routes()

/** Finds the member in its own query, so that the busiest page asks once; `whoIs` leaves this path out. */
site.get("/", anyone, async (c) => {
  const at = now()
  const key = sessions.parse(memberWord(c))
  const person = key && (await standings.ofSession(c.var.db, key, at))
  return person ? memberHome(c, person, at) : landing(c, at)
})

site.get("/history", member, async (c) => {
  const at = now()
  const contactId = memberOf(c)
  const shown = shownOf(c.req.query("show"))
  const cursor = c.req.query("cursor")
  const weekFrom = new Date(startOfDay(dayOf(at)).getTime() - 6 * 86_400_000)
  const days = Array.from({ length: 7 }, (_, index) => dayOf(new Date(weekFrom.getTime() + index * 86_400_000)))
  const [figures, list] = await Promise.all([
    records.summary(c.var.db, contactId, weekFrom, days),
    records.watched(c.var.db, contactId, { shown, cursor, limit: 50 }),
  ])
  const first = shown === "all" ? "/history" : `/history?show=${shown}`
  const more = list.nextCursor && `/history?show=${shown}&cursor=${list.nextCursor}`
  const props = { now: at, shown, videos: list.data, ...figures, more, first: cursor ? first : null }
  return page(
    c,
    <Page title={say(c.var.locale)("history.title")}>
      <HistoryPage props={props} locale={c.var.locale} />
    </Page>,
  )
})

site.get("/rank", member, async (c) => {
  const props = await progress.rankPage(c.var.db, memberOf(c), c.var.locale, now())
  return page(
    c,
    <Page title={say(c.var.locale)("rank.title")}>
      <RankPage props={props} locale={c.var.locale} />
    </Page>,
  )
})

site.get("/account", member, async (c) => {
  const known = await accounts.read(c.var.db, memberOf(c), memberWord(c))
  const done = told.find((one) => one === c.req.query("done"))
  return page(
    c,
    <Page title={sayAccount(c.var.locale)("title")}>
      <AccountPage props={{ ...known, now: now(), told: done }} locale={c.var.locale} />
    </Page>,
  )
})

site.get("/account/profile", member, async (c) => {
  const profile = await profiles.get(c.var.db, memberOf(c))
  return profileForm(c, Object.fromEntries(drafts.fieldNames.map((name) => [name, profile[name] ?? ""])))
})

site.post("/account/profile", member, async (c) => {
  const draft = accounts.completed(await typed(c, drafts.fieldNames))
  if (!draft.familyName.trim()) return profileForm(c, draft, { familyName: sayAccount(c.var.locale)("fault-name") })
  try {
    await c.var.tx((tx) => profiles.save(tx, memberOf(c), draft, c.var.actor, { source: "account" }))
  } catch (refused) {
    if (!(refused instanceof Invalid)) throw refused
    return profileForm(c, draft, refused.fields(c.var.locale))
  }
  return c.redirect("/account?done=profile-saved", 303)
})

site.post("/account/mails", member, async (c) => {
  const { advertising } = await typed(c, ["advertising"])
  const word = { wording: sayAccount(c.var.locale)("mails-ads-wording"), place: "account", at: now() }
  const act = advertising === "give" ? consents.give : consents.refuse
  await c.var.tx((tx) => act(tx, memberOf(c), consents.advertisingMail, word))
  return c.redirect(`/account?done=mails-${advertising === "give" ? "given" : "refused"}`, 303)
})

site.post("/account/sessions/end-others", member, async (c) => {
  await c.var.tx((tx) => sessions.endAll(tx, memberOf(c), memberWord(c)))
  return c.redirect("/account?done=sessions-ended", 303)
})

site.post("/language", anyone, async (c) => {
  const { lang } = await typed(c, ["lang"])
  const { actor, site: own } = c.var
  if (lang === "ja" || lang === "en") {
    setCookie(c, "lang", lang, { path: "/", maxAge: 31_536_000, sameSite: "Lax", secure: own.secure })
    if (actor.kind === "member") await c.var.tx((tx) => identities.speak(tx, actor.contactId, lang))
  }
  return c.redirect(safeNext(c.req.header("referer")?.replace(/^https?:\/\/[^/]*/, "")), 303)
})

async function memberHome(c: Ctx, person: standings.AtHome, at: Date): Promise<Response> {
  const { contactId, familyName, givenName } = person
  c.set("actor", { kind: "member", contactId })
  if (!/(?:^|;\s*)lang=(ja|en)\b/.test(c.req.header("cookie") ?? "")) c.set("locale", person.locale)
  const seenAt = new Date(person.expiresAt.getTime() - sessions.lifeSeconds * 1000)
  if (sessions.isStale(seenAt, at)) await whoIs()(c, async () => {})
  const { locale, db } = c.var
  const all = await catalogue.current(db, person.catalogueVersion)
  const rank = await progress.standing(db, person, locale, at)
  setFrame(c, { member: { familyName, givenName, rankName: rank?.name, rankColour: rank?.colour } })
  return page(
    c,
    <Page title={say(locale)("home.title")}>
      <Home props={{ ...homes.compose(all, person, at, locale), rank }} locale={locale} />
    </Page>,
  )
}

async function landing(c: Ctx, at: Date): Promise<Response> {
  const [all, face] = await Promise.all([catalogue.current(c.var.db), faces.current(c.var.db)])
  const free = homes.openToAll(all, (video) => access.decide(video, access.nobody, at).open, 7)
  setFrame(c, { site: face, member: null })
  return page(
    c,
    <Page title={face.name} description={say(c.var.locale)("landing.lead")}>
      <Landing siteName={face.name} free={free} empty={all.videos.length === 0} locale={c.var.locale} />
    </Page>,
  )
}

function profileForm(c: Ctx, values: Record<string, string>, errors?: Record<string, string>): Promise<Response> {
  const form = <ProfileForm values={values} errors={errors} prefectures={postal.prefectures} locale={c.var.locale} />
  const title = sayAccount(c.var.locale)("profile-title")
  return page(c, <Page title={title} width="narrow" scripts={["postal.js"]} children={form} />, errors ? 422 : 200)
}

function shownOf(text: string | undefined): Shown {
  return text === "started" || text === "completed" ? text : "all"
}
