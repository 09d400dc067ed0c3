import { Button } from "@mantine/core"
import { useState } from "react"
import { Link } from "react-router"
import { post } from "../../api.ts"
import { either, number } from "../../formats.ts"
import { useLocale, useSay } from "../../locale.tsx"
import { Section } from "../../parts/head.tsx"
import { Checks } from "../../parts/reasons.tsx"
import { Fault } from "../../parts/states.tsx"
import { useAct } from "../../queries.ts"
import { idOf, nameOf } from "../../shapes/conditions.ts"
import type { Trial } from "../../shapes/ranks.ts"
import { say } from "../../words/ranks-words.ts"

/** Tries the rule on everybody as of now, without changing anything: who would rise, who would fall. */
export function TryOut({ draft, ready }: { draft: object; ready: boolean }) {
  const t = useSay(say)
  const [side, setSide] = useState<"rising" | "falling">("rising")
  const act = useAct(() => post<Trial>("/api/ranks/try-out", draft))
  const trial = act.data
  return (
    <Section title={t("try.title")} note={t("try.note")}>
      <div className="stack">
        <div>
          <Button disabled={!ready} loading={act.isPending} onClick={() => act.mutate(undefined)}>
            {t("try.act")}
          </Button>
        </div>
        <Fault error={act.error} />
        {trial && (
          <>
            <p className="sentence" aria-live="polite">
              {t("try.says", { rise: number(trial.rise), fall: number(trial.fall) })}
            </p>
            <div className="tabs">
              {(["rising", "falling"] as const).map((name) => (
                <button type="button" key={name} aria-pressed={side === name} onClick={() => setSide(name)}>
                  {t(`try.${name}`)}
                  <small className="num">{number(name === "rising" ? trial.rise : trial.fall)}</small>
                </button>
              ))}
            </div>
            <People people={trial[side] ?? []} />
          </>
        )}
      </div>
    </Section>
  )
}

function People({ people }: { people: Trial["rising"] }) {
  const t = useSay(say)
  const { locale } = useLocale()
  if (people.length === 0) return <p className="quiet">{t("try.nobody")}</p>
  return (
    <div className="stack" style={{ gap: 8 }}>
      {people.map((person) => (
        <article className="card" key={idOf(person)}>
          <h3>
            <Link to={`/contacts/${idOf(person)}`}>{nameOf(person, t("nameless"))}</Link>
            {(person.from || person.to) && (
              <span className="quiet">
                {either(person.from?.name, locale)} → {either(person.to?.name, locale)}
              </span>
            )}
          </h3>
          <Checks reason={person.reason} />
        </article>
      ))}
    </div>
  )
}
