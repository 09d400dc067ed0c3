import { Button } from "@mantine/core"
import { Link } from "react-router"
import { moment, number, percent } from "../formats.ts"
import { useSay } from "../locale.tsx"
import { Head } from "../parts/head.tsx"
import { type Column, List } from "../parts/list.tsx"
import { Empty } from "../parts/states.tsx"
import { Tag } from "../parts/tags.tsx"
import { usePages } from "../queries.ts"
import { useCan } from "../session.tsx"
import type { Segment } from "../shapes/conditions.ts"
import { say } from "../words/segments-words.ts"

export default function Segments() {
  const t = useSay(say)
  const mayWrite = useCan("segments:write")
  const found = usePages<Segment>("/api/segments", {}, 5)
  const add = mayWrite && (
    <Button variant="filled" component={Link} to="/segments/new">
      {t("add")}
    </Button>
  )
  const columns: Column<Segment>[] = [
    {
      id: "name",
      header: t("name"),
      phone: "first",
      cell: (row) => (
        <Link className="list__name" to={`/segments/${row.id}`}>
          {row.name}
          {row.description && <small>{row.description}</small>}
        </Link>
      ),
    },
    {
      id: "members",
      header: t("members"),
      end: true,
      tight: true,
      phone: "beside",
      cell: (row) => <Link to={`/contacts?segment=${row.id}`}>{t("people", { count: row.members })}</Link>,
    },
    { id: "state", header: t("stateLabel"), tight: true, cell: (row) => <SegmentState segment={row} /> },
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
        to={(row) => `/segments/${row.id}`}
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

/** Whether the members are up to date; while it is applied to everybody, how far that is. */
export function SegmentState({ segment }: { segment: Segment }) {
  const t = useSay(say)
  if (segment.state === "live") return <Tag tone="good">{t("state.live")}</Tag>
  if (segment.state === "archived") return <Tag>{t("state.archived")}</Tag>
  const { progress } = segment
  return (
    <Tag tone="accent">
      {progress
        ? t("state.progress", {
            share: percent(progress.done / Math.max(1, progress.total)),
            total: number(progress.total),
          })
        : t("state.building")}
    </Tag>
  )
}
