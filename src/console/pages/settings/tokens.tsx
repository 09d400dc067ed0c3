import { Checkbox, NativeSelect, TextInput } from "@mantine/core"
import { useState } from "react"
import type { Locale, Say } from "../../../platform/words.ts"
import { post } from "../../api.ts"
import { fullDay, moment } from "../../formats.ts"
import { useLocale, useSay } from "../../locale.tsx"
import { FormDialog } from "../../parts/form.tsx"
import type { Column } from "../../parts/list.tsx"
import { Tag } from "../../parts/tags.tsx"
import { faultsOf, useAct } from "../../queries.ts"
import { useSession } from "../../session.tsx"
import { say } from "../../words/settings-words.ts"
import { KeyList } from "./list.tsx"

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
  const columns: Column<Token>[] = [
    { id: "name", header: t("name"), phone: "first", cell: (row) => <span className="list__name">{row.name}</span> },
    {
      id: "scopes",
      header: t("scopes"),
      cell: (row) => <small title={row.scopes.join(", ")}>{scopesText(row.scopes, t, locale)}</small>,
    },
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
  ]
  return (
    <KeyList
      name="tokens"
      path="/api/api-tokens"
      columns={columns}
      note={t("tokensNote")}
      empty={t("noTokens")}
      addText={t("tokenAdd")}
      madeText={t("tokenMade")}
      revokeKey="revokeToken"
      form={(close, made) => <TokenForm onClose={close} onMade={made} />}
    />
  )
}

/** contacts:read → 顧客の閲覧 */
function scopeText(scope: string, t: Say): string {
  const [area = "", how = ""] = scope.split(":")
  return t(`scope.${how}`, { area: t(`scopeOf.${area}`) })
}

/** Areas with what may be done in them; one that may be changed may nearly always be read as well. */
function scopesText(scopes: string[], t: Say, locale: Locale): string {
  const areas = [...new Set(scopes.map((scope) => scope.split(":")[0]!))]
  const text = (area: string) => {
    const hows = ["read", "write"].filter((how) => scopes.includes(`${area}:${how}`))
    return t(`scopes.${hows.join("-")}`, { area: t(`scopeOf.${area}`) })
  }
  return areas.map(text).join(locale === "ja" ? "、" : ", ")
}

function TokenForm({ onClose, onMade }: { onClose: () => void; onMade: (secret: string) => void }) {
  const t = useSay(say)
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
  const ready = name.trim() !== "" && scopes.length > 0
  return (
    <FormDialog title={t("tokenAdd")} act={act} send={t("make")} ready={ready} onClose={onClose}>
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
            <Checkbox
              key={permission}
              value={permission}
              label={scopeText(permission, t)}
              size="xs"
              title={permission}
            />
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
    </FormDialog>
  )
}
