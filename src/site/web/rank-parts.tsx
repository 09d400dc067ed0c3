import { longDay } from "../../platform/dates.ts"
import type { Locale } from "../../platform/words.ts"
import { Panel, ProgressBar, ProgressSteps } from "../../ui/index.ts"
import type { RankStanding, Requirement } from "../shapes.ts"
import { say } from "../words.ts"

/** The rank held, and what is missing for the next one in a sentence. */
export function RankPanel({ rank, locale, link }: { rank: RankStanding; locale: Locale; link: string }) {
  const t = say(locale)
  const detail = (
    <a className="link" href={link}>
      {t("home.rank-detail")}
    </a>
  )
  return (
    <Panel title={t("home.rank")} aside={detail}>
      <RankSummary rank={rank} locale={locale} />
    </Panel>
  )
}

/** The same without a frame; `plain` leaves out the boxes where the requirements stand below. */
export function RankSummary({ rank, locale, plain }: { rank: RankStanding; locale: Locale; plain?: boolean }) {
  const t = say(locale)
  const counted = plain ? undefined : rank.next?.requirements.find((one) => !one.met && one.needed !== undefined)
  const sentence = rank.next ? rank.next.toGo : t("home.rank-top")
  return (
    <>
      <p className="rank">
        <i className="dot rank__dot" style={{ background: rank.colour }} />
        <span>
          <b className="rank__name">{rank.name}</b>
          {rank.next && <span className="rank__next">→ {rank.next.name}</span>}
        </span>
      </p>
      {counted && (
        <ProgressSteps
          done={counted.current!}
          needed={counted.needed!}
          label={`${counted.label} ${count(counted, locale)}`}
        />
      )}
      {sentence && <p className="rank__to-go">{withFigures(sentence)}</p>}
      {rank.fallsAt && (
        <p className="rank__grace">{t("rank.grace", { day: longDay(rank.fallsAt, locale), rank: rank.name })}</p>
      )}
      {rank.held && <p className="rank__grace">{t("rank.held")}</p>}
    </>
  )
}

/** Each condition of a rank with how far one is. */
export function Requirements({ list, locale }: { list: Requirement[]; locale: Locale }) {
  const t = say(locale)
  return (
    <ul className="missing">
      {list.map((one) => (
        <li key={one.label} className={one.met ? "is-met" : undefined}>
          <span className="missing__label">{one.label}</span>
          <span className="missing__count num">
            {one.needed === undefined ? t(one.met ? "rank.met" : "rank.unmet") : count(one, locale)}
          </span>
          {one.needed !== undefined && (
            <ProgressBar share={one.current! / one.needed} label={`${one.label} ${count(one, locale)}`} />
          )}
        </li>
      ))}
    </ul>
  )
}

function count({ current = 0, needed = 0, shown }: Requirement, locale: Locale): string {
  if (shown) return shown
  return say(locale)("rank.count", { current: grouped(current), needed: grouped(needed) })
}

function grouped(number: number): string {
  return String(Math.floor(number)).replace(/\B(?=(\d{3})+$)/g, ",")
}

function withFigures(sentence: string) {
  return sentence.split(/(\d[\d,]*)/).map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence never move
      <b key={index} className="num">
        {part}
      </b>
    ) : (
      part
    ),
  )
}
