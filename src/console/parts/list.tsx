import { Button } from "@mantine/core"
import { useIntersection } from "@mantine/hooks"
import { columnVisibilityFeature, tableFeatures, useTable } from "@tanstack/react-table"
import { type KeyboardEvent, type MouseEvent, type ReactNode, useEffect, useMemo } from "react"
import { useNavigate } from "react-router"
import { useSay } from "../locale.tsx"
import { say } from "../words/parts-words.ts"
import { Failed, Loading } from "./states.tsx"

export type Column<T> = {
  id: string
  header: string
  cell: (row: T) => ReactNode
  /** Numbers stand at the end. */
  end?: boolean
  tight?: boolean
  /** On phones a row folds: `first` takes a line, `beside` stands at its end, `hidden` is left out, `named` says its header. */
  phone?: "first" | "beside" | "hidden" | "named"
}

type Props<T> = {
  columns: Column<T>[]
  rows: T[]
  label: string
  keyOf: (row: T) => string
  /** Where a row leads; its first cell should hold the same link for the keyboard. */
  to?: (row: T) => string
  hidden?: Record<string, boolean>
  more?: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown }
  state?: { isPending: boolean; error: unknown; refetch: () => unknown }
  empty?: ReactNode
}

const features = tableFeatures({ columnVisibilityFeature })

/** A list: dense on a desk, folded on a phone; arrow keys move between rows, Enter opens. */
export function List<T>({ columns, rows, label, keyOf, to, hidden = none, more, state, empty }: Props<T>) {
  const t = useSay(say)
  const go = useNavigate()
  const defined = useMemo(() => columns.map(({ id, header }) => ({ id, header })), [columns])
  const table = useTable({
    features,
    columns: defined,
    data: rows as (T & object)[],
    state: { columnVisibility: hidden },
  })
  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns])
  const { ref, entry } = useIntersection({ rootMargin: "600px" })
  const reaching = entry?.isIntersecting && more?.hasNextPage && !more.isFetchingNextPage
  useEffect(() => {
    if (reaching) void more?.fetchNextPage()
  }, [reaching, more?.fetchNextPage])

  if (state?.error && rows.length === 0) return <Failed error={state.error} retry={() => void state.refetch()} />
  if (state?.isPending) return <Loading />
  if (rows.length === 0 && empty) return empty
  const shown = table.getVisibleLeafColumns().map(({ id }) => byId.get(id)!)
  const open = (event: MouseEvent, row: T) => {
    if (!to || (event.target as Element).closest("a, button, input, label") || window.getSelection()?.toString()) return
    if (event.metaKey || event.ctrlKey) window.open(`/console${to(row)}`)
    else void go(to(row))
  }
  return (
    <>
      <div className="list-wrap">
        <table className="list list--folds" aria-label={label} onKeyDown={walk}>
          <thead>
            <tr>
              {shown.map((column) => (
                <th key={column.id} className={column.end ? "is-end" : undefined} scope="col">
                  {column.header}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.getRowModel().rows.map(({ original }) => (
              <tr key={keyOf(original)} className={to && "is-link"} onClick={(event) => open(event, original)}>
                {shown.map((column) => (
                  <td
                    key={column.id}
                    className={classOf(column)}
                    data-label={column.phone === "named" ? column.header : undefined}
                  >
                    {column.cell(original)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="list__foot" ref={ref}>
        <span className="num">{t(more?.hasNextPage ? "shown" : "all", { count: rows.length })}</span>
        {more?.hasNextPage && (
          <Button size="xs" loading={more.isFetchingNextPage} onClick={() => void more.fetchNextPage()}>
            {t("more")}
          </Button>
        )}
      </div>
    </>
  )
}

const none: Record<string, boolean> = {}

function classOf<T>({ end, tight, phone }: Column<T>): string | undefined {
  return [end && "is-end", tight && "is-tight", phone && `is-${phone}`].filter(Boolean).join(" ") || undefined
}

/** Arrow keys (and j, k) move from row to row. */
function walk(event: KeyboardEvent<HTMLTableElement>): void {
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key]
  const row = (event.target as Element).closest("tr")
  if (!step || !row || /^(INPUT|TEXTAREA|SELECT)$/.test((event.target as Element).tagName)) return
  const next = step > 0 ? row.nextElementSibling : row.previousElementSibling
  const link = next?.querySelector<HTMLElement>("a, button")
  if (!link) return
  event.preventDefault()
  link.focus()
}
