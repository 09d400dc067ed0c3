import type { Locale, Say } from "../../platform/words.ts"
import { either } from "../formats.ts"
import { useLocale, useSay } from "../locale.tsx"
import { useAll } from "../queries.ts"
import type { Fact } from "../shapes/conditions.ts"
import { say } from "../words/conditions-words.ts"
import { say as sayParts } from "../words/parts-words.ts"
import { valueText } from "./reasons.tsx"

/** A condition read aloud, as a nested list. */
export function ConditionText({ definition }: { definition: unknown }) {
  const t = useSay(say)
  const p = useSay(sayParts)
  const { locale } = useLocale()
  const facts = useAll<Fact>("/api/facts")
  return <div className="reads">{read(definition, { t, p, locale, facts: facts.data ?? [] })}</div>
}

const known = [
  "event",
  "name",
  "video",
  "course",
  "tag",
  "within",
  "since",
  "until",
  "segment",
  "purpose",
  "where",
  "property",
  "rank",
]

type Tools = { t: Say; p: Say; locale: Locale; facts: Fact[] }

function read(node: unknown, tools: Tools): React.ReactNode {
  if (typeof node !== "object" || node === null) return null
  const one = node as Record<string, unknown>
  for (const how of ["all", "any"] as const)
    if (Array.isArray(one[how])) {
      const parts = one[how] as unknown[]
      if (parts.length === 1) return read(parts[0], tools)
      return (
        <>
          <span className="quiet">{tools.t(`reads.${how}`)}</span>
          <ul>
            {parts.map((part, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name than their place
              <li key={i}>{read(part, tools)}</li>
            ))}
          </ul>
        </>
      )
    }
  if ("not" in one)
    return (
      <>
        <span className="quiet">{tools.t("reads.not")}</span> {read(one.not, tools)}
      </>
    )
  return leafText(one, tools)
}

function leafText({ fact, with: args, is }: Record<string, unknown>, { t, p, locale, facts }: Tools): React.ReactNode {
  const label = either(facts.find(({ name }) => name === fact)?.label, locale) || (typeof fact === "string" ? fact : "")
  const [how, wanted] = Object.entries((is ?? {}) as object)[0] ?? []
  const given = Object.entries((args ?? {}) as object).map(
    ([key, value]) =>
      `${known.includes(key) ? t(`arg.${key}`) : key}: ${typeof value === "object" ? JSON.stringify(value) : value}`,
  )
  return (
    <>
      {label}
      {given.length > 0 && <span className="quiet"> ({given.join(", ")})</span>}{" "}
      <b>
        {how
          ? p(how === "exists" && wanted === false ? "is.absent" : `is.${how}`, { value: valueText(wanted, p, locale) })
          : ""}
      </b>
    </>
  )
}
