import type { ReactNode } from "react"
import { Button, Choice, Field, Form, Hidden, LinkButton, Page, Panel, Steps, useFrame } from "../../ui/index.ts"
import { say } from "./words.ts"

const reasons = ["time", "content", "difficult", "price", "other", "none"]

/** The first of three screens: what is lost and what stays. */
export function LosePage({ rank }: { rank: string | undefined }) {
  const t = say(useFrame().locale)
  return (
    <Step at={0} title={t("withdraw.title")}>
      <Panel title={t("withdraw.lose")}>
        <ul>
          <li>{t("withdraw.lose-watch")}</li>
          {rank && <li>{t("withdraw.lose-rank", { rank })}</li>}
          <li>{t("withdraw.lose-sign-in")}</li>
          <li>{t("withdraw.lose-mails")}</li>
        </ul>
      </Panel>
      <Panel title={t("withdraw.keep")}>
        <ul>
          <li>{t("withdraw.keep-record")}</li>
          <li>{t("withdraw.keep-erase")}</li>
        </ul>
      </Panel>
      <p className="actions">
        <LinkButton href="/account/withdrawal/reason" wide>
          {t("withdraw.next")}
        </LinkButton>
        <Stay />
      </p>
    </Step>
  )
}

/** The second: why, for who wants to say it. */
export function ReasonPage() {
  const t = say(useFrame().locale)
  return (
    <Step at={1} title={t("withdraw.title")}>
      <Form action="/account/withdrawal/confirm">
        <Choice
          name="reason"
          label={t("withdraw.reason")}
          need="optional"
          value="none"
          asList={false}
          options={reasons.map((name) => ({ value: name, label: t(`reason.${name}`) }))}
        />
        <Field name="more" label={t("withdraw.more")} need="optional" lines={4} maxLength={1_500} />
        <p className="actions">
          <Button wide>{t("withdraw.next")}</Button>
          <Stay />
        </p>
      </Form>
    </Step>
  )
}

/** The third: the button. */
export function SurePage({ reason, more }: { reason: string; more: string }) {
  const t = say(useFrame().locale)
  return (
    <Step at={2} title={t("withdraw.sure")}>
      <p>{t("withdraw.sure-lead")}</p>
      <Form action="/account/withdrawal">
        <Hidden values={{ reason, more }} />
        <p className="actions">
          <Button danger wide>
            {t("withdraw.act")}
          </Button>
          <Stay />
        </p>
      </Form>
    </Step>
  )
}

export function WithdrawnPage() {
  const t = say(useFrame().locale)
  return (
    <Page title={t("withdrawn.title")} width="narrow" nav={false}>
      <h1>{t("withdrawn.title")}</h1>
      <p>{t("withdrawn.lead")}</p>
      <p>
        <LinkButton href="/">{t("withdrawn.home")}</LinkButton>
      </p>
    </Page>
  )
}

function Stay() {
  return (
    <LinkButton href="/account" primary wide>
      {say(useFrame().locale)("withdraw.stay")}
    </LinkButton>
  )
}

function Step({ at, title, children }: { at: number; title: string; children: ReactNode }) {
  const t = say(useFrame().locale)
  return (
    <Page title={title} width="narrow" nav={false}>
      <Steps at={at} names={[t("withdraw.step1"), t("withdraw.step2"), t("withdraw.step3")]} />
      <h1>{title}</h1>
      {children}
    </Page>
  )
}
