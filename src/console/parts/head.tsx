import { useDocumentTitle } from "@mantine/hooks"
import type { ReactNode } from "react"
import { Link } from "react-router"

type Props = {
  title: ReactNode
  /** What the browser's tab says, where the title is more than text. */
  plain?: string
  trail?: { to: string; name: string }
  lead?: ReactNode
  acts?: ReactNode
  children?: ReactNode
}

/** The top of a page: what it is, and what can be done here. */
export function Head({ title, plain, trail, lead, acts, children }: Props) {
  useDocumentTitle(`${plain ?? (typeof title === "string" ? title : "")} ・ Musubi`)
  return (
    <div className="head">
      <div className="head__what">
        {trail && (
          <span className="head__trail">
            <Link to={trail.to}>← {trail.name}</Link>
          </span>
        )}
        <h1>{title}</h1>
        {lead && <p className="head__lead">{lead}</p>}
        {children}
      </div>
      {acts && <div className="head__acts">{acts}</div>}
    </div>
  )
}

/** A part of a page under a thick rule. */
export function Section({
  title,
  side,
  note,
  children,
}: {
  title: ReactNode
  side?: ReactNode
  note?: ReactNode
  children: ReactNode
}) {
  return (
    <section className="section">
      <div className="section__head">
        <h2>{title}</h2>
        {side !== undefined && <span className="section__side">{side}</span>}
      </div>
      {note && <p className="section__note">{note}</p>}
      {children}
    </section>
  )
}
