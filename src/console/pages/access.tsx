import { TextInput } from "@mantine/core"
import { useParams, useSearchParams } from "react-router"
import { either, fromField, fullDay, fullName, number, time, toField } from "../formats.ts"
import { useLocale, useSay } from "../locale.tsx"
import { Figures } from "../parts/figures.tsx"
import { Head } from "../parts/head.tsx"
import { Empty, Failed, Loading } from "../parts/states.tsx"
import { RankTag, Tag } from "../parts/tags.tsx"
import { useThing } from "../queries.ts"
import { useCan } from "../session.tsx"
import type { Access, AccessOf, Person } from "../shapes/contacts.ts"
import { say } from "../words/access-words.ts"
import { AccessList } from "./access/list.tsx"
import Missing from "./missing.tsx"

const dayMs = 86_400_000
const kinds = ["", "open", "closed", "ending", "changed"] as const

/** What one member may watch, now or at an instant of the past, and why. */
export default function AccessPage() {
  const [mayVideos, mayContacts] = [useCan("videos:read"), useCan("contacts:read")]
  return mayVideos && mayContacts ? <Shown /> : <Missing />
}

function Shown() {
  const { id } = useParams()
  const t = useSay(say)
  const { locale } = useLocale()
  const [params, setParams] = useSearchParams()
  const [typed, show, search] = [params.get("at"), params.get("show") ?? "", params.get("search") ?? ""]
  const asked = typed && !Number.isNaN(Date.parse(typed)) ? new Date(typed) : null
  const past = asked && asked.getTime() < Date.now() ? asked.toISOString() : null
  const path = `/api/contacts/${id}`
  const person = useThing<Person>(path)
  const found = useThing<AccessOf>(`${path}/access`, { at: past ?? undefined }, past ? undefined : 15)
  const today = useThing<AccessOf>(past ? `${path}/access` : null)
  const set = (name: string, value: string | null) =>
    setParams((now) => (value ? now.set(name, value) : now.delete(name), now), { replace: true })
  const error = person.error ?? found.error
  if (error && !(person.data && found.data)) return <Failed error={error} retry={() => void found.refetch()} />
  if (!person.data || !found.data) return <Loading />
  const name = fullName(person.data, t("nameless"))
  const nowOpen = past && today.data ? new Map(today.data.data.map((one) => [one.videoId, one.open])) : undefined
  const from = past ? Date.parse(past) : Date.now()
  const is: Record<string, (one: Access) => boolean> = {
    open: ({ open }) => open,
    closed: ({ open }) => !open,
    ending: ({ open, until }) => open && until !== null && Date.parse(until) - from <= 30 * dayMs,
    changed: ({ videoId, open }) => nowOpen !== undefined && nowOpen.get(videoId) !== open,
  }
  const all = found.data.data
  const count = (kind: string) => all.filter(is[kind]!).length
  const wanted = folded(search)
  const rows = all.filter((one) => (is[show]?.(one) ?? true) && folded(one.title).includes(wanted))
  const { standing } = found.data
  const joinedAt = person.data.joinedAt
  const choices: [string, string | null][] = [
    [t("now"), null],
    ...[7, 30, 90].map((days): [string, string] => [t("daysAgo", { days }), fromField(toField(daysAgo(days)))!]),
    ...(joinedAt
      ? [
          [t("onJoining"), fromField(toField(new Date(Date.parse(joinedAt) + 60_000).toISOString()))!] as [
            string,
            string,
          ],
        ]
      : []),
  ]
  const link = (kind: string) => `?${query(params, kind)}`
  return (
    <>
      <Head
        title={t("title", { name })}
        trail={{ to: `/contacts/${id}`, name }}
        lead={past ? t("leadPast", { day: fullDay(past, locale), time: time(past) }) : t("leadNow")}
      >
        <div className="tags">
          {past && <span className="quiet">{t("standing")}</span>}
          <Tag tone={standing.active ? undefined : "caution"}>{t(standing.active ? "member" : "noMember")}</Tag>
          <RankTag rank={standing.rank} />
          {standing.active && (
            <Tag tone={standing.plan ? "accent" : undefined}>{either(standing.planName, locale) || t("noPlan")}</Tag>
          )}
        </div>
      </Head>
      <div className="filters filters--when">
        <TextInput
          type="search"
          label={t("search")}
          value={search}
          onChange={(event) => set("search", event.currentTarget.value)}
        />
        <TextInput
          type="datetime-local"
          label={t("at")}
          value={toField(past)}
          max={toField(new Date().toISOString())}
          onChange={(event) => set("at", fromField(event.currentTarget.value))}
        />
        <span className="choices">
          {choices.map(([label, at]) => (
            <button type="button" key={label} aria-pressed={near(at, past)} onClick={() => set("at", at)}>
              {label}
            </button>
          ))}
        </span>
      </div>
      {asked && !past && <p className="note note--caution">{t("future")}</p>}
      <div className="stack">
        <Figures
          figures={(["open", "closed", "ending"] as const).map((kind) => ({
            label: t(kind),
            value: number(count(kind)),
            unit: t("videosUnit"),
            note: kind === "open" ? t("of", { count: all.length }) : undefined,
            to: link(kind),
          }))}
        />
        <div className="tabs">
          {kinds
            .filter((kind) => kind !== "changed" || nowOpen)
            .map((kind) => (
              <button type="button" key={kind} aria-pressed={show === kind} onClick={() => set("show", kind)}>
                {t(kind || "all")} <span className="num quiet">{number(kind ? count(kind) : all.length)}</span>
              </button>
            ))}
        </div>
        {rows.length > 0 ? (
          <AccessList rows={rows} nowOpen={nowOpen} />
        ) : all.length > 0 ? (
          <Empty title={t("none")}>{t("noneText")}</Empty>
        ) : (
          <Empty title={t("noVideos")} />
        )}
      </div>
    </>
  )
}

function query(params: URLSearchParams, kind: string): string {
  const next = new URLSearchParams(params)
  next.set("show", kind)
  return next.toString()
}

/** Both now, or less than an hour apart: the page stays open while time goes on. */
function near(a: string | null, b: string | null): boolean {
  return a === b || (a !== null && b !== null && Math.abs(Date.parse(a) - Date.parse(b)) < 3_600_000)
}

function daysAgo(days: number): string {
  return new Date(Date.now() - days * dayMs).toISOString()
}

/** Width, case and kind of kana do not matter in a search. */
function folded(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[ァ-ヶ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60))
    .trim()
}
