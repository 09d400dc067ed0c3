import type { Locale } from "../../platform/words.ts"
import { Panel, WeekBars } from "../../ui/index.ts"
import type { Week } from "../shapes.ts"
import { say } from "../words.ts"
import { sum, weekday } from "./moments.ts"

/** The minutes of the last seven days, today last. */
export function WeekPanel({ week, locale }: { week: Week; locale: Locale }) {
  const t = say(locale)
  const total = week.reduce((all, { seconds }) => all + seconds, 0)
  const bars = week.map(({ day, seconds }, index) => {
    const name = weekday(day, locale)
    return { name, minutes: seconds / 60, today: index === week.length - 1, label: `${name} ${sum(seconds, locale)}` }
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
