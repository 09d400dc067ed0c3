import { Link } from "react-router"
import { moment } from "../../formats.ts"
import { useSay } from "../../locale.tsx"
import { Section } from "../../parts/head.tsx"
import { type Column, List } from "../../parts/list.tsx"
import { usePages } from "../../queries.ts"
import { say } from "../../words/settings-words.ts"

type Actor = { kind: string; name?: string; staffId?: string; contactId?: string; tokenId?: string; role?: string }
type Row = {
  id: string
  happenedAt?: string
  at?: string
  actor: Actor
  actorName?: string | null
  action: string
  subjectKind?: string
  subjectId?: string
  subject?: { kind: string; id: string }
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
  const found = usePages<Row>("/api/audit", {}, 30)
  const columns: Column<Row>[] = [
    { id: "at", header: t("at"), tight: true, phone: "beside", cell: (row) => moment(row.happenedAt ?? row.at ?? "") },
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
      cell: (row) => <code className="code-line">{row.action}</code>,
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

function Subject({ row }: { row: Row }) {
  const kind = row.subject?.kind ?? row.subjectKind ?? ""
  const id = row.subject?.id ?? row.subjectId ?? ""
  const short = id.length > 24 ? `…${id.slice(-8)}` : id
  return pages[kind] ? (
    <Link className="link" to={pages[kind] + id}>
      {kind} {short}
    </Link>
  ) : (
    <>
      {kind} {short}
    </>
  )
}
