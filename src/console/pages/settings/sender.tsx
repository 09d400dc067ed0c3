import { NativeSelect, NumberInput, TextInput } from "@mantine/core"
import { useSay } from "../../locale.tsx"
import { Form, Save } from "../../parts/form.tsx"
import { Section } from "../../parts/head.tsx"
import { Failed, Loading } from "../../parts/states.tsx"
import { useThing } from "../../queries.ts"
import { say } from "../../words/settings-words.ts"
import { useSetting } from "./setting.ts"

type Sender = { name: string; postalAddress: string; contact: string; from: string }
type Limits = { advertisingPerDay: number; advertisingPerWeek: number; quietFromHour: number; quietToHour: number }

/** Who mails come from, as the law on advertising mail asks, and how often and when advertising may go out. */
export default function SenderSettings() {
  const sender = useThing<Sender & { isComplete: boolean }>("/api/settings/sender")
  const limits = useThing<Limits>("/api/settings/mail-limits")
  const error = sender.error ?? limits.error
  if (error && !(sender.data && limits.data)) return <Failed error={error} retry={() => void sender.refetch()} />
  if (!sender.data || !limits.data) return <Loading />
  const { isComplete, ...plain } = sender.data
  return (
    <div className="stack stack--wide">
      <SenderForm sender={plain} complete={isComplete} />
      <LimitsForm limits={limits.data} />
    </div>
  )
}

function SenderForm({ sender, complete }: { sender: Sender; complete: boolean }) {
  const t = useSay(say)
  const { draft, set, act, faults, changed, readOnly } = useSetting("/api/settings/sender", sender)
  const field = (name: keyof Sender) => (
    <TextInput
      label={t(`sender.${name}`)}
      description={t(`senderHint.${name}`)}
      value={draft[name]}
      readOnly={readOnly}
      error={faults[name]}
      onChange={(event) => set({ [name]: event.currentTarget.value })}
    />
  )
  return (
    <Section title={t("section.sender")} note={t("senderNote")}>
      <div className="columns columns--even">
        <Form act={act}>
          {!complete && <p className="note note--caution">{t("senderIncomplete")}</p>}
          {field("name")}
          {field("postalAddress")}
          {field("contact")}
          {field("from")}
          {!readOnly && <Save act={act} changed={changed} />}
        </Form>
        <div>
          <p className="quiet">{t("footerPreview")}</p>
          <div className="note footer-preview">
            <p>{t("footerWhy", { name: draft.name || "—" })}</p>
            <p>
              {t("footerRefuse")}
              <span className="link">{t("footerStop")}</span>
            </p>
            <p>{t("footerSender", { name: draft.name || "—" })}</p>
            <p>{t("footerAddress", { postalAddress: draft.postalAddress || "—" })}</p>
            <p>
              {t("footerContact")}
              <span className="link">{draft.contact || "—"}</span>
            </p>
          </div>
        </div>
      </div>
    </Section>
  )
}

function LimitsForm({ limits }: { limits: Limits }) {
  const t = useSay(say)
  const { draft, set, act, faults, changed, readOnly } = useSetting("/api/settings/mail-limits", limits)
  const hours = Array.from({ length: 24 }, (_, hour) => ({ value: String(hour), label: t("hour", { hour }) }))
  const count = (name: "advertisingPerDay" | "advertisingPerWeek") => (
    <NumberInput
      label={t(`limits.${name}`)}
      min={0}
      max={500}
      value={draft[name]}
      readOnly={readOnly}
      error={faults[name]}
      onChange={(value) => set({ [name]: Number(value) || 0 })}
    />
  )
  const hour = (name: "quietFromHour" | "quietToHour") => (
    <NativeSelect
      label={t(`limits.${name}`)}
      value={String(draft[name])}
      disabled={readOnly}
      error={faults[name]}
      data={hours}
      onChange={(event) => set({ [name]: Number(event.currentTarget.value) })}
    />
  )
  return (
    <Section title={t("limitsTitle")} note={t("limitsNote")}>
      <Form act={act} width={480}>
        <div className="pair">
          {count("advertisingPerDay")}
          {count("advertisingPerWeek")}
          {hour("quietFromHour")}
          {hour("quietToHour")}
        </div>
        <p className="sentence">
          {t(draft.quietFromHour === draft.quietToHour ? "limitsSayNoQuiet" : "limitsSay", {
            day: draft.advertisingPerDay,
            week: draft.advertisingPerWeek,
            from: draft.quietFromHour,
            to: draft.quietToHour,
          })}
        </p>
        {!readOnly && <Save act={act} changed={changed} />}
      </Form>
    </Section>
  )
}
