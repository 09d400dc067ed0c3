import { fullDay } from "../../formats.ts"
import { useLocale, useSay } from "../../locale.tsx"
import { Section } from "../../parts/head.tsx"
import { Tag } from "../../parts/tags.tsx"
import type { Person } from "../../shapes/contacts.ts"
import { say } from "../../words/contact-words.ts"

export function Profile({ person, onEdit }: { person: Person; onEdit?: () => void }) {
  const t = useSay(say)
  const { locale } = useLocale()
  const emails = person.emails ?? (person.email ? [{ address: person.email, verifiedAt: null }] : [])
  const place = [person.prefecture, person.city, person.town].filter(Boolean).join("")
  const address = (person.postalCode || place || person.street || person.building) && (
    <>
      {person.postalCode && <span className="whole">〒{person.postalCode}</span>} {place}
      {person.street && <span className="whole">{person.street}</span>}{" "}
      {person.building && <span className="whole">{person.building}</span>}
    </>
  )
  const lines: [string, React.ReactNode][] = [
    [
      "email",
      emails.map((email) => (
        <div key={email.address}>
          <a href={`mailto:${email.address}`}>{email.address}</a>{" "}
          {email.bouncedAt ? (
            <Tag tone="danger">{t("bounced")}</Tag>
          ) : email.verifiedAt ? (
            <Tag tone="good">{t("verified")}</Tag>
          ) : (
            <Tag>{t("unverified")}</Tag>
          )}
        </div>
      )),
    ],
    ["phone", person.phone && <span className="num">{person.phone}</span>],
    ["address", address],
    ["company", [person.company, person.department, person.title].filter(Boolean).join(" ")],
    ["number", <span className="num">{person.number}</span>],
    ["joinedAt", person.joinedAt && <span className="num">{fullDay(person.joinedAt, locale)}</span>],
    ["withdrawnAt", person.withdrawnAt && <span className="num">{fullDay(person.withdrawnAt, locale)}</span>],
    [
      "createdAt",
      !person.joinedAt && person.createdAt && <span className="num">{fullDay(person.createdAt, locale)}</span>,
    ],
  ]
  return (
    <Section
      title={t("profile")}
      side={
        onEdit && (
          <button type="button" className="link" onClick={onEdit}>
            {t("edit")}
          </button>
        )
      }
    >
      <dl className="fields">
        {lines
          .filter(([, value]) => value && !(Array.isArray(value) && value.length === 0))
          .map(([name, value]) => (
            <div key={name} style={{ display: "contents" }}>
              <dt>{t(`field.${name}`)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </Section>
  )
}
