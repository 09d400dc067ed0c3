import { Button } from "@mantine/core"
import type { ReactNode } from "react"
import { Link } from "react-router"
import type { Locale, Say } from "../../platform/words.ts"
import { moment } from "../formats.ts"
import { useSay } from "../locale.tsx"
import { usePages } from "../queries.ts"
import { useCan } from "../session.tsx"
import { Head } from "./head.tsx"
import { type Column, List } from "./list.tsx"
import { Empty } from "./states.tsx"

type Named = { id: string; name: string; changedAt: string }
type Props<T> = {
  /** What it is called in addresses, the API and permissions. */
  area: "segments" | "scenarios"
  say: (locale: Locale) => Say
  everySeconds: number
  /** The small print below a name. */
  detail: (row: T) => ReactNode
  /** What stands between the name and the day of the last change. */
  columns: Column<T>[]
}

/** The page of all of what has a name and a page of its own, where it is made and changed. */
export function Collection<T extends Named>({ area, say, everySeconds, detail, columns }: Props<T>) {
  const t = useSay(say)
  const mayWrite = useCan(`${area}:write`)
  const found = usePages<T>(`/api/${area}`, {}, everySeconds)
  const add = mayWrite && (
    <Button variant="filled" component={Link} to={`/${area}/new`}>
      {t("add")}
    </Button>
  )
  const name: Column<T> = {
    id: "name",
    header: t("name"),
    phone: "first",
    cell: (row) => (
      <Link className="list__name" to={`/${area}/${row.id}`}>
        {row.name}
        {detail(row)}
      </Link>
    ),
  }
  const changedAt: Column<T> = {
    id: "changedAt",
    header: t("changedAt"),
    tight: true,
    end: true,
    phone: "named",
    cell: (row) => moment(row.changedAt),
  }
  return (
    <>
      <Head title={t("title")} lead={t("lead")} acts={add} />
      <List
        label={t("title")}
        columns={[name, ...columns, changedAt]}
        rows={found.rows}
        keyOf={(row) => row.id}
        to={(row) => `/${area}/${row.id}`}
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
