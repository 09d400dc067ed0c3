import { Button } from "@mantine/core"
import { useState } from "react"
import { Link } from "react-router"
import { post } from "../../api.ts"
import { number } from "../../formats.ts"
import { useLocale, useSay } from "../../locale.tsx"
import { either } from "../../formats.ts"
import { Section } from "../../parts/head.tsx"
import { Fault } from "../../parts/states.tsx"
import { useAct } from "../../queries.ts"
import { nameOf } from "../../shapes/conditions.ts"
import type { Rank, Trial } from "../../shapes/ranks.ts"
import { say } from "../../words/ranks-words.ts"

type Draft = { rankId?: string; position: number; rise: unknown; stay: unknown; name: { ja: string; en: string } }

/** Tries the rule on everybody as of now, without changing anything: who would rise, who would fall. */
export function TryOut({ draft, ranks, ready }: { draft: Draft; ranks: Rank[]; ready: boolean }) {
  const t = useSay(say)
  const [side, setSide] = useState<"rising" | "falling">("rising")
  const { rankId, position, rise, stay } = draft
  const act = useAct(() =>
    post<Trial>("/api/ranks/try-out", { ...(rankId ? { rankId } : { position }), rise, ...(stay ? { stay } : {}) }),
  )
  const trial = act.data
  const rung = (id: string | null) => ranks.find((rank) => rank.id === id)?.position ?? position
  const people = trial?.people.filter(({ fromId, toId }) => rung(toId) > rung(fromId) === (side === "rising")) ?? []
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
              {t("try.says", { rise: number(trial.rises), fall: number(trial.falls) })}
            </p>
            <div className="tabs">
              {(["rising", "falling"] as const).map((name) => (
                <button type="button" key={name} aria-pressed={side === name} onClick={() => setSide(name)}>
                  {t(`try.${name}`)}
                  <small className="num">{number(name === "rising" ? trial.rises : trial.falls)}</small>
                </button>
              ))}
            </div>
            <Moves people={people} ranks={ranks} draft={draft} />
          </>
        )}
      </div>
    </Section>
  )
}

function Moves({ people, ranks, draft }: { people: Trial["people"]; ranks: Rank[]; draft: Draft }) {
  const t = useSay(say)
  const { locale } = useLocale()
  const name = (id: string | null) => either(ranks.find((rank) => rank.id === id)?.name ?? draft.name, locale)
  if (people.length === 0) return <p className="quiet">{t("try.nobody")}</p>
  return (
    <table className="list">
      <tbody>
        {people.map((person) => (
          <tr key={person.contactId}>
            <td>
              <Link className="list__name" to={`/contacts/${person.contactId}`}>
                {nameOf(person, t("nameless"))}
              </Link>
            </td>
            <td className="is-end is-tight">
              <span className="quiet">{name(person.fromId)} →</span> {name(person.toId)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
