import { longDay } from "../../platform/dates.ts"
import type { Locale } from "../../platform/words.ts"
import { Empty, Panel, Tag } from "../../ui/index.ts"
import type { RankProps } from "../shapes.ts"
import { say } from "../words.ts"
import { RankSummary, Requirements } from "./rank-parts.tsx"
import { RecordTabs } from "./tabs.tsx"

/** The member's rank: where they stand, what is missing, the whole ladder, and how they came here. */
export function RankPage({ props, locale }: { props: RankProps; locale: Locale }) {
  const t = say(locale)
  const { standing } = props
  return (
    <>
      <RecordTabs at="rank" locale={locale} />
      <div className="record">
        <div className="stack">
          {standing && (
            <Panel
              title={t("rank.now")}
              aside={<span className="num">{t("rank.since", { day: longDay(standing.since, locale) })}</span>}
            >
              <RankSummary rank={standing} locale={locale} plain={(standing.next?.requirements.length ?? 0) > 0} />
            </Panel>
          )}
          {standing?.next && standing.next.requirements.length > 0 && (
            <Panel
              title={t("rank.needs", { rank: standing.next.name })}
              aside={standing.next.any && standing.next.requirements.length > 1 && t("rank.any")}
            >
              <Requirements list={standing.next.requirements} locale={locale} />
            </Panel>
          )}
          <Panel title={t("rank.history")}>
            {props.history.length === 0 ? (
              <Empty title={t("rank.history-empty")} />
            ) : (
              <ol className="past">
                {props.history.map((entry) => (
                  <li key={entry.since.getTime()}>
                    <i className="dot" style={{ background: entry.colour }} />
                    <p className="past__what">
                      <b>{entry.name}</b> <span className="mute">{t(`cause.${entry.cause}`)}</span>
                    </p>
                    <time className="past__when num" dateTime={entry.since.toISOString()}>
                      {longDay(entry.since, locale)}
                    </time>
                    {entry.reasons.length > 0 && (
                      <ul className="past__why num">
                        {entry.reasons.map((reason) => (
                          <li key={reason}>{reason}</li>
                        ))}
                      </ul>
                    )}
                  </li>
                ))}
              </ol>
            )}
          </Panel>
        </div>
        <Panel title={t("rank.ladder")}>
          <ol className="ladder" reversed>
            {props.ladder.toReversed().map((rank) => (
              <li
                key={rank.id}
                className={`ladder__step is-${rank.state}`}
                aria-current={rank.state === "here" ? "step" : undefined}
              >
                <i className="dot" style={{ background: rank.colour }} />
                <p className="ladder__name">
                  <b>{rank.name}</b>
                  {rank.state === "here" && <Tag tone="accent">{t("rank.here")}</Tag>}
                  {rank.state === "past" && <span className="unseen">{t("rank.past")}</span>}
                </p>
                {rank.conditions.length > 0 ? (
                  <ul className="ladder__needs">
                    {rank.conditions.map((condition) => (
                      <li key={condition}>{condition}</li>
                    ))}
                  </ul>
                ) : (
                  <p className="ladder__needs">{t("rank.ladder-start")}</p>
                )}
              </li>
            ))}
          </ol>
        </Panel>
      </div>
    </>
  )
}
