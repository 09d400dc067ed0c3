import { Link } from "react-router"
import { number } from "../formats.ts"
import { useSay } from "../locale.tsx"
import { Collection } from "../parts/collection.tsx"
import type { Column } from "../parts/list.tsx"
import { Tag } from "../parts/tags.tsx"
import { useThing } from "../queries.ts"
import type { Counts, Scenario } from "../shapes/scenarios.ts"
import { say } from "../words/scenarios-words.ts"

export default function Scenarios() {
  const t = useSay(say)
  const columns: Column<Scenario>[] = [
    {
      id: "state",
      header: t("stateLabel"),
      tight: true,
      phone: "beside",
      cell: (row) => <ScenarioState scenario={row} />,
    },
    {
      id: "running",
      header: t("running"),
      tight: true,
      end: true,
      phone: "named",
      cell: (row) => <Running scenario={row} />,
    },
  ]
  return (
    <Collection<Scenario>
      area="scenarios"
      say={say}
      everySeconds={20}
      detail={(row) => <small>{t("stepsCount", { count: row.definition.steps.length, version: row.version })}</small>}
      columns={columns}
    />
  )
}

function Running({ scenario }: { scenario: Scenario }) {
  const counts = useThing<Counts>(scenario.state === "draft" ? null : `/api/scenarios/${scenario.id}/counts`)
  if (!counts.data) return null
  return (
    <Link to={`/scenarios/${scenario.id}?tab=runs&state=running`}>
      {number(counts.data.running)} <span className="quiet">/ {number(counts.data.entered)}</span>
    </Link>
  )
}

const tones = { draft: undefined, live: "good", paused: "caution", archived: undefined } as const

export function ScenarioState({ scenario }: { scenario: Scenario }) {
  const t = useSay(say)
  return <Tag tone={tones[scenario.state]}>{t(`state.${scenario.state}`)}</Tag>
}
