import { Link, useSearchParams } from "react-router"
import { fullName, moment } from "../../formats.ts"
import { useSay } from "../../locale.tsx"
import { type Column, List } from "../../parts/list.tsx"
import { Checks } from "../../parts/reasons.tsx"
import { Empty } from "../../parts/states.tsx"
import { Tag } from "../../parts/tags.tsx"
import { usePages } from "../../queries.ts"
import type { Run, Scenario } from "../../shapes/scenarios.ts"
import { say } from "../../words/scenarios-words.ts"

const states = ["running", "finished", "exited", "stopped"] as const
const tones = { running: "accent", finished: "good", exited: "caution", stopped: undefined } as const

/** Who went in, why, where they stand, and why they left. */
export function Runs({ scenario }: { scenario: Scenario }) {
  const t = useSay(say)
  const [params, setParams] = useSearchParams()
  const [state, step] = [params.get("state") ?? "", params.get("step") ?? ""]
  const found = usePages<Run>(`/api/scenarios/${scenario.id}/runs`, { state, step }, 5)
  const nameOf = (key: string | null) => {
    const index = scenario.definition.steps.findIndex((one) => one.key === key)
    return index < 0 ? "" : t("stepNamed", { n: index + 1, kind: t(`kind.${scenario.definition.steps[index]!.kind}`) })
  }
  const columns: Column<Run>[] = [
    {
      id: "name",
      header: t("person"),
      phone: "first",
      cell: (row) => (
        <Link className="list__name" to={`/contacts/${row.contactId}?kind=scenario`}>
          {fullName(row, t("nameless"))}
          <small>{t("version", { version: row.version })}</small>
        </Link>
      ),
    },
    {
      id: "state",
      header: t("stateLabel"),
      tight: true,
      phone: "beside",
      cell: (row) => <Tag tone={tones[row.state]}>{t(`run.${row.state}`)}</Tag>,
    },
    {
      id: "entered",
      header: t("enteredAt"),
      cell: (row) => (
        <>
          <time dateTime={row.enteredAt}>{moment(row.enteredAt)}</time>
          <Checks reason={row.entryReason} />
        </>
      ),
    },
    {
      id: "now",
      header: t("now"),
      cell: (row) =>
        row.state === "running" ? (
          <>
            {nameOf(row.step)}
            {row.wakeAt && <small>{t("wakes", { at: moment(row.wakeAt) })}</small>}
          </>
        ) : (
          <>
            {row.endedAt && <time dateTime={row.endedAt}>{moment(row.endedAt)}</time>}
            <Checks reason={row.endReason} />
          </>
        ),
    },
  ]
  return (
    <>
      <div className="tabs">
        {["", ...states].map((name) => (
          <button
            type="button"
            key={name}
            aria-pressed={state === name}
            onClick={() =>
              setParams((now) => (name ? now.set("state", name) : now.delete("state"), now), { replace: true })
            }
          >
            {t(name ? `run.${name}` : "run.all")}
          </button>
        ))}
        {step && (
          <button type="button" onClick={() => setParams((now) => (now.delete("step"), now), { replace: true })}>
            {nameOf(step)} ×
          </button>
        )}
      </div>
      <List
        label={t("tab.runs")}
        columns={columns}
        rows={found.rows}
        keyOf={(row) => row.id}
        to={(row) => `/contacts/${row.contactId}?kind=scenario`}
        more={found}
        state={found}
        empty={<Empty title={t("noRuns")}>{t("noRunsText")}</Empty>}
      />
    </>
  )
}
