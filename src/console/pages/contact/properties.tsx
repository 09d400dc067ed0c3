import { fullDay } from "../../formats.ts"
import { useLocale, useSay } from "../../locale.tsx"
import { Section } from "../../parts/head.tsx"
import { useCalled } from "../../parts/names.ts"
import { valueText } from "../../parts/reasons.tsx"
import { useAll } from "../../queries.ts"
import type { Property } from "../../shapes/contacts.ts"
import { say } from "../../words/contact-words.ts"
import { say as sayParts } from "../../words/parts-words.ts"

const known = ["plan", "prefecture", "city", "postalCode", "company", "department", "title", "has_phone"]

/** What conditions can ask of this person, each with the day since when it is so. */
export function Properties({ path }: { path: string }) {
  const t = useSay(say)
  const p = useSay(sayParts)
  const { locale } = useLocale()
  const { nameOf } = useCalled()
  const properties = useAll<Property>(`${path}/properties`)
  if (!properties.data || properties.data.length === 0) return null
  return (
    <Section title={t("properties")} note={t("propertiesNote")}>
      <dl className="fields">
        {properties.data.map(({ name, value, since }) => (
          <div key={name} style={{ display: "contents" }}>
            <dt className="clip" title={name}>
              {known.includes(name) ? t(`property.${name}`) : name}
            </dt>
            <dd>
              {name === "plan" && typeof value === "string" ? nameOf("plan", value) : valueText(value, p, locale)}{" "}
              <span className="quiet nowrap">{t("since", { day: fullDay(since, locale) })}</span>
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}
