import { Button } from "@mantine/core"
import { Link } from "react-router"
import { moment, number } from "../formats.ts"
import { useSay } from "../locale.tsx"
import { Head } from "../parts/head.tsx"
import { type Column, List } from "../parts/list.tsx"
import { Empty } from "../parts/states.tsx"
import { Tag } from "../parts/tags.tsx"
import { usePages, useThing } from "../queries.ts"
import { useCan } from "../session.tsx"
import type { Counts, Scenario } from "../shapes/scenarios.ts"
import { say } from "../words/scenarios-words.ts"

export default function Scenarios() {
  const t = useSay(say)
  const mayWrite = useCan("scenarios:write")
  const found = usePages<Scenario>("/api/scenarios", {}, 20)
  const add = mayWrite && (
    <Button variant="filled" component={Link} to="/scenarios/new">
      {t("add")}
    </Button>
  )
  const columns: Column<Scenario>[] = [
    {
      id: "name",
      header: t("name"),
      phone: "first",
      cell: (row) => (
        <Link className="list__name" to={`/scenarios/${row.id}`}>
          {row.name}
          <small>{t("stepsCount", { count: row.definition.steps.length, version: row.version })}</small>
        </Link>
      ),
    },
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
    {
      id: "changedAt",
      header: t("changedAt"),
      tight: true,
      end: true,
      phone: "named",
      cell: (row) => moment(row.changedAt),
    },
  ]
  return (
    <>
      <Head title={t("title")} lead={t("lead")} acts={add} />
      <List
        label={t("title")}
        columns={columns}
        rows={found.rows}
        keyOf={(row) => row.id}
        to={(row) => `/scenarios/${row.id}`}
        more={found}
        state={found}
        empty={
          <Empty title={t("empty.title")} action={add}>
            {t("empty.text")}
          </Empty>
        }
      />
    </>
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
