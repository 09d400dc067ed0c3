import { Button } from "@mantine/core"
import { useSearchParams } from "react-router"
import { day, dayKey } from "../../formats.ts"
import { useLocale, useSay } from "../../locale.tsx"
import { Section } from "../../parts/head.tsx"
import { Empty, Failed, Loading } from "../../parts/states.tsx"
import { usePages } from "../../queries.ts"
import type { Entry } from "../../shapes/contacts.ts"
import { say } from "../../words/contact-words.ts"
import { say as sayParts } from "../../words/parts-words.ts"
import { EntryLine } from "./entry.tsx"

const kinds = ["watch", "mail", "rank", "segment", "scenario", "page", "account", "other"] as const

/** Everything a person did and everything done for them, newest first; new lines appear by themselves. */
export function Timeline({ path }: { path: string }) {
  const t = useSay(say)
  const p = useSay(sayParts)
  const { locale } = useLocale()
  const [params, setParams] = useSearchParams()
  const kind = params.get("kind") ?? ""
  const entries = usePages<Entry>(`${path}/timeline`, { kind: kind || undefined }, 5)
  const choose = (chosen: string) =>
    setParams((now) => (chosen ? now.set("kind", chosen) : now.delete("kind"), now), {
      replace: true,
      preventScrollReset: true,
    })
  const days = Map.groupBy(entries.rows, ({ at }) => dayKey(at))
  return (
    <Section
      title={t("timeline")}
      side={
        <span className="choices">
          {["", ...kinds].map((name) => (
            <button type="button" key={name} aria-pressed={kind === name} onClick={() => choose(name)}>
              {t(name ? `kind.${name}` : "kind.all")}
            </button>
          ))}
        </span>
      }
    >
      {entries.error && entries.rows.length === 0 && (
        <Failed error={entries.error} retry={() => void entries.refetch()} />
      )}
      {entries.isPending && <Loading />}
      {!entries.isPending && !entries.error && entries.rows.length === 0 && (
        <Empty title={t("noEntries")}>{t("noEntriesText")}</Empty>
      )}
      <div className="timeline">
        {[...days].map(([key, list]) => (
          <div key={key}>
            <p className="timeline__day">{day(list[0]!.at, locale)}</p>
            {list.map((entry) => (
              <EntryLine key={entry.id} entry={entry} />
            ))}
          </div>
        ))}
      </div>
      {entries.hasNextPage && (
        <Button mt="md" loading={entries.isFetchingNextPage} onClick={() => void entries.fetchNextPage()}>
          {p("more")}
        </Button>
      )}
    </Section>
  )
}
