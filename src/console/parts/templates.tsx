import { useSay } from "../locale.tsx"
import { useAll } from "../queries.ts"
import type { Fact } from "../shapes/conditions.ts"
import { say } from "../words/conditions-words.ts"

type Template = { name: string; definition: { fact: string; with?: object; is: object } }

const templates: Template[] = [
  { name: "five", definition: { fact: "watch.completed_count", is: { gte: 5 } } },
  { name: "idle", definition: { fact: "watch.last_days", is: { gte: 30 } } },
  { name: "active", definition: { fact: "watch.last_days", is: { lte: 7 } } },
  { name: "plan", definition: { fact: "property", with: { name: "plan" }, is: { eq: "standard" } } },
  { name: "free", definition: { fact: "property", with: { name: "plan" }, is: { exists: false } } },
  { name: "joined", definition: { fact: "member.days_since_joined", is: { lte: 30 } } },
  { name: "rank", definition: { fact: "rank.position", is: { gte: 1 } } },
  { name: "consent", definition: { fact: "consent", with: { purpose: "advertising-mail" }, is: { eq: true } } },
  {
    name: "clicked",
    definition: { fact: "event.count", with: { event: "mail.clicked", within: "P30D" }, is: { gte: 1 } },
  },
  {
    name: "signedIn",
    definition: { fact: "event.count", with: { event: "account.signed_in", within: "P30D" }, is: { gte: 3 } },
  },
]

/** Questions to start from; choosing one adds it to the condition. */
export function Templates({ onChoose }: { onChoose: (definition: unknown) => void }) {
  const t = useSay(say)
  const facts = useAll<Fact>("/api/facts")
  const known = new Set(facts.data?.map(({ name }) => name))
  const shown = templates.filter(({ definition }) => known.has(definition.fact))
  if (shown.length === 0) return null
  return (
    <div>
      <p className="quiet">{t("templates")}</p>
      <div className="templates">
        {shown.map(({ name, definition }) => (
          <button type="button" key={name} onClick={() => onChoose(definition)}>
            + {t(`template.${name}`)}
          </button>
        ))}
      </div>
    </div>
  )
}
