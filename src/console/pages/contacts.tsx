import { Button, Checkbox, Menu, NativeSelect, TextInput } from "@mantine/core"
import { useDebouncedValue, useHotkeys, useLocalStorage } from "@mantine/hooks"
import { useEffect, useRef, useState } from "react"
import { Link, useSearchParams } from "react-router"
import { ago, either, fullDay, fullName } from "../formats.ts"
import { useLocale, useSay } from "../locale.tsx"
import { ContactDraft } from "../parts/contact-draft.tsx"
import { Head } from "../parts/head.tsx"
import { type Column, List } from "../parts/list.tsx"
import { Empty } from "../parts/states.tsx"
import { RankTag } from "../parts/tags.tsx"
import { useAll, usePages } from "../queries.ts"
import { useCan } from "../session.tsx"
import type { Contact, RankMark } from "../shapes/contacts.ts"
import type { Segment } from "../shapes/conditions.ts"
import { say } from "../words/contacts-words.ts"
import { say as sayParts } from "../words/parts-words.ts"

export default function Contacts() {
  const t = useSay(say)
  const { locale } = useLocale()
  const [params, setParams] = useSearchParams()
  const [typed, setTyped] = useState(params.get("search") ?? "")
  const [search] = useDebouncedValue(typed.trim(), 180)
  const [adding, setAdding] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  useHotkeys([["/", () => field.current?.focus()]])
  const [segment, rank] = [params.get("segment") ?? "", params.get("rank") ?? ""]
  const set = (name: string, value: string) =>
    setParams(
      (now) => {
        if (value) now.set(name, value)
        else now.delete(name)
        return now
      },
      { replace: true },
    )
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address follows what is typed
  useEffect(() => {
    if ((params.get("search") ?? "") !== search) set("search", search)
  }, [search])

  const maySegments = useCan("segments:read")
  const mayRanks = useCan("ranks:read")
  const mayWrite = useCan("contacts:write")
  const segments = useAll<Segment>(maySegments ? "/api/segments" : null)
  const ranks = useAll<RankMark>(mayRanks ? "/api/ranks" : null)
  const found = usePages<Contact>("/api/contacts", { search, segmentId: segment, rankId: rank }, 20)
  const [hidden, setHidden] = useLocalStorage<Record<string, boolean>>({
    key: "contacts.columns",
    defaultValue: { phone: false },
  })
  const columns = columnsOf(t, locale).filter(
    ({ id }) => id !== "lastSeenAt" || found.rows.some((row) => row.lastSeenAt),
  )
  const filtered = Boolean(search || segment || rank)

  return (
    <>
      <Head
        title={t("title")}
        lead={t("lead")}
        acts={
          mayWrite && (
            <Button variant="filled" onClick={() => setAdding(true)}>
              {t("add")}
            </Button>
          )
        }
      />
      <div className="filters">
        <TextInput
          ref={field}
          type="search"
          aria-label={t("search")}
          placeholder={t("search")}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          rightSection={<kbd>/</kbd>}
        />
        {maySegments && (
          <NativeSelect
            aria-label={t("segment")}
            value={segment}
            onChange={(event) => set("segment", event.currentTarget.value)}
            data={[
              { value: "", label: t("anySegment") },
              ...(segments.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
            ]}
          />
        )}
        {mayRanks && (
          <NativeSelect
            aria-label={t("rank")}
            value={rank}
            onChange={(event) => set("rank", event.currentTarget.value)}
            data={[
              { value: "", label: t("anyRank") },
              ...(ranks.data ?? []).map(({ id, name }) => ({ value: id, label: either(name, locale) })),
            ]}
          />
        )}
        <Columns columns={columns.slice(1)} hidden={hidden} choose={setHidden} />
      </div>
      <List
        label={t("title")}
        columns={columns}
        hidden={hidden}
        rows={found.rows}
        keyOf={(row) => row.id}
        to={(row) => `/contacts/${row.id}`}
        more={found}
        state={found}
        empty={
          filtered ? (
            <Empty
              title={t("none.title")}
              action={<Button onClick={() => (setTyped(""), setParams({}))}>{t("none.clear")}</Button>}
            >
              {t("none.text")}
            </Empty>
          ) : (
            <Empty
              title={t("empty.title")}
              action={mayWrite && <Button onClick={() => setAdding(true)}>{t("add")}</Button>}
            >
              {t("empty.text")}
            </Empty>
          )
        }
      />
      <ContactDraft opened={adding} onClose={() => setAdding(false)} />
    </>
  )
}

function Columns({
  columns,
  hidden,
  choose,
}: {
  columns: Column<Contact>[]
  hidden: Record<string, boolean>
  choose: (hidden: Record<string, boolean>) => void
}) {
  const t = useSay(sayParts)
  return (
    <Menu closeOnItemClick={false}>
      <Menu.Target>
        <Button className="desk">{t("columns")}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {columns.map(({ id, header }) => (
          <Menu.Item key={id} component="label">
            <Checkbox
              label={header}
              checked={hidden[id] !== false}
              onChange={(event) => choose({ ...hidden, [id]: event.currentTarget.checked })}
            />
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function columnsOf(t: (key: string) => string, locale: "ja" | "en"): Column<Contact>[] {
  return [
    {
      id: "name",
      header: t("name"),
      phone: "first",
      cell: (row) => (
        <Link className="list__name" to={`/contacts/${row.id}`}>
          {fullName(row, t("nameless"))}
          <small>{[row.familyKana, row.givenKana].filter(Boolean).join(" ")}</small>
        </Link>
      ),
    },
    { id: "rank", header: t("rank"), tight: true, phone: "beside", cell: (row) => <RankTag rank={row.rank} /> },
    { id: "email", header: t("email"), cell: (row) => row.email ?? "" },
    { id: "company", header: t("company"), cell: (row) => row.company ?? "" },
    { id: "plan", header: t("plan"), tight: true, cell: (row) => either(row.planName, locale) },
    { id: "phone", header: t("phone"), tight: true, phone: "hidden", cell: (row) => row.phone ?? "" },
    {
      id: "joinedAt",
      header: t("joinedAt"),
      tight: true,
      phone: "named",
      cell: (row) => (row.joinedAt ? fullDay(row.joinedAt, locale) : ""),
    },
    {
      id: "lastSeenAt",
      header: t("lastSeenAt"),
      tight: true,
      phone: "named",
      cell: (row) => (row.lastSeenAt ? ago(row.lastSeenAt, locale) : ""),
    },
    { id: "number", header: t("number"), tight: true, end: true, phone: "hidden", cell: (row) => row.number },
  ]
}
