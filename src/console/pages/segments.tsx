import { Link } from "react-router"
import { number, percent } from "../formats.ts"
import { useSay } from "../locale.tsx"
import { Collection } from "../parts/collection.tsx"
import type { Column } from "../parts/list.tsx"
import { Tag } from "../parts/tags.tsx"
import type { Segment } from "../shapes/conditions.ts"
import { say } from "../words/segments-words.ts"

export default function Segments() {
  const t = useSay(say)
  const columns: Column<Segment>[] = [
    {
      id: "members",
      header: t("members"),
      end: true,
      tight: true,
      phone: "beside",
      cell: (row) => <Link to={`/contacts?segment=${row.id}`}>{t("people", { count: row.members })}</Link>,
    },
    { id: "state", header: t("stateLabel"), tight: true, cell: (row) => <SegmentState segment={row} /> },
  ]
  return (
    <Collection<Segment>
      area="segments"
      say={say}
      everySeconds={5}
      detail={(row) => row.description && <small>{row.description}</small>}
      columns={columns}
    />
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
