import type { ReactNode } from "react"
import { Button, Field, Form, Hidden, LinkButton, Notice, Page, useFrame } from "../../ui/index.ts"
import { shortest } from "../refusals.ts"
import { say } from "./words.ts"

/** What was typed and what is wrong with it. */
type Typed = { values?: Record<string, string>; errors?: Record<string, string> }

export function SignInPage({ values, errors, next, done }: Typed & { next: string; done?: string }) {
  const t = useWords()
  return (
    <Narrow title={t("signIn.title")}>
      {done && ["verified", "reset", "address"].includes(done) && !errors && (
        <Notice tone="good">{t(`signIn.done.${done}`)}</Notice>
      )}
      <Form action="/sign-in" values={values} errors={errors}>
        <Hidden values={{ next }} />
        <AddressField label={t("address")} autoComplete="username" />
        <PasswordField label={t("password")} />
        <Button primary wide>
          {t("signIn.button")}
        </Button>
      </Form>
      <p>
        <a className="link" href="/password/forgotten">
          {t("signIn.forgotten")}
        </a>
      </p>
      <p>
        <a className="link" href="/sign-up">
          {t("signIn.new")}
        </a>
      </p>
    </Narrow>
  )
}

export function VerifyPage({ token, address }: { token: string; address: string }) {
  const t = useWords()
  return (
    <Confirm
      title={t("verify.title")}
      lead={t("verify.lead", { address })}
      action="/verify"
      token={token}
      button={t("verify.button")}
    />
  )
}

export function ForgottenPage(typed: Typed) {
  const t = useWords()
  return (
    <Narrow title={t("forgotten.title")}>
      <p>{t("forgotten.lead")}</p>
      <Form action="/password/forgotten" {...typed}>
        <AddressField label={t("address")} autoComplete="username" />
        <Button primary wide>
          {t("forgotten.button")}
        </Button>
      </Form>
    </Narrow>
  )
}

export function ForgottenSentPage({ address }: { address: string }) {
  const t = useWords()
  return (
    <Narrow title={t("forgotten.sent")}>
      <p>{t("forgotten.sentLead", { address })}</p>
      <p className="actions">
        <LinkButton href="/sign-in">{t("backToSignIn")}</LinkButton>
        <LinkButton href="/password/forgotten">{t("forgotten.again")}</LinkButton>
      </p>
    </Narrow>
  )
}

export function ResetPage({ token, address, ...typed }: Typed & { token: string; address: string }) {
  const t = useWords()
  return (
    <Narrow title={t("reset.title")}>
      <p>{t("reset.lead")}</p>
      <Form action="/password/reset" {...typed}>
        <Hidden values={{ token }} />
        <KnownUser address={address} />
        <NewPasswordField />
        <Button primary wide>
          {t("reset.button")}
        </Button>
      </Form>
    </Narrow>
  )
}

export function AddressPage({ address, pending, ...typed }: Typed & { address: string; pending?: string }) {
  const t = useWords()
  return (
    <Narrow title={t("addressChange.title")} nav>
      {pending && <Notice tone="accent">{t("addressChange.pending", { address: pending })}</Notice>}
      <p>
        {t("addressChange.now")}: <strong>{address}</strong>
      </p>
      <p>{t("addressChange.lead")}</p>
      <Form action="/account/address" {...typed}>
        <AddressField label={t("addressChange.new")} autoComplete="email" />
        <PasswordField label={t("currentPassword")} />
        <Button primary wide>
          {t("addressChange.button")}
        </Button>
      </Form>
    </Narrow>
  )
}

export function AddressSentPage({ address }: { address: string }) {
  const t = useWords()
  return (
    <Narrow title={t("addressChange.sent")} nav>
      <p>{t("addressChange.sentLead", { address })}</p>
      <LinkButton href="/account">{t("backToAccount")}</LinkButton>
    </Narrow>
  )
}

export function AddressConfirmPage({ token, address }: { token: string; address: string }) {
  const t = useWords()
  return (
    <Confirm
      title={t("addressConfirm.title")}
      lead={t("addressConfirm.lead", { address })}
      action="/account/address/confirm"
      token={token}
      button={t("addressConfirm.button")}
    />
  )
}

export function PasswordPage({ address, ...typed }: Typed & { address: string }) {
  const t = useWords()
  return (
    <Narrow title={t("passwordChange.title")} nav>
      <p>{t("passwordChange.lead")}</p>
      <Form action="/account/password" {...typed}>
        <KnownUser address={address} />
        <PasswordField label={t("currentPassword")} />
        <NewPasswordField />
        <Button primary wide>
          {t("passwordChange.button")}
        </Button>
      </Form>
    </Narrow>
  )
}

export function PasswordChangedPage() {
  const t = useWords()
  return (
    <Narrow title={t("passwordChange.done")} nav>
      <Notice tone="good">{t("passwordChange.doneLead")}</Notice>
      <LinkButton href="/account">{t("backToAccount")}</LinkButton>
    </Narrow>
  )
}

/** A link of a mail that was used or has expired, and what to do instead. */
export function DeadLinkPage({ purpose }: { purpose: "verify" | "reset" | "address" }) {
  const t = useWords()
  const ways = { verify: "/sign-in", reset: "/password/forgotten", address: "/account/address" }
  const names = { verify: "signIn.title", reset: "forgotten.title", address: "addressChange.title" }
  return (
    <Narrow title={t("dead.title")}>
      <p>{t("dead.lead")}</p>
      <p>{t(`dead.${purpose}`)}</p>
      <LinkButton href={ways[purpose]} primary>
        {t(names[purpose])}
      </LinkButton>
    </Narrow>
  )
}

function Narrow({ title, nav = false, children }: { title: string; nav?: boolean; children: ReactNode }) {
  return (
    <Page title={title} width="narrow" nav={nav}>
      <h1>{title}</h1>
      {children}
    </Page>
  )
}

/** What a link in a mail shows: scanners follow links, only people press buttons. */
function Confirm(props: { title: string; lead: string; action: string; token: string; button: string }) {
  return (
    <Narrow title={props.title}>
      <p>{props.lead}</p>
      <Form action={props.action}>
        <Hidden values={{ token: props.token }} />
        <Button primary wide>
          {props.button}
        </Button>
      </Form>
    </Narrow>
  )
}

function AddressField({ label, autoComplete }: { label: string; autoComplete: string }) {
  return <Field name="address" label={label} type="email" autoComplete={autoComplete} maxLength={254} />
}

function PasswordField({ label }: { label: string }) {
  return <Field name="password" label={label} type="password" autoComplete="current-password" />
}

function NewPasswordField() {
  const t = useWords()
  return (
    <Field
      name="newPassword"
      label={t("newPassword")}
      type="password"
      autoComplete="new-password"
      hint={t("newPasswordHint", { shortest })}
    />
  )
}

/** Tells a password manager whose password it is about to keep. */
function KnownUser({ address }: { address: string }) {
  return <input type="hidden" autoComplete="username" value={address} readOnly />
}

function useWords() {
  return say(useFrame().locale)
}
