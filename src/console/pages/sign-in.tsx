import { Button, PasswordInput, TextInput } from "@mantine/core"
import { type FormEvent, useState } from "react"
import { post } from "../api.ts"
import { useSay } from "../locale.tsx"
import { Door } from "../parts/door.tsx"
import { Fault } from "../parts/states.tsx"
import { faultsOf, refresh, useAct } from "../queries.ts"
import { say } from "../words/shell-words.ts"

export function SignIn() {
  const t = useSay(say)
  const [address, setAddress] = useState("")
  const [password, setPassword] = useState("")
  const act = useAct(() => post("/api/staff-session", { address, password }), { done: () => refresh("/api/") })
  const faults = faultsOf(act.error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    act.mutate()
  }
  return (
    <Door title={t("signIn.title")} note={t("signIn.note")} link={t("signIn.site")}>
      <form onSubmit={submit} className="stack">
        <TextInput
          label={t("signIn.address")}
          type="email"
          autoComplete="username"
          value={address}
          onChange={(event) => setAddress(event.currentTarget.value)}
          error={faults.address}
          required
          withAsterisk={false}
          autoFocus
        />
        <PasswordInput
          label={t("signIn.password")}
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={faults.password}
          required
          withAsterisk={false}
        />
        <Fault error={act.error} />
        <Button type="submit" variant="filled" size="md" loading={act.isPending}>
          {t("signIn.submit")}
        </Button>
      </form>
    </Door>
  )
}
