import { Button, Modal, SegmentedControl, Textarea } from "@mantine/core"
import { useState } from "react"
import { post } from "../../api.ts"
import { moment } from "../../formats.ts"
import { useSay } from "../../locale.tsx"
import { Section } from "../../parts/head.tsx"
import { Fault } from "../../parts/states.tsx"
import { Tag } from "../../parts/tags.tsx"
import { useAct } from "../../queries.ts"
import { useCan } from "../../session.tsx"
import type { Consent } from "../../shapes/contacts.ts"
import { say } from "../../words/contact-words.ts"
import { say as sayParts } from "../../words/parts-words.ts"

const places = ["sign-up", "account", "unsubscribe", "staff", "token", "preferences", "import"]

/** What was agreed to and refused, with the wording shown, when and where. */
export function Consents({
  consents,
  withdrawnAt,
  path,
}: {
  consents: Consent[] | undefined
  withdrawnAt: string | null | undefined
  path: string
}) {
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
          <li key={consent.purpose + consent.since} className={endOf(consent, withdrawnAt) ? "is-over" : undefined}>
            <time>{moment(consent.since)}</time>
            <div>
              <span className={consent.granted ? "yes" : "no"}>{t(consent.granted ? "gave" : "refused")}</span>{" "}
              {consent.purpose === "advertising-mail"
                ? t("purpose.advertising")
                : consent.purpose === "terms"
                  ? t("purpose.terms")
                  : consent.purpose}
              {endOf(consent, withdrawnAt) && <Ended consent={consent} withdrawnAt={withdrawnAt} list={consents} />}
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

/** When a word stopped counting: another took its place, or the membership ended. Nothing while it counts. */
export function endOf({ granted, since, until }: Consent, withdrawnAt: string | null | undefined): string | undefined {
  return until ?? (granted && withdrawnAt && since <= withdrawnAt ? withdrawnAt : undefined)
}

type EndedProps = { consent: Consent; withdrawnAt: string | null | undefined; list: Consent[] }

function Ended({ consent, withdrawnAt, list }: EndedProps) {
  const t = useSay(say)
  const end = endOf(consent, withdrawnAt)!
  const next = list.find(({ purpose, since }) => purpose === consent.purpose && since === end)
  const why = next ? (next.granted ? "again" : "refused") : "withdrew"
  return (
    <>
      {" "}
      <Tag>{t(`ended.${why}`, { at: moment(end) })}</Tag>
    </>
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
