import type { Locale } from "../../platform/words.ts"
import { Panel, WeekBars } from "../../ui/index.ts"
import { say } from "../words.ts"
import { sum, weekday, weekTo } from "./moments.ts"

/** The minutes of the last seven days, today last. */
export function WeekPanel({ week, now, locale }: { week: Record<string, number>; now: Date; locale: Locale }) {
  const t = say(locale)
  const days = weekTo(now)
  const total = days.reduce((seconds, day) => seconds + (week[day] ?? 0), 0)
  const bars = days.map((day, index) => {
    const name = weekday(day, locale)
    const seconds = week[day] ?? 0
    return { name, minutes: seconds / 60, today: index === 6, label: `${name} ${sum(seconds, locale)}` }
  })
  return (
    <Panel
      title={t("home.week")}
      aside={<span className="num">{total > 0 ? sum(total, locale) : t("home.week-none")}</span>}
    >
      <WeekBars days={bars} label={t("home.week-label")} />
    </Panel>
  )
}
