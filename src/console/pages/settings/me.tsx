import { Button, PasswordInput, SegmentedControl } from "@mantine/core"
import { type FormEvent, useState } from "react"
import { patch, put } from "../../api.ts"
import { useLocale, useSay } from "../../locale.tsx"
import { Section } from "../../parts/head.tsx"
import { tell } from "../../parts/notices.ts"
import { Fault } from "../../parts/states.tsx"
import { faultsOf, useAct } from "../../queries.ts"
import { useSession } from "../../session.tsx"
import { say } from "../../words/settings-words.ts"

/** One's own language and password. */
export default function Me() {
  const t = useSay(say)
  const { staff } = useSession()
  const { locale, choose } = useLocale()
  const [draft, setDraft] = useState({ password: "", newPassword: "" })
  const speak = useAct((chosen: "ja" | "en") => patch("/api/staff-session", { locale: chosen }))
  const act = useAct(() => put("/api/staff-session/password", draft), {
    done: () => {
      setDraft({ password: "", newPassword: "" })
      tell(t("passwordChanged"))
    },
  })
  const faults = faultsOf(act.error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    act.mutate(undefined)
  }
  return (
    <div className="stack stack--wide" style={{ maxWidth: 420 }}>
      <Section title={t("language")}>
        <SegmentedControl
          aria-label={t("language")}
          value={locale}
          onChange={(value) => {
            const chosen = value as "ja" | "en"
            choose(chosen)
            speak.mutate(chosen)
          }}
          data={[
            { value: "ja", label: "日本語" },
            { value: "en", label: "English" },
          ]}
        />
      </Section>
      <Section title={t("password")} note={t("passwordNote")}>
        <form className="stack" onSubmit={submit}>
          <input type="hidden" autoComplete="username" value={staff.address} readOnly />
          <PasswordInput
            label={t("passwordNow")}
            autoComplete="current-password"
            value={draft.password}
            error={faults.password}
            onChange={(event) => setDraft({ ...draft, password: event.currentTarget.value })}
          />
          <PasswordInput
            label={t("passwordNew")}
            description={t("passwordHint")}
            autoComplete="new-password"
            value={draft.newPassword}
            error={faults.newPassword}
            onChange={(event) => setDraft({ ...draft, newPassword: event.currentTarget.value })}
          />
          <Fault error={act.error} />
          <div>
            <Button
              type="submit"
              variant="filled"
              loading={act.isPending}
              disabled={!draft.password || !draft.newPassword}
            >
              {t("passwordChange")}
            </Button>
          </div>
        </form>
      </Section>
    </div>
  )
}
