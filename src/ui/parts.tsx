import type { ReactNode } from "react"
import type { Locale } from "../platform/words.ts"
import { useFrame } from "./frame.ts"
import { say } from "./words.ts"

type Tone = "plain" | "good" | "caution" | "danger" | "accent"

type ButtonProps = {
  children: ReactNode
  primary?: boolean
  danger?: boolean
  small?: boolean
  /** Takes the whole width on phones (default in forms). */
  wide?: boolean
}

/** A button that submits its form. */
export function Button({
  children,
  name,
  value,
  form,
  ...look
}: ButtonProps & { name?: string; value?: string; form?: string }) {
  return (
    <button className={buttonClass(look)} name={name} value={value} form={form}>
      {children}
    </button>
  )
}

/** A link that looks like a button. */
export function LinkButton({ children, href, ...look }: ButtonProps & { href: string }) {
  return (
    <a className={buttonClass(look)} href={href}>
      {children}
    </a>
  )
}

function buttonClass({ primary, danger, small, wide }: Omit<ButtonProps, "children">): string {
  return `btn${primary ? " btn--primary" : ""}${danger ? " btn--danger" : ""}${small ? " btn--small" : ""}${wide ? " btn--wide" : ""}`
}

/** A message about the page as a whole. Good news is announced politely, danger at once. */
export function Notice({ tone = "plain", title, children }: { tone?: Tone; title?: string; children?: ReactNode }) {
  return (
    <div className={`notice notice--${tone}`} role={tone === "danger" ? "alert" : "status"}>
      {title && <p className="notice__title">{title}</p>}
      {children && <div>{children}</div>}
    </div>
  )
}

/** A part of a page under a thick rule; `aside` stands at the right of its title. */
export function Panel({
  title,
  aside,
  id,
  children,
}: {
  title: string
  aside?: ReactNode
  id?: string
  children: ReactNode
}) {
  return (
    <section className="panel" id={id}>
      <div className="panel__head">
        <h2>{title}</h2>
        {aside && <span className="panel__aside">{aside}</span>}
      </div>
      {children}
    </section>
  )
}

/** A small label. `dot` shows a colour (a rank's) without using it for text. */
export function Tag({ children, tone = "plain", dot }: { children: ReactNode; tone?: Tone; dot?: string }) {
  return (
    <span className={tone === "plain" ? "tag" : `tag tag--${tone}`}>
      {dot && <i className="dot" style={{ background: dot }} />}
      {children}
    </span>
  )
}

/** Nothing here yet: says what belongs here and offers one thing to do. */
export function Empty({
  title,
  children,
  action,
}: {
  title: string
  children?: ReactNode
  action?: { href: string; label: string }
}) {
  return (
    <div className="empty">
      <p className="empty__title">{title}</p>
      {children && <div className="empty__text">{children}</div>}
      {action && (
        <p>
          <LinkButton href={action.href} primary children={action.label} />
        </p>
      )}
    </div>
  )
}

/** Links through a list that is read by cursor; `more` is the address of the next page, `first` that of the first. */
export function Pager({ more, first }: { more?: string | null; first?: string | null }) {
  const t = say(useFrame().locale)
  if (!more && !first) return null
  return (
    <nav className="pager" aria-label={t("pager.label")}>
      {first && <LinkButton href={first} children={t("pager.first")} />}
      {more && <LinkButton href={more}>{t("pager.next")}</LinkButton>}
    </nav>
  )
}

/** Names and values, as on a form already filled in. Empty values show a dash. */
export function DataList({ rows }: { rows: { name: string; value: ReactNode }[] }) {
  return (
    <dl className="data">
      {rows.map((row) => (
        <div key={row.name} className="data__row">
          <dt>{row.name}</dt>
          <dd>
            {row.value === "" || row.value === null || row.value === undefined ? (
              <span className="mute">—</span>
            ) : (
              row.value
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** The person's name with 様; nothing when no name is known, never a lone 様. */
export function honorific(person: { familyName: string; givenName: string }, locale: Locale): string {
  const name = `${person.familyName} ${person.givenName}`.trim()
  return name ? say(locale)("honorific", { name }) : ""
}
