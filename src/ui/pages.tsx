import type { ContentfulStatusCode } from "hono/utils/http-status"
import type { CSSProperties, ReactElement, ReactNode } from "react"
import { renderToStaticMarkup, renderToString } from "react-dom/server"
import type { Ctx, Problem } from "../platform/http.ts"
import type { Locale } from "../platform/words.ts"
import { asset } from "./assets.ts"
import { type Frame, FrameContext, frameOf, useFrame } from "./frame.ts"
import { kept } from "./kept.ts"
import { honorific, LinkButton } from "./parts.tsx"
import { say } from "./words.ts"

/** Answers with a page: `return page(c, <Page title={t("title")}>…</Page>)`. Status 422 for a form that comes back. */
export async function page(c: Ctx, element: ReactElement, status: ContentfulStatusCode = 200): Promise<Response> {
  return c.html(render(element, await frameOf(c)), status)
}

/** The whole document as text. */
export function render(element: ReactElement, frame: Frame): string {
  return `<!doctype html>${renderToString(<FrameContext value={frame}>{element}</FrameContext>)}`
}

/** An error as a page: what happened, and where to go from here. The composition root gives it to `answerErrors`. */
export async function problemPage(c: Ctx, problem: Problem): Promise<Response> {
  const t = say(c.var.locale ?? "ja")
  const next = encodeURIComponent(new URL(c.req.url).pathname)
  const view = (
    <Page title={problem.title} width="narrow">
      <div className="problem">
        <p className="problem__code num">{problem.status}</p>
        <h1>{problem.title}</h1>
        <p>{problem.detail}</p>
        <p className="actions">
          {problem.status === 401 && (
            <LinkButton href={`/sign-in?next=${next}`} primary children={t("problem.sign-in")} />
          )}
          {problem.status >= 500 && <LinkButton href="" primary children={t("problem.again")} />}
          <LinkButton href="/" primary={problem.status !== 401 && problem.status < 500} children={t("problem.home")} />
        </p>
      </div>
    </Page>
  )
  return page(c, view, problem.status as ContentfulStatusCode)
}

type PageProps = {
  /** The title of the browser tab; the site's name is added. */
  title: string
  children: ReactNode
  /** `narrow` for forms and single texts, `wide` (default) for everything else. */
  width?: "narrow" | "wide"
  /** False leaves out the menu: sign-in, sign-up, withdrawal. */
  nav?: boolean
  /** Built scripts this page needs, e.g. `["player.js"]`. */
  scripts?: string[]
  description?: string
}

/** A page of the members' site: header, menu, content, footer. */
export function Page({ title, children, width = "wide", nav = true, scripts, description }: PageProps) {
  const frame = useFrame()
  const { site, locale } = frame
  const brand = site.accent && /^#[0-9a-f]{6}$/i.test(site.accent) ? site.accent : undefined
  return (
    <html lang={locale} data-brand={brand && ""} style={brand ? ({ "--brand": brand } as CSSProperties) : undefined}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <title>{title === site.name ? title : `${title} — ${site.name}`}</title>
        {description && <meta name="description" content={description} />}
        <meta name="theme-color" content="#f7f4ee" media="(prefers-color-scheme: light)" />
        <meta name="theme-color" content="#171512" media="(prefers-color-scheme: dark)" />
        <link rel="stylesheet" href={asset("fonts/noto-sans-jp.css")} />
        <link rel="stylesheet" href={asset("site.css")} />
      </head>
      <body className={nav && frame.member ? "has-menu" : undefined}>
        <a className="skip" href="#main">
          {say(locale)("skip")}
        </a>
        <Header frame={frame} nav={nav} />
        <main id="main" className={width === "narrow" ? "main main--narrow" : "main"}>
          {children}
        </main>
        <Footer frame={frame} />
        {scripts?.map((name) => (
          <script key={name} type="module" src={asset(name)} />
        ))}
        {site.browserKey && <script defer src={asset("tracker.js")} data-key={site.browserKey} />}
      </body>
    </html>
  )
}

const areas = [
  { name: "home", path: "/" },
  { name: "courses", path: "/courses" },
  { name: "history", path: "/history" },
  { name: "account", path: "/account" },
]

function Header({ frame, nav }: { frame: Frame; nav: boolean }) {
  const { site, member } = frame
  return (
    <header className="top">
      <div className="top__bar">
        <a className="top__logo" href="/">
          {site.name}
        </a>
        {nav && member && <Menu frame={frame} />}
        {member ? <Member frame={frame} /> : nav && <Visitor frame={frame} />}
      </div>
    </header>
  )
}

function Menu({ frame: { locale, path } }: { frame: Frame }) {
  const t = say(locale)
  const here = path.split("?")[0]!
  const at = areas.find((area) => isWithin(here, area))
  const current = at && (at.path === here ? "page" : "true")
  const items = () => (
    <>
      {areas.map((area) => (
        <a
          key={area.name}
          className={`menu__item menu__item--${area.name}`}
          href={area.path}
          aria-current={area === at ? current : undefined}
        >
          {t(`nav.${area.name}`)}
        </a>
      ))}
    </>
  )
  const markup = kept(`menu ${locale} ${at?.name} ${current}`, () => renderToStaticMarkup(items()))
  return <nav className="menu" aria-label={t("nav.label")} dangerouslySetInnerHTML={{ __html: markup }} />
}

function isWithin(here: string, area: { name: string; path: string }): boolean {
  if (here === area.path) return true
  if (area.name === "courses" && here.startsWith("/videos/")) return true
  if (area.name === "history" && here === "/rank") return true
  return area.path !== "/" && here.startsWith(`${area.path}/`)
}

function Member({ frame: { member, locale } }: { frame: Frame }) {
  if (!member) return null
  const name = honorific(member, locale)
  return (
    <p className="top__me">
      {member.rankName && (
        <span className="tag top__rank">
          {member.rankColour && <i className="dot" style={{ background: member.rankColour }} />}
          {say(locale)("rank-of", { rank: member.rankName })}
        </span>
      )}
      {name && <span className="top__name">{name}</span>}
    </p>
  )
}

function Visitor({ frame: { locale } }: { frame: Frame }) {
  const t = say(locale)
  return (
    <p className="top__me">
      <a className="link top__courses" href="/courses">
        {t("nav.courses")}
      </a>
      <a className="link" href="/sign-in">
        {t("sign-in")}
      </a>
      <LinkButton href="/join" primary small children={t("sign-up")} />
    </p>
  )
}

function Footer({ frame: { site, locale } }: { frame: Frame }) {
  const { commerce, privacy, terms } = site.legal ?? {}
  const key = `foot ${locale}\n${site.name}\n${commerce ?? ""}\n${privacy ?? ""}\n${terms ?? ""}`
  const markup = kept(key, () => renderToStaticMarkup(<Foot site={site} locale={locale} />))
  return <footer className="foot" dangerouslySetInnerHTML={{ __html: markup }} />
}

function Foot({ site, locale }: Pick<Frame, "site" | "locale">) {
  const t = say(locale)
  const legal = Object.entries(site.legal ?? {}).filter(([, href]) => href)
  return (
    <div className="foot__bar">
      <p className="foot__name">{site.name}</p>
      {legal.length > 0 && (
        <ul className="foot__legal">
          {legal.map(([name, href]) => (
            <li key={name}>
              <a href={href}>{t(`legal.${name}`)}</a>
            </li>
          ))}
        </ul>
      )}
      <LanguageSwitch className="foot__lang" locale={locale} label={t("language")} />
    </div>
  )
}

/** A form that changes the language and comes back to where it was sent from. */
export function LanguageSwitch({
  locale,
  label,
  className = "switch",
}: {
  locale: Locale
  label?: string
  className?: string
}) {
  return (
    <form className={className} method="post" action="/language" aria-label={label}>
      <button name="lang" value="ja" lang="ja" aria-pressed={locale === "ja"}>
        日本語
      </button>
      <button name="lang" value="en" lang="en" aria-pressed={locale === "en"}>
        English
      </button>
    </form>
  )
}
