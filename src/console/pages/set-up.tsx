import { Button, PasswordInput, TextInput } from "@mantine/core"
import { type FormEvent, useState } from "react"
import { post } from "../api.ts"
import { useSay } from "../locale.tsx"
import { Door } from "../parts/door.tsx"
import { Fault } from "../parts/states.tsx"
import { faultsOf, refresh, useAct } from "../queries.ts"
import { say } from "../words/shell-words.ts"

/** The very first visit: whoever comes first becomes the owner. */
export function SetUp() {
  const t = useSay(say)
  const [draft, setDraft] = useState({ name: "", address: "", password: "" })
  const act = useAct(() => post("/api/setup", draft), { done: () => refresh("/api/") })
  const faults = faultsOf(act.error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    act.mutate()
  }
  const field = (name: keyof typeof draft) => ({
    value: draft[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget
      setDraft((now) => ({ ...now, [name]: value }))
    },
    error: faults[name],
    required: true,
    withAsterisk: false,
  })
  return (
    <Door title={t("setUp.title")} lead={t("setUp.text")} note={t("setUp.next")}>
      <form onSubmit={submit} className="stack">
        <TextInput
          label={t("setUp.name")}
          description={t("setUp.nameHint")}
          autoComplete="name"
          {...field("name")}
          autoFocus
        />
        <TextInput label={t("signIn.address")} type="email" autoComplete="username" {...field("address")} />
        <PasswordInput
          label={t("setUp.password")}
          description={t("setUp.passwordHint")}
          autoComplete="new-password"
          {...field("password")}
        />
        <Fault error={act.error} />
        <Button type="submit" variant="filled" size="md" loading={act.isPending}>
          {t("setUp.submit")}
        </Button>
      </form>
    </Door>
  )
}
