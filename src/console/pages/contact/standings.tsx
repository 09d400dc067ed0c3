import { useState } from "react"
import { Link } from "react-router"
import { fullDay } from "../../formats.ts"
import { useLocale, useSay } from "../../locale.tsx"
import { Section } from "../../parts/head.tsx"
import { Checks } from "../../parts/reasons.tsx"
import { useAll } from "../../queries.ts"
import type { Standing } from "../../shapes/contacts.ts"
import { say } from "../../words/contact-words.ts"

/** The segments somebody is in, and those they are not in, each with the facts that decide it. */
export function Standings({ path }: { path: string }) {
  const t = useSay(say)
  const { locale } = useLocale()
  const [all, setAll] = useState(false)
  const found = useAll<Standing>(`${path}/segments`)
  const inside = found.data?.filter((one) => one.in) ?? []
  const outside = found.data?.filter((one) => !one.in) ?? []
  const shown = all ? [...inside, ...outside] : [...inside, ...outside.slice(0, Math.max(0, 3 - inside.length))]
  return (
    <Section title={t("segments")} side={<span className="num">{inside.length}</span>}>
      <div className="stack" style={{ gap: 10 }}>
        {shown.map((one) => (
          <article className="card" key={one.segmentId}>
            <h3>
              <Link to={`/segments/${one.segmentId}`}>{one.name}</Link>
              <span className={one.in ? "yes" : "no"}>{t(one.in ? "in" : "notYet")}</span>
            </h3>
            <Checks reason={one.reason} />
            {one.since && <p className="quiet">{t("since", { day: fullDay(one.since, locale) })}</p>}
          </article>
        ))}
        {found.data?.length === 0 && <p className="quiet">{t("noSegments")}</p>}
        {found.data && shown.length < found.data.length && (
          <button type="button" className="link" onClick={() => setAll(true)}>
            {t("otherSegments", { count: found.data.length - shown.length })}
          </button>
        )}
      </div>
    </Section>
  )
}
