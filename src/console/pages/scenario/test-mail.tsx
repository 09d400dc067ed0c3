import { Button, Modal, Select } from "@mantine/core"
import { useDebouncedValue } from "@mantine/hooks"
import { useState } from "react"
import { type Page, post } from "../../api.ts"
import { fullName } from "../../formats.ts"
import { useSay } from "../../locale.tsx"
import { MailView } from "../../parts/mail-view.tsx"
import { tell } from "../../parts/notices.ts"
import { Fault } from "../../parts/states.tsx"
import { useAct, useThing } from "../../queries.ts"
import { useSession } from "../../session.tsx"
import type { Contact } from "../../shapes/contacts.ts"
import type { Scenario } from "../../shapes/scenarios.ts"
import { say as sayParts } from "../../words/parts-words.ts"
import { say } from "../../words/scenarios-words.ts"

type Mail = { subject: string; html: string; text: string }

/** A mail of the scenario as a named member would get it; on request also sent to oneself. */
export function TestMail({
  scenario,
  step,
  onClose,
}: {
  scenario: Scenario
  step: string | null
  onClose: () => void
}) {
  const t = useSay(say)
  const p = useSay(sayParts)
  const { staff } = useSession()
  const [typed, setTyped] = useState("")
  const [search] = useDebouncedValue(typed, 200)
  const [chosen, setChosen] = useState<string | null>(null)
  const people = useThing<Page<Contact>>(step ? "/api/contacts" : null, { search: chosen ? "" : search, limit: 20 })
  const act = useAct(
    ({ contactId, send }: { contactId: string; send: boolean }) =>
      post<Mail>(`/api/scenarios/${scenario.id}/test-mail`, { contactId, step, send }),
    {
      done: (_, { send }) => send && tell(t("testSent", { address: staff.address })),
    },
  )
  return (
    <Modal
      opened={step !== null}
      onClose={onClose}
      title={t("preview")}
      size="min(760px, 100%)"
      closeButtonProps={{ "aria-label": p("close") }}
    >
      <div className="stack">
        <Select
          label={t("asWhom")}
          description={t("asWhomHint")}
          searchable
          filter={({ options }) => options}
          searchValue={typed}
          onSearchChange={setTyped}
          value={chosen}
          nothingFoundMessage={t("nobodyFound")}
          onChange={(contactId) => {
            setChosen(contactId)
            if (contactId) act.mutate({ contactId, send: false })
          }}
          data={(people.data?.data ?? []).map((person) => ({
            value: person.id,
            label: `${fullName(person, t("nameless"))} (${person.number})`,
          }))}
        />
        <Fault error={act.error} />
        {act.data && (
          <>
            <p>
              <span className="quiet">{t("subject")}</span> <b>{act.data.subject}</b>
            </p>
            <MailView title={act.data.subject} html={act.data.html} text={act.data.text} />
            <div className="row row--end">
              <Button loading={act.isPending} onClick={() => chosen && act.mutate({ contactId: chosen, send: true })}>
                {t("sendMe", { address: staff.address })}
              </Button>
            </div>
          </>
        )}
      </div>
    </Modal>
  )
}
