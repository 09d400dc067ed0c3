import { moment } from "../../formats.ts"
import { useSay } from "../../locale.tsx"
import { ConditionText } from "../../parts/condition-text.tsx"
import { Section } from "../../parts/head.tsx"
import { useAll } from "../../queries.ts"
import type { Definition, Scenario } from "../../shapes/scenarios.ts"
import { say } from "../../words/scenarios-words.ts"
import { plainTags } from "./merge-tags.tsx"
import { waitText } from "./wait-text.ts"

type Version = { version: number; definition: Definition; createdAt: string; running: number }

/** Every version; whoever went in by one finishes on it. */
export function Versions({ scenario }: { scenario: Scenario }) {
  const t = useSay(say)
  const versions = useAll<Version>(`/api/scenarios/${scenario.id}/versions`)
  return (
    <div className="stack stack--wide" style={{ maxWidth: 760 }}>
      {versions.data?.map(({ version, definition, createdAt, running }) => (
        <Section
          key={version}
          title={t("version", { version })}
          side={`${moment(createdAt)} ・ ${t("onIt", { count: running })}`}
        >
          <div className="stack">
            <ConditionText definition={definition.entry} />
            <ol>
              {definition.steps.map((step, i) => (
                <li key={step.key}>
                  <span className="quiet num">{i + 1}. </span>
                  {step.kind === "wait"
                    ? waitText(step.for, t)
                    : t("mailNamed", { subject: plainTags(step.subject, t) })}
                </li>
              ))}
            </ol>
          </div>
        </Section>
      ))}
    </div>
  )
}
