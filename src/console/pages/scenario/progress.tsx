import { Link } from "react-router"
import { number } from "../../formats.ts"
import { useSay } from "../../locale.tsx"
import { Figures } from "../../parts/figures.tsx"
import { Section } from "../../parts/head.tsx"
import { Loading } from "../../parts/states.tsx"
import { useThing } from "../../queries.ts"
import type { Counts, Scenario } from "../../shapes/scenarios.ts"
import { say as sayDeliveries } from "../../words/deliveries-words.ts"
import { say } from "../../words/scenarios-words.ts"
import { plainTags } from "./merge-tags.tsx"
import { waitText } from "./wait-text.ts"

/** Where the people are and what became of the mails; every figure opens its list. */
export function Progress({ scenario }: { scenario: Scenario }) {
  const t = useSay(say)
  const d = useSay(sayDeliveries)
  const counts = useThing<Counts>(`/api/scenarios/${scenario.id}/counts`, {}, 5)
  if (!counts.data) return <Loading />
  const { data } = counts
  const runs = (state: string) => `?tab=runs&state=${state}`
  return (
    <div className="stack stack--wide">
      <Figures
        large
        figures={[
          { label: t("entered"), value: number(data.entered), unit: t("people"), to: "?tab=runs" },
          { label: t("running"), value: number(data.running), unit: t("people"), to: runs("running") },
          { label: t("finished"), value: number(data.finished), unit: t("people"), to: runs("finished") },
          { label: t("exited"), value: number(data.exited), unit: t("people"), to: runs("exited") },
          ...(scenario.definition.goal
            ? [{ label: t("reachedGoal"), value: number(data.reachedGoal), unit: t("people") }]
            : []),
        ]}
      />
      <div className="columns columns--even">
        <Section title={t("where")}>
          <ol className="steps">
            {scenario.definition.steps.map((step, index) => (
              <li className="step" key={step.key}>
                <div className="step__mark" data-n={index + 1} />
                <div className="row row--apart" style={{ alignSelf: "start", paddingTop: 2 }}>
                  <span>
                    {step.kind === "wait"
                      ? waitText(step.for, t)
                      : t("mailNamed", { subject: plainTags(step.subject, t) })}
                  </span>
                  <Link className="num nowrap" to={`?tab=runs&step=${step.key}`}>
                    <b>{number(data.atStep[step.key] ?? 0)}</b>
                    {t("people")}
                  </Link>
                </div>
              </li>
            ))}
          </ol>
        </Section>
        <Section
          title={t("mails")}
          side={
            <Link className="link" to={`/deliveries?scenario=${scenario.id}`}>
              {t("openMails")}
            </Link>
          }
        >
          <ul className="ladder">
            {Object.entries(data.mails).map(([fate, count]) => (
              <li key={fate} className="row row--apart">
                <Link to={`/deliveries?scenario=${scenario.id}&state=${fate}`}>{d(`fate.${fate}`)}</Link>
                <b className="num">{number(count)}</b>
              </li>
            ))}
          </ul>
        </Section>
      </div>
    </div>
  )
}
