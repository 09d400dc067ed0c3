import { Link } from "react-router"
import { fullDay } from "../../formats.ts"
import { useLocale, useSay } from "../../locale.tsx"
import { type Column, List } from "../../parts/list.tsx"
import { Tag } from "../../parts/tags.tsx"
import type { Access } from "../../shapes/contacts.ts"
import { say } from "../../words/access-words.ts"

type Props = {
  rows: Access[]
  /** Of an instant of the past: whether each video is open now. */
  nowOpen: Map<string, boolean> | undefined
}

/** Videos as one member finds them: open or closed, until when, and what would open them. */
export function AccessList({ rows, nowOpen }: Props) {
  const t = useSay(say)
  const { locale } = useLocale()
  const columns: Column<Access>[] = [
    {
      id: "video",
      header: t("video"),
      phone: "first",
      cell: (row) => (
        <Link className="list__name" to={`/videos/${row.videoId}`}>
          {row.title}
        </Link>
      ),
    },
    {
      id: "state",
      header: t("state"),
      tight: true,
      phone: "beside",
      cell: (row) => (
        <>
          <Tag tone={row.open ? "good" : undefined}>{t(row.open ? "open" : "closed")}</Tag>
          {nowOpen && nowOpen.get(row.videoId) !== row.open && (
            <small>{t(nowOpen.get(row.videoId) ? "nowOpen" : "nowClosed")}</small>
          )}
        </>
      ),
    },
    {
      id: "until",
      header: t("until"),
      tight: true,
      phone: "named",
      cell: (row) =>
        row.open ? (
          row.until ? (
            // The last day on which it is open, as members are told.
            fullDay(new Date(Date.parse(row.until) - 1), locale)
          ) : (
            <span className="quiet">{t("noEnd")}</span>
          )
        ) : (
          "—"
        ),
    },
    { id: "why", header: t("why"), cell: (row) => <Why row={row} /> },
  ]
  return <List label={t("video")} columns={columns} rows={rows} keyOf={(row) => row.videoId} />
}

function Why({ row: { open, sentences } }: { row: Access }) {
  const t = useSay(say)
  if (open) return <span className="quiet">{t("fits", { rule: sentences.opens })}</span>
  const others = sentences.ways.filter((way) => way !== sentences.why)
  return (
    <>
      {sentences.why}
      {others.length > 0 && <small>{t("otherWays", { ways: others.join(" / ") })}</small>}
    </>
  )
}
