import { type ReactNode, useState } from "react"
import { remove } from "../../api.ts"
import { useSay } from "../../locale.tsx"
import { Confirm } from "../../parts/confirm.tsx"
import { Section } from "../../parts/head.tsx"
import { type Column, List } from "../../parts/list.tsx"
import { Secret } from "../../parts/secret.tsx"
import { useAct, usePages } from "../../queries.ts"
import { useCan } from "../../session.tsx"
import { say } from "../../words/settings-words.ts"

type ListProps<T> = {
  /** `section.<name>` is what it is called. */
  name: string
  path: string
  columns: Column<T>[]
  keyOf: (row: T) => string
  note?: string
  empty?: string
  /** What adding one is called, and what it begins; left out where one may not. */
  add?: { text: string; act: () => void } | false
  children?: ReactNode
}

/** A list in the settings with the link that adds to it; below it what belongs to it. */
export function SettingsList<T>({ name, path, columns, keyOf, note, empty, add, children }: ListProps<T>) {
  const t = useSay(say)
  const found = usePages<T>(path)
  const title = t(`section.${name}`)
  return (
    <Section title={title} note={note} side={add && <LinkAct text={add.text} act={add.act} />}>
      <List
        label={title}
        columns={columns}
        rows={found.rows}
        keyOf={keyOf}
        more={found}
        state={found}
        empty={empty && <p className="quiet">{empty}</p>}
      />
      {children}
    </Section>
  )
}

/** What is done here without leaving the page, as a link among text. */
export function LinkAct({ text, act }: { text: string; act: () => void }) {
  return (
    <button type="button" className="link nowrap" onClick={act}>
      {text}
    </button>
  )
}

type Key = { id: string; name: string; revokedAt: string | null }
type KeysProps<T> = Pick<ListProps<T>, "name" | "path" | "columns" | "note" | "empty" | "children"> & {
  addText: string
  /** What the one made is called where it is shown. */
  madeText: string
  /** What revoking `{name}` means. */
  revokeKey: string
  form: (close: () => void, made: (secret: string) => void) => ReactNode
}

/** Keys of whatever kind: made here, shown this once, revoked for good. */
export function KeyList<T extends Key>({
  columns,
  addText,
  madeText,
  revokeKey,
  form,
  children,
  ...list
}: KeysProps<T>) {
  const t = useSay(say)
  const mayWrite = useCan("keys:write")
  const [making, setMaking] = useState(false)
  const [secret, setSecret] = useState<string | null>(null)
  const [revoking, setRevoking] = useState<T | null>(null)
  const revoke = useAct((id: string) => remove(`${list.path}/${id}`), {
    touches: [list.path],
    done: () => setRevoking(null),
  })
  const act: Column<T> = {
    id: "act",
    header: "",
    end: true,
    cell: (row) => mayWrite && !row.revokedAt && <LinkAct text={t("revoke")} act={() => setRevoking(row)} />,
  }
  return (
    <SettingsList
      {...list}
      columns={[...columns, act]}
      keyOf={(row) => row.id}
      add={mayWrite && { text: addText, act: () => setMaking(true) }}
    >
      {children}
      {making && form(() => setMaking(false), setSecret)}
      <Secret secret={secret} title={madeText} onClose={() => setSecret(null)} />
      <Confirm
        opened={revoking !== null}
        onClose={() => setRevoking(null)}
        title={t("revokeTitle")}
        act={t("revoke")}
        danger
        busy={revoke.isPending}
        error={revoke.error}
        onAct={() => revoking && revoke.mutate(revoking.id)}
      >
        <p>{t(revokeKey, { name: revoking?.name ?? "" })}</p>
      </Confirm>
    </SettingsList>
  )
}
