import { sayValue } from "../../crm/index.ts"
import { shortDay } from "../../platform/dates.ts"
import type { ReactNode } from "react"
import type { Locale } from "../../platform/words.ts"
import { Button, DataList, LanguageSwitch, Notice, Panel, Tag } from "../../ui/index.ts"
import { say } from "../account-words.ts"
import type { AccountProps } from "../shapes.ts"
import { device } from "./devices.ts"
import { when } from "./moments.ts"

/** The account: who one is here, what mails come, which devices are signed in, and the way out. */
export function AccountPage({ props, locale }: { props: AccountProps; locale: Locale }) {
  const t = say(locale)
  const { profile, signIn, sessions } = props
  const edit = (href: string, label: string, what: string) => (
    <a className="link" href={href} aria-label={`${what} ${label}`}>
      {label}
    </a>
  )
  return (
    <div className="account">
      <h1>{t("title")}</h1>
      {props.told && <Notice tone="good">{t(props.told)}</Notice>}
      <Panel title={t("profile")} aside={edit("/account/profile", t("profile-edit"), t("profile"))}>
        <DataList
          rows={[
            { name: t("name"), value: `${profile.familyName} ${profile.givenName}`.trim() },
            { name: t("kana"), value: `${profile.familyKana} ${profile.givenKana}`.trim() },
            { name: t("number"), value: <span className="num">{profile.number}</span> },
            { name: t("plan"), value: props.plan && sayValue("plan", props.plan, locale) },
            { name: t("phone"), value: profile.phone && <span className="num">{profile.phone}</span> },
            { name: t("address"), value: profile.address },
            { name: t("company"), value: profile.company },
          ]}
        />
      </Panel>
      <Panel title={t("sign-in")}>
        <Line name={t("mail")} note={signIn.address} action={edit("/account/address", t("mail-change"), t("mail"))}>
          {!signIn.verified && <Tag tone="caution">{t("mail-unverified")}</Tag>}
        </Line>
        <Line
          name={t("password")}
          note={t("password-note")}
          action={edit("/account/password", t("password-change"), t("password"))}
        />
      </Panel>
      <MailChoice advertising={props.advertising} locale={locale} />
      <Panel title={t("language")}>
        <div className="account__line">
          <p className="account__note">{t("language-note")}</p>
          <LanguageSwitch locale={locale} />
        </div>
      </Panel>
      <Panel title={t("sessions")}>
        {sessions.map((session) => (
          <Line
            key={session.openedAt.getTime()}
            name={device(session.userAgent) ?? t("device-unknown")}
            note={t("sessions-line", {
              seen: when(session.seenAt, props.now, locale),
              opened: when(session.openedAt, props.now, locale),
            })}
          >
            {session.here && <Tag tone="accent">{t("sessions-this")}</Tag>}
          </Line>
        ))}
        {sessions.length > 1 && (
          <form className="actions" method="post" action="/account/sessions/end-others">
            <Button small>{t("sessions-end-others")}</Button>
          </form>
        )}
      </Panel>
      <div className="account__foot">
        <form method="post" action="/sign-out">
          <Button>{t("sign-out")}</Button>
        </form>
        <p className="account__note">
          <a className="link" href="/account/withdrawal">
            {t("withdraw")}
          </a>
          <br />
          {t("withdraw-note")}
        </p>
      </div>
    </div>
  )
}

function MailChoice({ advertising, locale }: { advertising: AccountProps["advertising"]; locale: Locale }) {
  const t = say(locale)
  const { granted, since } = advertising
  return (
    <Panel title={t("mails")}>
      <form className="account__line" method="post" action="/account/mails">
        <div>
          <p className="account__name">
            {t("mails-ads")} <Tag tone={granted ? "good" : "plain"}>{t(granted ? "mails-on" : "mails-off")}</Tag>{" "}
            {since && <span className="mute small num">{t("mails-since", { day: shortDay(since, locale) })}</span>}
          </p>
          {!granted && <p className="account__note">{t("mails-ads-wording")}</p>}
        </div>
        <Button small name="advertising" value={granted ? "refuse" : "give"}>
          {t(granted ? "mails-refuse" : "mails-give")}
        </Button>
      </form>
      <p className="account__note account__after">{t("mails-needed")}</p>
    </Panel>
  )
}

type LineProps = { name: string; note?: string; action?: ReactNode; children?: ReactNode }

function Line({ name, note, action, children }: LineProps) {
  return (
    <div className="account__line">
      <div>
        <p className="account__name">
          {name} {children}
        </p>
        {note && <p className="account__note num">{note}</p>}
      </div>
      {action}
    </div>
  )
}
