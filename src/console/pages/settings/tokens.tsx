import { Button, Checkbox, Modal, NativeSelect, TextInput } from "@mantine/core"
import { type FormEvent, useState } from "react"
import { post, remove } from "../../api.ts"
import { fullDay, moment } from "../../formats.ts"
import { useLocale, useSay } from "../../locale.tsx"
import { Confirm } from "../../parts/confirm.tsx"
import { Section } from "../../parts/head.tsx"
import { type Column, List } from "../../parts/list.tsx"
import { Secret } from "../../parts/secret.tsx"
import { Fault } from "../../parts/states.tsx"
import { Tag } from "../../parts/tags.tsx"
import { faultsOf, useAct, usePages } from "../../queries.ts"
import { useCan, useSession } from "../../session.tsx"
import { say as sayParts } from "../../words/parts-words.ts"
import { say } from "../../words/settings-words.ts"

type Token = {
  id: string
  name: string
  scopes: string[]
  createdAt: string
  lastUsedAt: string | null
  expiresAt: string | null
  revokedAt: string | null
}

/** The keys by which programs use the API. */
export default function Tokens() {
  const t = useSay(say)
  const { locale } = useLocale()
  const mayWrite = useCan("keys:write")
  const found = usePages<Token>("/api/api-tokens")
  const [making, setMaking] = useState(false)
  const [secret, setSecret] = useState<string | null>(null)
  const [revoking, setRevoking] = useState<Token | null>(null)
  const revoke = useAct((id: string) => remove(`/api/api-tokens/${id}`), {
    touches: ["/api/api-tokens"],
    done: () => setRevoking(null),
  })
  const columns: Column<Token>[] = [
    { id: "name", header: t("name"), phone: "first", cell: (row) => <span className="list__name">{row.name}</span> },
    { id: "scopes", header: t("scopes"), cell: (row) => <small>{row.scopes.join(", ")}</small> },
    {
      id: "used",
      header: t("lastUsed"),
      tight: true,
      phone: "named",
      cell: (row) => (row.lastUsedAt ? moment(row.lastUsedAt) : t("never")),
    },
    {
      id: "expires",
      header: t("expires"),
      tight: true,
      phone: "named",
      cell: (row) =>
        row.revokedAt ? <Tag>{t("revoked")}</Tag> : row.expiresAt ? fullDay(row.expiresAt, locale) : t("noExpiry"),
    },
    {
      id: "act",
      header: "",
      end: true,
      cell: (row) =>
        mayWrite && !row.revokedAt ? (
          <button type="button" className="link" onClick={() => setRevoking(row)}>
            {t("revoke")}
          </button>
        ) : null,
    },
  ]
  return (
    <Section
      title={t("section.tokens")}
      note={t("tokensNote")}
      side={
        mayWrite && (
          <button type="button" className="link" onClick={() => setMaking(true)}>
            {t("tokenAdd")}
          </button>
        )
      }
    >
      <List
        label={t("section.tokens")}
        columns={columns}
        rows={found.rows}
        keyOf={(row) => row.id}
        more={found}
        state={found}
        empty={<p className="quiet">{t("noTokens")}</p>}
      />
      {making && <TokenForm onClose={() => setMaking(false)} onMade={setSecret} />}
      <Secret secret={secret} title={t("tokenMade")} onClose={() => setSecret(null)} />
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
        <p>{t("revokeToken", { name: revoking?.name ?? "" })}</p>
      </Confirm>
    </Section>
  )
}

function TokenForm({ onClose, onMade }: { onClose: () => void; onMade: (secret: string) => void }) {
  const t = useSay(say)
  const p = useSay(sayParts)
  const { permissions } = useSession()
  const [name, setName] = useState("")
  const [scopes, setScopes] = useState<string[]>([])
  const [days, setDays] = useState("90")
  const act = useAct(
    () =>
      post<{ secret: string }>("/api/api-tokens", {
        name,
        scopes,
        expiresAt: days ? new Date(Date.now() + Number(days) * 86_400_000).toISOString() : null,
      }),
    {
      touches: ["/api/api-tokens"],
      done: ({ secret }) => {
        onClose()
        onMade(secret)
      },
    },
  )
  const faults = faultsOf(act.error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    act.mutate(undefined)
  }
  return (
    <Modal opened onClose={onClose} title={t("tokenAdd")} closeButtonProps={{ "aria-label": p("close") }}>
      <form className="stack" onSubmit={submit}>
        <TextInput
          label={t("name")}
          description={t("tokenNameHint")}
          value={name}
          error={faults.name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <Checkbox.Group
          label={t("scopes")}
          description={t("scopesHint")}
          value={scopes}
          onChange={setScopes}
          error={faults.scopes}
        >
          <div className="scopes">
            {permissions.map((permission) => (
              <Checkbox key={permission} value={permission} label={permission} size="xs" />
            ))}
          </div>
        </Checkbox.Group>
        <NativeSelect
          label={t("expires")}
          value={days}
          onChange={(event) => setDays(event.currentTarget.value)}
          data={["30", "90", "365", ""].map((value) => ({
            value,
            label: value ? t("days", { count: Number(value) }) : t("noExpiry"),
          }))}
        />
        <Fault error={act.error} />
        <div className="row row--end">
          <Button onClick={onClose}>{p("cancel")}</Button>
          <Button type="submit" variant="filled" loading={act.isPending} disabled={!name.trim() || scopes.length === 0}>
            {t("make")}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
