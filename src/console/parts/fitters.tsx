import { Link } from "react-router"
import { number } from "../formats.ts"
import { useSay } from "../locale.tsx"
import { type Fitting, idOf, nameOf, type Preview } from "../shapes/conditions.ts"
import { say } from "../words/conditions-words.ts"
import { Checks } from "./reasons.tsx"

/** How many people a condition holds for, and the first of them with the values that make it so. */
export function Fitters({ preview, busy, small }: { preview: Preview | undefined; busy: boolean; small?: boolean }) {
  const t = useSay(say)
  const people = preview ? (Array.isArray(preview.people) ? preview.people : preview.people.data) : []
  return (
    <div className="stack" aria-live="polite">
      <p className="count">
        <b>{preview ? number(preview.count) : "…"}</b>
        <span>{t("fitNow")}</span>
        {busy && <span className="quiet">{t("counting")}</span>}
      </p>
      {!small && <People people={people} />}
    </div>
  )
}

function People({ people }: { people: Fitting[] }) {
  const t = useSay(say)
  if (people.length === 0) return null
  return (
    <div className="stack" style={{ gap: 8 }}>
      {people.map((person) => (
        <article className="card" key={idOf(person)}>
          <h3>
            <Link to={`/contacts/${idOf(person)}`}>{nameOf(person, t("nameless"))}</Link>
          </h3>
          <Checks reason={person.reason ?? person.leaves} />
        </article>
      ))}
    </div>
  )
}
