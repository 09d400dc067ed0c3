import { Button, CopyButton, Modal, Radio, TextInput } from "@mantine/core"
import { type FormEvent, useState } from "react"
import { post, remove } from "../../api.ts"
import { fullDay } from "../../formats.ts"
import { useLocale, useSay } from "../../locale.tsx"
import { Confirm } from "../../parts/confirm.tsx"
import { Section } from "../../parts/head.tsx"
import { type Column, List } from "../../parts/list.tsx"
import { Secret } from "../../parts/secret.tsx"
import { Fault } from "../../parts/states.tsx"
import { Tag } from "../../parts/tags.tsx"
import { faultsOf, useAct, usePages } from "../../queries.ts"
import { useCan } from "../../session.tsx"
import { say as sayParts } from "../../words/parts-words.ts"
import { say } from "../../words/settings-words.ts"

type Key = {
  id: string
  kind: "server" | "browser"
  name: string
  publicKey: string | null
  createdAt: string
  revokedAt: string | null
}

/** The keys with which events are sent to us. */
export default function Keys() {
  const t = useSay(say)
  const p = useSay(sayParts)
  const { locale } = useLocale()
  const mayWrite = useCan("keys:write")
  const found = usePages<Key>("/api/keys")
  const [making, setMaking] = useState(false)
  const [secret, setSecret] = useState<string | null>(null)
  const [revoking, setRevoking] = useState<Key | null>(null)
  const revoke = useAct((id: string) => remove(`/api/keys/${id}`), {
    touches: ["/api/keys"],
    done: () => setRevoking(null),
  })
  const columns: Column<Key>[] = [
    {
      id: "name",
      header: t("name"),
      phone: "first",
      cell: (row) => (
        <span className="list__name">
          {row.name}
          {row.publicKey && (
            <small>
              <code className="code-line">{row.publicKey}</code>{" "}
              <CopyButton value={row.publicKey}>
                {({ copied, copy }) => (
                  <button type="button" className="link" onClick={copy}>
                    {p(copied ? "copied" : "copy")}
                  </button>
                )}
              </CopyButton>
            </small>
          )}
        </span>
      ),
    },
    {
      id: "kind",
      header: t("keyKind"),
      tight: true,
      phone: "beside",
      cell: (row) =>
        row.revokedAt ? (
          <Tag>{t("revoked")}</Tag>
        ) : (
          <Tag tone={row.kind === "server" ? "caution" : "accent"}>{t(`keyKindOf.${row.kind}`)}</Tag>
        ),
    },
    { id: "since", header: t("since"), tight: true, phone: "named", cell: (row) => fullDay(row.createdAt, locale) },
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
      title={t("section.keys")}
      note={t("keysNote")}
      side={
        mayWrite && (
          <button type="button" className="link" onClick={() => setMaking(true)}>
            {t("keyAdd")}
          </button>
        )
      }
    >
      <List
        label={t("section.keys")}
        columns={columns}
        rows={found.rows}
        keyOf={(row) => row.id}
        more={found}
        state={found}
        empty={<p className="quiet">{t("noKeys")}</p>}
      />
      <p className="quiet">{t("keysHow")}</p>
      <pre className="snippet">{`import { Analytics } from "@segment/analytics-node"
const analytics = new Analytics({ writeKey: "msk_…", host: "${window.location.origin}" })
analytics.track({ userId: "customer-1", event: "document.requested", properties: { title: "…" } })`}</pre>
      {making && <KeyForm onClose={() => setMaking(false)} onMade={setSecret} />}
      <Secret secret={secret} title={t("keyMade")} onClose={() => setSecret(null)} />
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
        <p>{t("revokeKey", { name: revoking?.name ?? "" })}</p>
      </Confirm>
    </Section>
  )
}

function KeyForm({ onClose, onMade }: { onClose: () => void; onMade: (secret: string) => void }) {
  const t = useSay(say)
  const p = useSay(sayParts)
  const [name, setName] = useState("")
  const [kind, setKind] = useState("server")
  const act = useAct(() => post<{ key: string }>("/api/keys", { name, kind }), {
    touches: ["/api/keys"],
    done: ({ key }) => {
      onClose()
      onMade(key)
    },
  })
  const faults = faultsOf(act.error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    act.mutate(undefined)
  }
  return (
    <Modal opened onClose={onClose} title={t("keyAdd")} closeButtonProps={{ "aria-label": p("close") }}>
      <form className="stack" onSubmit={submit}>
        <TextInput
          label={t("name")}
          description={t("keyNameHint")}
          value={name}
          error={faults.name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <Radio.Group label={t("keyKind")} value={kind} onChange={setKind}>
          <div className="stack" style={{ gap: 8, marginTop: 4 }}>
            <Radio value="server" label={t("keyKindOf.server")} description={t("keyHint.server")} />
            <Radio value="browser" label={t("keyKindOf.browser")} description={t("keyHint.browser")} />
          </div>
        </Radio.Group>
        <Fault error={act.error} />
        <div className="row row--end">
          <Button onClick={onClose}>{p("cancel")}</Button>
          <Button type="submit" variant="filled" loading={act.isPending} disabled={!name.trim()}>
            {t("make")}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
