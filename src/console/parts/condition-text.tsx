import type { Locale, Say } from "../../platform/words.ts"
import { either } from "../formats.ts"
import { useLocale, useSay } from "../locale.tsx"
import { useAll } from "../queries.ts"
import { useCan } from "../session.tsx"
import type { Fact } from "../shapes/conditions.ts"
import type { Words } from "../shapes/words.ts"
import { say } from "../words/conditions-words.ts"
import { say as sayParts } from "../words/parts-words.ts"
import { useCalled } from "./names.ts"
import { valueText } from "./reasons.tsx"

/** A condition read aloud, as a nested list. */
export function ConditionText({ definition }: { definition: unknown }) {
  const t = useSay(say)
  const p = useSay(sayParts)
  const { locale } = useLocale()
  const facts = useAll<Fact>("/api/facts")
  const names = useNames(definition)
  const { nameOf } = useCalled()
  return <div className="reads">{read(definition, { t, p, locale, facts: facts.data ?? [], names, nameOf })}</div>
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
  "before",
]

type Tools = { t: Say; p: Say; locale: Locale; facts: Fact[]; names: ReadonlyMap<string, string>; nameOf: NameOf }
type NameOf = ReturnType<typeof useCalled>["nameOf"]
type Named = { id: string; name?: Words | string; title?: string }

const anyId = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/

/** What the ranks, segments, videos and courses that a condition mentions by id are called. */
function useNames(definition: unknown): ReadonlyMap<string, string> {
  const { locale } = useLocale()
  const asks = anyId.test(JSON.stringify(definition) ?? "")
  const [mayRanks, maySegments, mayVideos] = [useCan("ranks:read"), useCan("segments:read"), useCan("videos:read")]
  const lists = [
    useAll<Named>(asks && mayRanks ? "/api/ranks" : null),
    useAll<Named>(asks && maySegments ? "/api/segments" : null),
    useAll<Named>(asks && mayVideos ? "/api/videos" : null),
    useAll<Named>(asks && mayVideos ? "/api/courses" : null),
  ]
  const all = lists.flatMap(({ data }) => data ?? [])
  return new Map(all.map((one) => [one.id, one.title ?? either(one.name, locale)]))
}

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

function leafText({ fact, with: args, is }: Record<string, unknown>, tools: Tools): React.ReactNode {
  const { t, p, locale, facts, nameOf } = tools
  const label = either(facts.find(({ name }) => name === fact)?.label, locale) || (typeof fact === "string" ? fact : "")
  const [how, wanted] = Object.entries((is ?? {}) as object)[0] ?? []
  const given = Object.entries((args ?? {}) as object).map(
    ([key, value]) => `${known.includes(key) ? t(`arg.${key}`) : key}: ${argText(key, value, tools)}`,
  )
  const isPlan = (args as { name?: unknown } | undefined)?.name === "plan"
  const said = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(said) : isPlan && typeof value === "string" ? nameOf("plan", value) : value
  return (
    <>
      {label}
      {given.length > 0 && <span className="quiet"> ({given.join(", ")})</span>}{" "}
      <b>
        {how
          ? p(how === "exists" && wanted === false ? "is.absent" : `is.${how}`, {
              value: valueText(said(wanted), p, locale),
            })
          : ""}
      </b>
    </>
  )
}

const kinds: Record<string, "event" | "property" | "purpose"> = { event: "event", name: "property", purpose: "purpose" }

/** An argument as it is read: things by their names, tests of an event's properties in words. */
function argText(key: string, value: unknown, { t, p, locale, names, nameOf }: Tools): string {
  const named = (one: unknown) => (typeof one === "string" && names.get(one)) || valueText(one, p, locale)
  if (typeof value === "string") {
    const [, count, unit] = /^PT?(\d+)([DWH])$/.exec(value) ?? []
    if (unit) return t(`span.${unit}`, { count: Number(count) })
    const kind = kinds[key]
    return names.get(value) ?? (kind ? nameOf(kind, value) : value)
  }
  if (!Array.isArray(value) || !value.every(isTest)) {
    const { event } = (value ?? {}) as { event?: unknown }
    return typeof event === "string"
      ? nameOf("event", event)
      : typeof value === "string"
        ? value
        : JSON.stringify(value)
  }
  return value
    .map(({ property, is }) => {
      const [how, wanted] = Object.entries(is)[0] ?? []
      const said = Array.isArray(wanted) ? wanted.map(named).join(", ") : named(wanted)
      const key = how === "exists" && wanted === false ? "is.absent" : `is.${how}`
      return `${ours.includes(property) ? t(`property.${property}`) : property} ${p(key, { value: said })}`
    })
    .join(", ")
}

function isTest(value: unknown): value is { property: string; is: object } {
  const { property, is } = (value ?? {}) as { property?: unknown; is?: unknown }
  return typeof property === "string" && typeof is === "object" && is !== null
}

/** Properties of the product's own events that mention something by id. */
const ours = ["rankId", "fromRankId", "segmentId", "videoId", "scenarioId"]
