import { Button } from "@mantine/core"
import { useState } from "react"
import { Link, useParams } from "react-router"
import { post } from "../api.ts"
import { fullName, moment } from "../formats.ts"
import { useSay } from "../locale.tsx"
import { Confirm } from "../parts/confirm.tsx"
import { Head, Section } from "../parts/head.tsx"
import { MailView } from "../parts/mail-view.tsx"
import { reasonText } from "../parts/mail-reasons.ts"
import { Because } from "../parts/reasons.tsx"
import { Failed, Loading } from "../parts/states.tsx"
import { Tag } from "../parts/tags.tsx"
import { useAct, useMaybe, useThing } from "../queries.ts"
import { useCan } from "../session.tsx"
import type { DeliveryDetail } from "../shapes/deliveries.ts"
import type { Scenario } from "../shapes/scenarios.ts"
import { say } from "../words/deliveries-words.ts"
import { FateTag } from "./deliveries.tsx"

/** One mail: as it looks, why it went out or did not, what became of it. */
export default function DeliveryPage() {
  const { id } = useParams()
  const t = useSay(say)
  const found = useThing<DeliveryDetail>(`/api/deliveries/${id}`, {}, 10)
  const mayWrite = useCan("deliveries:write")
  const mayScenarios = useCan("scenarios:read")
  const scenarioId = found.data?.scenarioId
  const scenario = useMaybe<Scenario>(mayScenarios && scenarioId ? `/api/scenarios/${scenarioId}` : null)
  if (found.error && !found.data) return <Failed error={found.error} retry={() => void found.refetch()} />
  if (!found.data) return <Loading />
  const mail = found.data
  const reason = reasonText(mail, t)
  const place = 1 + (scenario?.definition.steps ?? []).findIndex(({ key }) => key === mail.step)
  const lines: [string, React.ReactNode][] = [
    [
      "to",
      <Link key="to" className="link" to={`/contacts/${mail.contactId}`}>
        {fullName(mail, t("nameless"))}
      </Link>,
    ],
    ["recipient", mail.recipient],
    ["class", t(`kind.${mail.class}`)],
    [
      "scenario",
      mail.scenarioId && (
        <Link key="scenario" className="link" to={`/scenarios/${mail.scenarioId}`}>
          {mail.scenarioName ?? "…"}
        </Link>
      ),
    ],
    ["step", place > 0 && t("stepAt", { n: place })],
    ["queuedAt", moment(mail.queuedAt)],
    ["sentAt", mail.sentAt && moment(mail.sentAt)],
    ["attempts", mail.attempts > 0 && String(mail.attempts)],
    [
      "messageId",
      <code key="id" className="code-line">
        {mail.messageId}
      </code>,
    ],
  ]
  return (
    <>
      <Head
        title={mail.subject}
        trail={{ to: "/deliveries", name: t("title") }}
        acts={mayWrite && (mail.state === "failed" || mail.state === "uncertain") && <Retry mail={mail} />}
      >
        <div className="tags">
          <FateTag state={mail.state} />
          <Tag>{t(`kind.${mail.class}`)}</Tag>
        </div>
      </Head>
      <div className="columns">
        <div className="stack">
          {reason && (
            <p
              className={`note note--${mail.state === "failed" ? "danger" : mail.state === "sent" ? "good" : "caution"}`}
            >
              {reason}
            </p>
          )}
          <Because reason={mail.why} lead={mail.scenarioName ?? undefined} />
          <MailView
            src={mail.hasHtml ? `/api/deliveries/${mail.id}/html` : undefined}
            text={mail.text}
            title={mail.subject}
          />
        </div>
        <div className="stack stack--wide">
          <Section title={t("facts")}>
            <dl className="fields">
              {lines
                .filter(([, value]) => value)
                .map(([name, value]) => (
                  <div key={name} style={{ display: "contents" }}>
                    <dt>{t(`field.${name}`)}</dt>
                    <dd>{value}</dd>
                  </div>
                ))}
            </dl>
          </Section>
          {mail.links.length > 0 && (
            <Section title={t("links")} note={t("linksNote")}>
              <ul className="stack" style={{ gap: 8 }}>
                {mail.links.map((link) => (
                  <li key={link.url} className="quiet">
                    <div className="clip">{link.url}</div>
                    {link.confirmedAt ? (
                      <span className="yes">{t("human", { at: moment(link.confirmedAt) })}</span>
                    ) : link.firstClickAt ? (
                      t("unconfirmed", { at: moment(link.firstClickAt) })
                    ) : (
                      t("noClick")
                    )}
                  </li>
                ))}
              </ul>
            </Section>
          )}
        </div>
      </div>
    </>
  )
}

function Retry({ mail }: { mail: DeliveryDetail }) {
  const t = useSay(say)
  const [asking, setAsking] = useState(false)
  const act = useAct(() => post(`/api/deliveries/${mail.id}/retry`), {
    touches: ["/api/deliveries"],
    done: () => setAsking(false),
  })
  return (
    <>
      <Button onClick={() => setAsking(true)}>{t("retry")}</Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={t("retryTitle")}
        act={t("retry")}
        busy={act.isPending}
        error={act.error}
        onAct={() => act.mutate(undefined)}
      >
        <p>{t(mail.state === "uncertain" ? "retryUncertain" : "retryFailed", { recipient: mail.recipient ?? "" })}</p>
      </Confirm>
    </>
  )
}
