import type { Locale } from "../../platform/words.ts"
import { longDay } from "../../platform/dates.ts"
import { Panel, ProgressBar, ProgressSteps } from "../../ui/index.ts"
import { say } from "../words.ts"

/** One condition of the next rank: what it asks, how far the member is, in the reader's words. */
export type Missing = {
  /** 「完了した動画」 */
  label: string
  /** What is still missing, as the sentence begins: 「あと2本完了する」, "Complete 2 more videos". Nothing when met or not countable. */
  toGo: string | null
  /** Counts, when the condition is one. */
  current?: number
  needed?: number
  /** How far, where plain counts would not be understood: 「1時間20分 / 3時間」. */
  count?: string
  met: boolean
}
export type RankStanding = {
  name: string
  colour: string
  since: Date
  /** The rank above; nothing at the top of the ladder. `missing` is null when it is not known. */
  next: { name: string; colour: string; missing: Missing[] | null } | null
  /** A fall that waits: when, and that the conditions of staying are missed. */
  fallsAt?: Date | null
  /** Staff set this rank. */
  held?: boolean
}

/** The rank held, and what is missing for the next one in a sentence. */
export function RankPanel({ rank, locale, link }: { rank: RankStanding; locale: Locale; link?: string }) {
  const t = say(locale)
  const aside = link && (
    <a className="link" href={link}>
      {t("home.rank-detail")}
    </a>
  )
  return (
    <Panel title={t("home.rank")} aside={aside}>
      <RankSummary rank={rank} locale={locale} />
    </Panel>
  )
}

/** The same without a frame, for the rank page's head. */
export function RankSummary({ rank, locale, plain }: { rank: RankStanding; locale: Locale; plain?: boolean }) {
  const t = say(locale)
  const counted = rank.next?.missing?.find((one) => !one.met && one.needed !== undefined)
  const sentence = toGo(rank, locale)
  return (
    <>
      <p className="rank">
        <i className="dot rank__dot" style={{ background: rank.colour }} />
        <span>
          <b className="rank__name">{rank.name}</b>
          {rank.next && <span className="rank__next">→ {rank.next.name}</span>}
        </span>
      </p>
      {counted && !plain && (
        <ProgressSteps
          done={counted.current ?? 0}
          needed={counted.needed!}
          label={`${counted.label} ${t("rank.count", { current: counted.current ?? 0, needed: counted.needed! })}`}
        />
      )}
      {sentence && (
        <p className="rank__to-go">
          {sentence.split(/(\d[\d,]*)/).map((part, index) =>
            index % 2 === 1 ? (
              <b key={part} className="num">
                {part}
              </b>
            ) : (
              part
            ),
          )}
        </p>
      )}
      {rank.fallsAt && (
        <p className="rank__grace num">{t("rank.grace", { day: longDay(rank.fallsAt, locale), rank: rank.name })}</p>
      )}
      {rank.held && <p className="rank__grace">{t("rank.held")}</p>}
    </>
  )
}

/** 「あと2本完了するとゴールドです」 */
export function toGo(rank: RankStanding, locale: Locale): string {
  const t = say(locale)
  if (!rank.next) return t("home.rank-top")
  if (!rank.next.missing) return ""
  const unmet = rank.next.missing.filter((one) => !one.met)
  if (unmet.length === 0) return t("rank.left-none", { rank: rank.next.name })
  if (unmet.length === 1 && unmet[0]!.toGo) return t("rank.left-one", { text: unmet[0]!.toGo, rank: rank.next.name })
  return t("rank.left-many", { count: unmet.length, rank: rank.next.name })
}

/** Each condition of a rank with how far one is. */
export function MissingList({ missing, locale }: { missing: Missing[]; locale: Locale }) {
  const t = say(locale)
  return (
    <ul className="missing">
      {missing.map((one) => (
        <li key={one.label} className={one.met ? "is-met" : undefined}>
          <span className="missing__label">{one.label}</span>
          <span className="missing__count num">
            {one.count ??
              (one.needed !== undefined
                ? t("rank.count", { current: one.current ?? 0, needed: one.needed })
                : t(one.met ? "rank.met" : "rank.unmet"))}
          </span>
          {one.needed !== undefined && <ProgressBar share={(one.current ?? 0) / one.needed} label={one.label} />}
        </li>
      ))}
    </ul>
  )
}
