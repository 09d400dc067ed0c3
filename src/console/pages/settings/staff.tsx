import { NativeSelect, PasswordInput, Switch, TextInput } from "@mantine/core"
import { useState } from "react"
import { patch, post } from "../../api.ts"
import { fullDay } from "../../formats.ts"
import { useLocale, useSay } from "../../locale.tsx"
import { FormDialog } from "../../parts/form.tsx"
import type { Column } from "../../parts/list.tsx"
import { Tag } from "../../parts/tags.tsx"
import { faultsOf, useAct } from "../../queries.ts"
import { useCan, useSession } from "../../session.tsx"
import { say } from "../../words/settings-words.ts"
import { say as sayShell } from "../../words/shell-words.ts"
import { LinkAct, SettingsList } from "./list.tsx"

type Member = { id: string; name: string; address: string; role: string; createdAt: string; disabledAt: string | null }
const roles = ["owner", "admin", "marketer", "editor", "support", "analyst"]

/** Who runs the site, in which role. */
export default function StaffSettings() {
  const t = useSay(say)
  const s = useSay(sayShell)
  const { locale } = useLocale()
  const mayWrite = useCan("staff:write")
  const [editing, setEditing] = useState<Partial<Member> | null>(null)
  const columns: Column<Member>[] = [
    {
      id: "name",
      header: t("name"),
      phone: "first",
      cell: (row) => (
        <span className="list__name">
          {row.name}
          <small>{row.address}</small>
        </span>
      ),
    },
    {
      id: "role",
      header: t("role"),
      tight: true,
      phone: "beside",
      cell: (row) =>
        row.disabledAt ? (
          <Tag>{t("disabled")}</Tag>
        ) : (
          <Tag tone={row.role === "owner" ? "accent" : undefined}>{s(`role.${row.role}`)}</Tag>
        ),
    },
    { id: "may", header: t("may"), cell: (row) => t(`mayOf.${row.role}`) },
    { id: "since", header: t("since"), tight: true, phone: "named", cell: (row) => fullDay(row.createdAt, locale) },
    {
      id: "act",
      header: "",
      end: true,
      cell: (row) => <LinkAct text={t("change")} act={() => setEditing(row)} />,
    },
  ]
  return (
    <SettingsList
      name="staff"
      path="/api/staff"
      columns={mayWrite ? columns : columns.slice(0, -1)}
      keyOf={(row) => row.id}
      add={mayWrite && { text: t("staffAdd"), act: () => setEditing({ role: "support" }) }}
    >
      {editing && <StaffForm key={editing.id ?? "new"} member={editing} onClose={() => setEditing(null)} />}
    </SettingsList>
  )
}

function StaffForm({ member, onClose }: { member: Partial<Member>; onClose: () => void }) {
  const t = useSay(say)
  const s = useSay(sayShell)
  const { staff } = useSession()
  const [draft, setDraft] = useState({
    name: member.name ?? "",
    address: member.address ?? "",
    role: member.role ?? "support",
    password: "",
    disabled: Boolean(member.disabledAt),
  })
  const { address, password, disabled, ...plain } = draft
  const act = useAct(
    () =>
      member.id
        ? patch(`/api/staff/${member.id}`, { ...plain, disabled, ...(password ? { password } : {}) })
        : post("/api/staff", { ...plain, address, password }),
    {
      touches: ["/api/staff"],
      done: onClose,
    },
  )
  const faults = faultsOf(act.error)
  return (
    <FormDialog title={t(member.id ? "staffChange" : "staffAdd")} act={act} onClose={onClose}>
      <TextInput
        label={t("name")}
        value={draft.name}
        error={faults.name}
        onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
        data-autofocus
      />
      {!member.id && (
        <TextInput
          label={t("address")}
          type="email"
          value={draft.address}
          error={faults.address}
          onChange={(event) => setDraft({ ...draft, address: event.currentTarget.value })}
        />
      )}
      <NativeSelect
        label={t("role")}
        description={t(`mayOf.${draft.role}`)}
        value={draft.role}
        error={faults.role}
        onChange={(event) => setDraft({ ...draft, role: event.currentTarget.value })}
        data={roles
          .filter((role) => role !== "owner" || staff.role === "owner")
          .map((value) => ({ value, label: s(`role.${value}`) }))}
      />
      <PasswordInput
        label={t(member.id ? "passwordReset" : "passwordFirst")}
        description={t(member.id ? "passwordResetHint" : "passwordHint")}
        autoComplete="new-password"
        value={draft.password}
        error={faults.password}
        onChange={(event) => setDraft({ ...draft, password: event.currentTarget.value })}
      />
      {member.id && member.id !== staff.id && (
        <Switch
          label={t("disable")}
          description={t("disableHint")}
          checked={draft.disabled}
          onChange={(event) => setDraft({ ...draft, disabled: event.currentTarget.checked })}
        />
      )}
    </FormDialog>
  )
}
