import type { CSSProperties } from "react"

/** Progress in whole things: `needed` boxes of which `done` are filled. Above twelve it becomes one bar. */
export function ProgressSteps({ done, needed, label }: { done: number; needed: number; label: string }) {
  const reached = Math.max(0, Math.min(done, needed))
  if (needed > 12 || needed < 1 || !Number.isInteger(needed))
    return <ProgressBar share={needed > 0 ? reached / needed : 1} label={label} />
  const boxes = []
  for (let i = 0; i < needed; i++) boxes.push(<i key={i} className={i < reached ? "is-on" : undefined} />)
  return (
    <div className="progress" role="img" aria-label={label}>
      {boxes}
    </div>
  )
}

/** Progress as a share from 0 to 1. */
export function ProgressBar({ share, label }: { share: number; label: string }) {
  const percent = Math.round(Math.max(0, Math.min(1, share)) * 1000) / 10
  return (
    <div className="progress progress--bar" role="img" aria-label={label}>
      <i className="is-on" style={{ width: `${percent}%` }} />
    </div>
  )
}

type WeekDay = { name: string; minutes: number; today?: boolean; label: string }

/** A day with any watching shows at least so much of its box. */
const leastPercent = 15

/**
 * Seven bars, one a day; the tallest fills its box, but never below `least` minutes so that a quiet week looks quiet.
 * Days without watching are empty and are not read out.
 */
export function WeekBars({ days, label, least = 10 }: { days: WeekDay[]; label: string; least?: number }) {
  let top = least
  let said = label
  for (const day of days) {
    if (day.minutes > top) top = day.minutes
    if (day.minutes > 0) said += `, ${day.label}`
  }
  return (
    <div className="week" role="img" aria-label={said}>
      {days.map((day) => (
        <i
          key={day.name}
          className={day.today ? "is-today" : undefined}
          style={{ "--h": `${heightOf(day.minutes / top)}%` } as CSSProperties}
        >
          {day.name}
        </i>
      ))}
    </div>
  )
}

function heightOf(share: number): number {
  return share > 0 ? Math.max(leastPercent, Math.ceil(share * 100)) : 0
}
