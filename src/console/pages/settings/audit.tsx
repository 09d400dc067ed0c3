import { Link } from "react-router"
import type { Locale, Say } from "../../../platform/words.ts"
import { either, moment } from "../../formats.ts"
import { useLocale, useSay } from "../../locale.tsx"
import { Section } from "../../parts/head.tsx"
import { type Column, List } from "../../parts/list.tsx"
import { usePages } from "../../queries.ts"
import type { Words } from "../../shapes/words.ts"
import { hasWord, say as sayActs } from "../../words/audit-words.ts"
import { say } from "../../words/settings-words.ts"

type Actor = { kind: string; name?: string; staffId?: string; contactId?: string; tokenId?: string; role?: string }
type Row = {
  id: string
  happenedAt: string
  actor: Actor
  actorName?: string | null
  action: string
  subjectKind: string
  subjectId: string
  subjectName: Words | null
  before: unknown
  after: unknown
  reason: string | null
}

const pages: Record<string, string> = {
  contact: "/contacts/",
  segment: "/segments/",
  scenario: "/scenarios/",
  video: "/videos/",
  rank: "/ranks/",
  delivery: "/deliveries/",
}
const actors = ["staff", "token", "member", "system", "visitor"]

/** Who did what to what, before and after, why. */
export default function Audit() {
  const t = useSay(say)
  const a = useSay(sayActs)
  const found = usePages<Row>("/api/audit", {}, 30)
  const columns: Column<Row>[] = [
    { id: "at", header: t("at"), tight: true, phone: "beside", cell: (row) => moment(row.happenedAt) },
    {
      id: "who",
      header: t("who"),
      cell: (row) => (
        <>
          {row.actorName ?? row.actor.name ?? t(`actor.${actors.includes(row.actor.kind) ? row.actor.kind : "system"}`)}
          <small>{t(`actor.${actors.includes(row.actor.kind) ? row.actor.kind : "system"}`)}</small>
        </>
      ),
    },
    {
      id: "action",
      header: t("action"),
      phone: "first",
      cell: (row) => <span title={row.action}>{actText(row.action, a)}</span>,
    },
    { id: "subject", header: t("subject"), cell: (row) => <Subject row={row} /> },
    {
      id: "change",
      header: t("changeTitle"),
      cell: (row) => (
        <>
          {row.reason && <p>{row.reason}</p>}
          {(row.before !== null || row.after !== null) && (
            <details className="behind">
              <summary>{t("beforeAfter")}</summary>
              <pre className="snippet">
                {JSON.stringify({ before: row.before ?? undefined, after: row.after ?? undefined }, null, 1)}
              </pre>
            </details>
          )}
        </>
      ),
    },
  ]
  return (
    <Section title={t("section.audit")} note={t("auditNote")}>
      <List
        label={t("section.audit")}
        columns={columns}
        rows={found.rows}
        keyOf={(row) => row.id}
        more={found}
        state={found}
        empty={<p className="quiet">{t("noAudit")}</p>}
      />
    </Section>
  )
}

/** segment.create → セグメント: 作成 */
function actText(action: string, a: Say): string {
  const [noun = "", verb = ""] = action.split(".")
  return `${wordOf(`noun.${noun}`, noun, a)}: ${wordOf(`verb.${verb}`, verb, a)}`
}

function wordOf(key: string, plain: string, a: Say): string {
  return hasWord(key) ? a(key) : plain
}

function Subject({ row: { subjectKind: kind, subjectId: id, subjectName } }: { row: Row }) {
  const a = useSay(sayActs)
  const { locale } = useLocale()
  const name = nameOf(subjectName, id, locale)
  return (
    <>
      {pages[kind] && subjectName ? (
        <Link className="link" to={pages[kind] + id}>
          {name}
        </Link>
      ) : (
        name
      )}
      <small>{wordOf(`noun.${kind}`, kind, a)}</small>
    </>
  )
}

/** What it is called; of what is gone, the end of its id. */
function nameOf(name: Words | null, id: string, locale: Locale): string {
  return either(name, locale) || (id.length > 24 ? `…${id.slice(-8)}` : "")
}
