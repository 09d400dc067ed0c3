import { Button, Modal, SegmentedControl, Textarea } from "@mantine/core"
import { useState } from "react"
import { post } from "../../api.ts"
import { moment } from "../../formats.ts"
import { useSay } from "../../locale.tsx"
import { Section } from "../../parts/head.tsx"
import { Fault } from "../../parts/states.tsx"
import { useAct } from "../../queries.ts"
import { useCan } from "../../session.tsx"
import type { Consent } from "../../shapes/contacts.ts"
import { say } from "../../words/contact-words.ts"
import { say as sayParts } from "../../words/parts-words.ts"

const places = ["sign-up", "account", "unsubscribe", "staff", "token", "preferences", "import"]

/** What was agreed to and refused, with the wording shown, when and where. */
export function Consents({ consents, path }: { consents: Consent[] | undefined; path: string }) {
  const t = useSay(say)
  const mayWrite = useCan("contacts:write")
  const [recording, setRecording] = useState(false)
  return (
    <Section
      title={t("consents")}
      side={
        mayWrite ? (
          <button type="button" className="link" onClick={() => setRecording(true)}>
            {t("record")}
          </button>
        ) : undefined
      }
    >
      <ol className="history">
        {consents?.map((consent) => (
          <li key={consent.purpose + consent.since}>
            <time>{moment(consent.since)}</time>
            <div>
              <span className={consent.granted ? "yes" : "no"}>{t(consent.granted ? "gave" : "refused")}</span>{" "}
              {consent.purpose === "advertising-mail"
                ? t("purpose.advertising")
                : consent.purpose === "terms"
                  ? t("purpose.terms")
                  : consent.purpose}
              <p className="quiet">
                「{consent.wording}」 {places.includes(consent.place) ? t(`place.${consent.place}`) : consent.place}
              </p>
            </div>
          </li>
        ))}
      </ol>
      {consents?.length === 0 && <p className="quiet">{t("noConsents")}</p>}
      <Record opened={recording} onClose={() => setRecording(false)} path={path} />
    </Section>
  )
}

function Record({ opened, onClose, path }: { opened: boolean; onClose: () => void; path: string }) {
  const t = useSay(say)
  const p = useSay(sayParts)
  const [granted, setGranted] = useState("no")
  const [wording, setWording] = useState("")
  const act = useAct(
    () => post(`${path}/consents`, { purpose: "advertising-mail", granted: granted === "yes", wording }),
    {
      touches: [path],
      done: onClose,
    },
  )
  return (
    <Modal opened={opened} onClose={onClose} title={t("recordTitle")} closeButtonProps={{ "aria-label": p("close") }}>
      <div className="stack">
        <p>{t("recordText")}</p>
        <SegmentedControl
          value={granted}
          onChange={setGranted}
          data={[
            { value: "no", label: t("refused") },
            { value: "yes", label: t("gave") },
          ]}
          aria-label={t("purpose.advertising")}
        />
        <Textarea
          label={t("wording")}
          description={t("wordingHint")}
          autosize
          minRows={2}
          value={wording}
          onChange={(event) => setWording(event.currentTarget.value)}
        />
        <Fault error={act.error} />
        <div className="row row--end">
          <Button onClick={onClose}>{p("cancel")}</Button>
          <Button
            variant="filled"
            disabled={!wording.trim()}
            loading={act.isPending}
            onClick={() => act.mutate(undefined)}
          >
            {t("record")}
          </Button>
        </div>
      </div>
    </Modal>
  )
}
