import type { Locale } from "../../platform/words.ts"
import { Panel, WeekBars } from "../../ui/index.ts"
import type { Week } from "../shapes.ts"
import { watchTime } from "../times.ts"
import { say } from "../words.ts"
import { weekday } from "./moments.ts"

/** The minutes of the last seven days, today last. */
export function WeekPanel({ week, locale }: { week: Week; locale: Locale }) {
  const t = say(locale)
  const total = week.reduce((all, { seconds }) => all + seconds, 0)
  if (total <= 0)
    return (
      <Panel title={t("home.week")}>
        <p>{t("home.week-none")}</p>
        <p className="mute small">{t("home.week-none-text")}</p>
      </Panel>
    )
  const bars = week.map(({ day, seconds }, index) => {
    const name = weekday(day, locale)
    return {
      name,
      minutes: seconds / 60,
      today: index === week.length - 1,
      label: `${name} ${watchTime(seconds, locale)}`,
    }
  })
  return (
    <Panel title={t("home.week")} aside={<span className="num">{watchTime(total, locale)}</span>}>
      <WeekBars days={bars} label={t("home.week-label")} />
    </Panel>
  )
}
