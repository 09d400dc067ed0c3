import { Button, Checkbox, Drawer, NativeSelect, Switch, TextInput } from "@mantine/core"
import { type FormEvent, useState } from "react"
import { put, remove } from "../../api.ts"
import { either } from "../../formats.ts"
import { useLocale, useSay } from "../../locale.tsx"
import type { Column } from "../../parts/list.tsx"
import { Fault } from "../../parts/states.tsx"
import { Tag } from "../../parts/tags.tsx"
import { faultsOf, useAct, useAll } from "../../queries.ts"
import { useCan } from "../../session.tsx"
import type { Words } from "../../shapes/words.ts"
import { say as sayParts } from "../../words/parts-words.ts"
import { say } from "../../words/settings-words.ts"
import { LinkAct, SettingsList } from "./list.tsx"

type Schema = {
  name: string
  label: { ja: string; en: string }
  properties: Record<string, { type: string; required?: boolean }>
  protected: boolean
}
type Name = { name: string; label: Words; own: boolean; sent: boolean }
const fresh: Schema = { name: "", label: { ja: "", en: "" }, properties: {}, protected: false }

/** Every event name, what it is called and which properties it has. */
export default function Events() {
  const t = useSay(say)
  const { locale } = useLocale()
  const mayWrite = useCan("events:write")
  const schemas = useAll<Schema>("/api/event-schemas")
  const [editing, setEditing] = useState<Schema | null>(null)
  const schemaOf = (name: string) => schemas.data?.find((one) => one.name === name)
  const columns: Column<Name>[] = [
    {
      id: "name",
      header: t("eventName"),
      phone: "first",
      cell: (row) => (
        <span className="list__name">
          {either(row.label, locale)}
          <small>
            <code className="code-line">{row.name}</code>
          </small>
        </span>
      ),
    },
    {
      id: "properties",
      header: t("eventProperties"),
      cell: (row) => {
        const properties = Object.keys(schemaOf(row.name)?.properties ?? {})
        return properties.length > 0 ? <small>{properties.join(", ")}</small> : ""
      },
    },
    {
      id: "sent",
      header: t("eventSent"),
      tight: true,
      phone: "beside",
      cell: (row) => (row.sent ? <Tag tone="good">{t("sent")}</Tag> : <Tag>{t(row.own ? "own" : "notSent")}</Tag>),
    },
    {
      id: "act",
      header: "",
      end: true,
      cell: (row) =>
        mayWrite && (
          <LinkAct
            text={t(schemaOf(row.name) ? "change" : "define")}
            act={() =>
              setEditing(
                schemaOf(row.name) ?? {
                  ...fresh,
                  name: row.name,
                  label: typeof row.label === "string" ? { ja: row.label, en: row.label } : row.label,
                },
              )
            }
          />
        ),
    },
  ]
  return (
    <SettingsList
      name="events"
      path="/api/events/names"
      columns={columns}
      keyOf={(row) => row.name}
      note={t("eventsNote")}
      add={mayWrite && { text: t("eventAdd"), act: () => setEditing(fresh) }}
    >
      {editing && (
        <SchemaForm
          key={editing.name}
          schema={editing}
          known={Boolean(schemaOf(editing.name))}
          onClose={() => setEditing(null)}
        />
      )}
    </SettingsList>
  )
}

type Row = { name: string; type: string; required: boolean }

function SchemaForm({ schema, known, onClose }: { schema: Schema; known: boolean; onClose: () => void }) {
  const t = useSay(say)
  const p = useSay(sayParts)
  const [name, setName] = useState(schema.name)
  const [label, setLabel] = useState(schema.label)
  const [isProtected, setProtected] = useState(schema.protected)
  const [rows, setRows] = useState<Row[]>(() =>
    Object.entries(schema.properties).map(([key, { type, required }]) => ({
      name: key,
      type,
      required: required === true,
    })),
  )
  const touches = ["/api/event"]
  const properties = Object.fromEntries(
    rows
      .filter((row) => row.name.trim())
      .map((row) => [row.name.trim(), { type: row.type, ...(row.required ? { required: true } : {}) }]),
  )
  const act = useAct(
    () =>
      put(`/api/event-schemas/${encodeURIComponent(name.trim())}`, {
        label: { ja: label.ja, en: label.en || label.ja },
        properties,
        protected: isProtected,
      }),
    { touches, done: onClose },
  )
  const drop = useAct(() => remove(`/api/event-schemas/${encodeURIComponent(schema.name)}`), { touches, done: onClose })
  const faults = faultsOf(act.error)
  const set = (index: number, change: Partial<Row>) =>
    setRows(rows.map((row, i) => (i === index ? { ...row, ...change } : row)))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    act.mutate(undefined)
  }
  return (
    <Drawer opened onClose={onClose} title={t("eventDefine")} closeButtonProps={{ "aria-label": p("close") }}>
      <form className="stack" onSubmit={submit}>
        <TextInput
          label={t("eventName")}
          value={name}
          readOnly={schema.name !== ""}
          error={faults.name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <div className="pair">
          <TextInput
            label={t("labelJa")}
            value={label.ja}
            error={faults["label.ja"]}
            onChange={(event) => setLabel({ ...label, ja: event.currentTarget.value })}
          />
          <TextInput
            label={t("labelEn")}
            value={label.en}
            error={faults["label.en"]}
            onChange={(event) => setLabel({ ...label, en: event.currentTarget.value })}
          />
        </div>
        <div>
          <b>{t("eventProperties")}</b>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name of their own while they are typed
            <div className="row" key={index} style={{ marginTop: 8, flexWrap: "nowrap" }}>
              <TextInput
                aria-label={t("propertyName")}
                placeholder={t("propertyName")}
                value={row.name}
                onChange={(event) => set(index, { name: event.currentTarget.value })}
                style={{ flex: 1 }}
              />
              <NativeSelect
                aria-label={t("propertyType")}
                value={row.type}
                onChange={(event) => set(index, { type: event.currentTarget.value })}
                data={["string", "number", "boolean", "date"].map((value) => ({ value, label: t(`typeOf.${value}`) }))}
              />
              <Checkbox
                label={p("required")}
                checked={row.required}
                onChange={(event) => set(index, { required: event.currentTarget.checked })}
              />
              <button
                type="button"
                className="small-act"
                aria-label={t("propertyRemove")}
                onClick={() => setRows(rows.filter((_, i) => i !== index))}
              >
                ×
              </button>
            </div>
          ))}
          <Button size="xs" mt="sm" onClick={() => setRows([...rows, { name: "", type: "string", required: false }])}>
            + {t("propertyAdd")}
          </Button>
        </div>
        <Switch
          label={t("protected")}
          description={t("protectedHint")}
          checked={isProtected}
          onChange={(event) => setProtected(event.currentTarget.checked)}
        />
        <Fault error={act.error ?? drop.error} />
        <div className="row row--end">
          {known && (
            <Button
              variant="subtle"
              color="danger"
              mr="auto"
              loading={drop.isPending}
              onClick={() => drop.mutate(undefined)}
            >
              {t("schemaRemove")}
            </Button>
          )}
          <Button onClick={onClose}>{p("cancel")}</Button>
          <Button type="submit" variant="filled" loading={act.isPending} disabled={!name.trim() || !label.ja.trim()}>
            {p("save")}
          </Button>
        </div>
      </form>
    </Drawer>
  )
}
