import type { ContentfulStatusCode } from "hono/utils/http-status"
import type { CSSProperties, ReactElement, ReactNode } from "react"
import { renderToString } from "react-dom/server"
import type { Ctx, Problem } from "../platform/http.ts"
import { asset } from "./assets.ts"
import { type Frame, FrameContext, frameOf, useFrame } from "./frame.ts"
import { LinkButton } from "./parts.tsx"
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

export type PageProps = {
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
  const { site, member, locale, path } = frame
  const t = say(locale)
  const here = path.split("?")[0]!
  return (
    <header className="top">
      <div className="top__bar">
        <a className="top__logo" href="/">
          {site.name}
        </a>
        {nav && member && (
          <nav className="menu" aria-label={t("nav.label")}>
            {areas.map((area) => (
              <a
                key={area.name}
                className={`menu__item menu__item--${area.name}`}
                href={area.path}
                aria-current={here === area.path ? "page" : within(here, area) ? "true" : undefined}
              >
                {t(`nav.${area.name}`)}
              </a>
            ))}
          </nav>
        )}
        {member ? <Member frame={frame} /> : nav && <Visitor t={t} />}
      </div>
    </header>
  )
}

function within(here: string, area: { name: string; path: string }): boolean {
  if (area.name === "courses" && here.startsWith("/videos/")) return true
  if (area.name === "history" && here === "/rank") return true
  return area.path !== "/" && here.startsWith(`${area.path}/`)
}

function Member({ frame: { member, locale } }: { frame: Frame }) {
  if (!member) return null
  const t = say(locale)
  const name = `${member.familyName} ${member.givenName}`.trim()
  return (
    <p className="top__me">
      {member.rankName && (
        <span className="tag top__rank">
          {member.rankColour && <i className="dot" style={{ background: member.rankColour }} />}
          {t("rank-of", { rank: member.rankName })}
        </span>
      )}
      {name && <span className="top__name">{t("honorific", { name })}</span>}
    </p>
  )
}

function Visitor({ t }: { t: (key: string) => string }) {
  return (
    <p className="top__me">
      <a className="link" href="/sign-in">
        {t("sign-in")}
      </a>
      <LinkButton href="/sign-up" primary small children={t("sign-up")} />
    </p>
  )
}

function Footer({ frame: { site, locale, path } }: { frame: Frame }) {
  const t = say(locale)
  const legal = Object.entries(site.legal ?? {}).filter(([, href]) => href)
  return (
    <footer className="foot">
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
        <form className="foot__lang" method="post" action="/language" aria-label={t("language")}>
          <input type="hidden" name="to" value={path} />
          <button name="lang" value="ja" lang="ja" aria-pressed={locale === "ja"}>
            日本語
          </button>
          <button name="lang" value="en" lang="en" aria-pressed={locale === "en"}>
            English
          </button>
        </form>
      </div>
    </footer>
  )
}
