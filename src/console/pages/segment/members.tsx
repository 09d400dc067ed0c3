import { Link } from "react-router"
import { moment } from "../../formats.ts"
import { useSay } from "../../locale.tsx"
import { type Column, List } from "../../parts/list.tsx"
import { Checks } from "../../parts/reasons.tsx"
import { Empty } from "../../parts/states.tsx"
import { usePages } from "../../queries.ts"
import { type Fitting, idOf, nameOf, type Segment, type Stay } from "../../shapes/conditions.ts"
import { say } from "../../words/segments-words.ts"

/** Who is in the segment, with the values that keep them in it. */
export function SegmentMembers({ segment }: { segment: Segment }) {
  const t = useSay(say)
  const found = usePages<Fitting>(`/api/segments/${segment.id}/contacts`, {}, 10)
  const columns: Column<Fitting>[] = [
    { id: "name", header: t("person"), phone: "first", cell: (row) => <Person row={row} /> },
    { id: "why", header: t("why"), cell: (row) => <Checks reason={row.reason ?? row.leaves} /> },
    {
      id: "since",
      header: t("since"),
      tight: true,
      end: true,
      phone: "named",
      cell: (row) => (row.since ? moment(row.since) : ""),
    },
  ]
  return (
    <List
      label={t("tab.members")}
      columns={columns}
      rows={found.rows}
      keyOf={idOf}
      to={(row) => `/contacts/${idOf(row)}`}
      more={found}
      state={found}
      empty={
        <Empty title={t(segment.state === "building" ? "stillBuilding" : "nobody")}>
          {t(segment.state === "building" ? "stillBuildingText" : "nobodyText")}
        </Empty>
      }
    />
  )
}

/** Who came in and went out, when, and why. */
export function SegmentHistory({ segment }: { segment: Segment }) {
  const t = useSay(say)
  const found = usePages<Stay>(`/api/segments/${segment.id}/history`, {}, 10)
  const columns: Column<Stay>[] = [
    { id: "name", header: t("person"), phone: "first", cell: (row) => <Person row={{ ...row, id: undefined }} /> },
    { id: "entered", header: t("entered"), cell: (row) => <Turn at={row.enteredAt} reason={row.enteredReason} /> },
    {
      id: "left",
      header: t("left"),
      cell: (row) =>
        row.leftAt ? <Turn at={row.leftAt} reason={row.leftReason} /> : <span className="quiet">{t("stillIn")}</span>,
    },
  ]
  return (
    <List
      label={t("tab.history")}
      columns={columns}
      rows={found.rows}
      keyOf={(row) => row.id}
      to={(row) => `/contacts/${row.contactId}?kind=segment`}
      more={found}
      state={found}
      empty={<Empty title={t("noHistory")}>{t("noHistoryText")}</Empty>}
    />
  )
}

function Person({ row }: { row: Fitting }) {
  const t = useSay(say)
  return (
    <Link className="list__name" to={`/contacts/${idOf(row)}`}>
      {nameOf(row, t("nameless"))}
      {row.kana && <small>{row.kana}</small>}
    </Link>
  )
}

function Turn({ at, reason }: { at: string; reason: unknown }) {
  return (
    <>
      <time dateTime={at}>{moment(at)}</time>
      <Checks reason={reason} />
    </>
  )
}
