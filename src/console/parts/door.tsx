import type { ReactNode } from "react"
import { useLocale } from "../locale.tsx"

type Props = { title: string; lead?: string; note: string; link?: string; children: ReactNode }

/** The page before the console: sign-in and first set-up. */
export function Door({ title, lead, note, link, children }: Props) {
  const { locale, choose } = useLocale()
  const other = locale === "ja" ? "en" : "ja"
  return (
    <main className="door">
      <div className="door__inner">
        <div className="door__top">
          <b>結び Musubi</b>
          <button type="button" className="link" lang={other} onClick={() => choose(other)}>
            {other === "en" ? "English" : "日本語"}
          </button>
        </div>
        <h1>{title}</h1>
        {lead && <p className="door__lead">{lead}</p>}
        {children}
        <p className="quiet door__note">
          {note} {link && <a href="/">{link}</a>}
        </p>
      </div>
    </main>
  )
}
