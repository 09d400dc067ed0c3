import type { Locale } from "../../platform/words.ts"
import { say } from "../words.ts"

/** The head of the learning record: its title and its two parts. */
export function RecordTabs({ at, locale }: { at: "watched" | "rank"; locale: Locale }) {
  const t = say(locale)
  return (
    <div className="record-head">
      <h1>{t("history.title")}</h1>
      <nav className="tabs" aria-label={t("tabs.label")}>
        <a href="/history" aria-current={at === "watched" ? "page" : undefined}>
          {t("tabs.watched")}
        </a>
        <a href="/rank" aria-current={at === "rank" ? "page" : undefined}>
          {t("tabs.rank")}
        </a>
      </nav>
    </div>
  )
}
