import { CopyButton, Radio, TextInput } from "@mantine/core"
import { useState } from "react"
import { post } from "../../api.ts"
import { fullDay } from "../../formats.ts"
import { useLocale, useSay } from "../../locale.tsx"
import { FormDialog } from "../../parts/form.tsx"
import type { Column } from "../../parts/list.tsx"
import { Tag } from "../../parts/tags.tsx"
import { faultsOf, useAct } from "../../queries.ts"
import { say as sayParts } from "../../words/parts-words.ts"
import { say } from "../../words/settings-words.ts"
import { KeyList } from "./list.tsx"

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
  const { locale } = useLocale()
  const columns: Column<Key>[] = [
    {
      id: "name",
      header: t("name"),
      phone: "first",
      cell: (row) => (
        <span className="list__name">
          {row.name}
          {row.publicKey && <PublicKey text={row.publicKey} />}
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
  ]
  return (
    <KeyList
      name="keys"
      path="/api/keys"
      columns={columns}
      note={t("keysNote")}
      empty={t("noKeys")}
      addText={t("keyAdd")}
      madeText={t("keyMade")}
      revokeKey="revokeKey"
      form={(close, made) => <KeyForm onClose={close} onMade={made} />}
    >
      <p className="quiet">{t("keysHow")}</p>
      <pre className="snippet">{`import { Analytics } from "@segment/analytics-node"
const analytics = new Analytics({ writeKey: "msk_…", host: "${window.location.origin}" })
analytics.track({ userId: "customer-1", event: "document.requested", properties: { title: "…" } })`}</pre>
    </KeyList>
  )
}

function PublicKey({ text }: { text: string }) {
  const p = useSay(sayParts)
  return (
    <small>
      <code className="code-line">{text}</code>{" "}
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <button type="button" className="link" onClick={copy}>
            {p(copied ? "copied" : "copy")}
          </button>
        )}
      </CopyButton>
    </small>
  )
}

function KeyForm({ onClose, onMade }: { onClose: () => void; onMade: (secret: string) => void }) {
  const t = useSay(say)
  const [name, setName] = useState("")
  const [kind, setKind] = useState("server")
  const act = useAct(() => post<{ key: string }>("/api/keys", { name, kind }), {
    touches: ["/api/keys"],
    done: ({ key }) => {
      onClose()
      onMade(key)
    },
  })
  return (
    <FormDialog title={t("keyAdd")} act={act} send={t("make")} ready={name.trim() !== ""} onClose={onClose}>
      <TextInput
        label={t("name")}
        description={t("keyNameHint")}
        value={name}
        error={faultsOf(act.error).name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <Radio.Group label={t("keyKind")} value={kind} onChange={setKind}>
        <div className="stack" style={{ gap: 8, marginTop: 4 }}>
          <Radio value="server" label={t("keyKindOf.server")} description={t("keyHint.server")} />
          <Radio value="browser" label={t("keyKindOf.browser")} description={t("keyHint.browser")} />
        </div>
      </Radio.Group>
    </FormDialog>
  )
}
