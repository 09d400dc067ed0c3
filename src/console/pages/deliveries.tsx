import { Link } from "react-router"
import type { Say } from "../../platform/words.ts"
import { fullName, moment, number } from "../formats.ts"
import { useSay } from "../locale.tsx"
import { Filter, useFilters } from "../parts/filters.tsx"
import { Head } from "../parts/head.tsx"
import { type Column, List } from "../parts/list.tsx"
import { Empty } from "../parts/states.tsx"
import { Tag, type Tone } from "../parts/tags.tsx"
import { useAll, usePages, useThing } from "../queries.ts"
import { useCan } from "../session.tsx"
import { type Delivery, type Fate, fates } from "../shapes/deliveries.ts"
import { reasonText } from "../parts/mail-reasons.ts"
import { say } from "../words/deliveries-words.ts"

/** Every mail and its fate; the fates add up to everybody who was to get one. */
export default function Deliveries() {
  const t = useSay(say)
  const [filter, set] = useFilters()
  const [state, scenarioId, contactId] = [filter("state"), filter("scenario"), filter("contact")]
  const mayScenarios = useCan("scenarios:read")
  const scenarios = useAll<{ id: string; name: string }>(mayScenarios ? "/api/scenarios" : null)
  const counts = useThing<Record<Fate, number>>("/api/deliveries/counts", { scenarioId, contactId }, 10)
  const found = usePages<Delivery>("/api/deliveries", { state, scenarioId, contactId }, 10)
  const total = fates.reduce((sum, fate) => sum + (counts.data?.[fate] ?? 0), 0)
  return (
    <>
      <Head title={t("title")} lead={t("lead")} />
      <div className="filters">
        <div className="tabs" style={{ maxWidth: "none", marginBottom: 0 }}>
          {["", ...fates].map((fate) => (
            <button type="button" key={fate} aria-pressed={state === fate} onClick={() => set("state", fate)}>
              {t(fate ? `fate.${fate}` : "all")}
              {counts.data && <small className="num">{number(fate ? (counts.data[fate as Fate] ?? 0) : total)}</small>}
            </button>
          ))}
        </div>
        {mayScenarios && (
          <Filter
            label={t("scenario")}
            any={t("anyScenario")}
            options={(scenarios.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            value={scenarioId}
            onChange={(value) => set("scenario", value)}
          />
        )}
      </div>
      <List
        label={t("title")}
        columns={columnsOf(t)}
        rows={found.rows}
        keyOf={(row) => row.id}
        to={(row) => `/deliveries/${row.id}`}
        more={found}
        state={found}
        empty={
          <Empty title={t(state || scenarioId ? "none" : "empty.title")}>
            {!state && !scenarioId && t("empty.text")}
          </Empty>
        }
      />
    </>
  )
}

function columnsOf(t: Say): Column<Delivery>[] {
  return [
    {
      id: "subject",
      header: t("subject"),
      phone: "first",
      cell: (row) => (
        <Link className="list__name" to={`/deliveries/${row.id}`}>
          {row.subject}
          {row.scenarioName && <small>{row.scenarioName}</small>}
        </Link>
      ),
    },
    { id: "state", header: t("fateTitle"), tight: true, phone: "beside", cell: (row) => <FateTag state={row.state} /> },
    {
      id: "to",
      header: t("to"),
      cell: (row) => (
        <>
          <Link to={`/contacts/${row.contactId}?kind=mail`}>{fullName(row, row.recipient ?? t("nameless"))}</Link>
          {row.recipient && <small>{row.recipient}</small>}
        </>
      ),
    },
    { id: "reason", header: t("reason"), cell: (row) => reasonText(row, t, true) },
    { id: "class", header: t("class"), tight: true, phone: "hidden", cell: (row) => t(`kind.${row.class}`) },
    { id: "at", header: t("at"), tight: true, end: true, cell: (row) => moment(row.sentAt ?? row.queuedAt) },
  ]
}

const tones: Partial<Record<Fate, Tone>> = {
  sent: "good",
  queued: "accent",
  sending: "accent",
  failed: "danger",
  uncertain: "caution",
}

export function FateTag({ state }: { state: Fate }) {
  const t = useSay(say)
  return <Tag tone={tones[state]}>{t(`fate.${state}`)}</Tag>
}
