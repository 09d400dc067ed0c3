import { Button } from "@mantine/core"
import { useState } from "react"
import { either, fullDay, moment } from "../../formats.ts"
import { useLocale, useSay } from "../../locale.tsx"
import { Section } from "../../parts/head.tsx"
import { Because, valueText } from "../../parts/reasons.tsx"
import { RankTag } from "../../parts/tags.tsx"
import { useThing } from "../../queries.ts"
import { useCan } from "../../session.tsx"
import type { RankOf } from "../../shapes/contacts.ts"
import { say } from "../../words/contact-words.ts"
import { say as sayParts } from "../../words/parts-words.ts"
import { Hold, Release } from "./hold.tsx"

/** The rank held, what is missing for the next, and every change with its reason. */
export function RankBox({ path }: { path: string }) {
  const t = useSay(say)
  const p = useSay(sayParts)
  const { locale } = useLocale()
  const found = useThing<RankOf>(`${path}/rank`, {}, 10)
  const mayHold = useCan("contacts:write")
  const [holding, setHolding] = useState(false)
  const [releasing, setReleasing] = useState(false)
  const rank = found.data
  if (!rank) return null
  return (
    <Section
      title={t("rank")}
      side={
        mayHold && !rank.hold ? (
          <button type="button" className="link" onClick={() => setHolding(true)}>
            {t("hold.open")}
          </button>
        ) : undefined
      }
    >
      <div className="stack">
        <div className="row row--apart">
          {rank.current ? <RankTag rank={rank.current.rank} /> : <span className="quiet">{t("noRank")}</span>}
          {rank.current && <span className="quiet">{t("since", { day: fullDay(rank.current.since, locale) })}</span>}
        </div>
        {rank.hold && (
          <div className="note note--caution stack" style={{ gap: 6 }}>
            <p>{t("hold.is", { reason: rank.hold.reason })}</p>
            {mayHold && (
              <div>
                <Button size="xs" onClick={() => setReleasing(true)}>
                  {t("hold.release")}
                </Button>
              </div>
            )}
          </div>
        )}
        {rank.grace && <p className="note note--caution">{t("grace", { day: fullDay(rank.grace.fallsAt, locale) })}</p>}
        {rank.next && (
          <div className="card">
            <h3>
              <span>{t("next", { rank: either(rank.next.rank.name, locale) })}</span>
              <span className="no">{t("notYet")}</span>
            </h3>
            {rank.missing.map((one) => (
              <p className="check" key={either(one.label, locale)}>
                <span className={one.met ? "yes" : "no"} role="img" aria-label={p(one.met ? "met" : "notMet")}>
                  {one.met ? "✓" : "✕"}
                </span>
                <span>{either(one.label, locale)}</span>
                <b className="num">
                  {valueText(one.current, p, locale)} / {valueText(one.needed, p, locale)}
                </b>
              </p>
            ))}
            <p className="quiet">{either(rank.next.sentence, locale)}</p>
          </div>
        )}
        <ol className="history">
          {rank.history.map((row) => (
            <li key={row.since}>
              <time>{moment(row.since)}</time>
              <div>
                <b>{either(row.rank.name, locale)}</b> {t(`cause.${row.cause}`)}
                <Because reason={row.reason} />
              </div>
            </li>
          ))}
        </ol>
      </div>
      <Hold opened={holding} onClose={() => setHolding(false)} path={path} currentId={rank.current?.rank.id} />
      <Release opened={releasing} onClose={() => setReleasing(false)} path={path} />
    </Section>
  )
}
