import { ago, dayKey, number } from "../../formats.ts"
import { useLocale, useSay } from "../../locale.tsx"
import { type Figure, Figures } from "../../parts/figures.tsx"
import { useThing } from "../../queries.ts"
import type { Page } from "../../api.ts"
import type { Entry, Person } from "../../shapes/contacts.ts"
import { say } from "../../words/contact-words.ts"

/** The four figures one wants first. */
export function Numbers({ person, path }: { person: Person; path: string }) {
  const t = useSay(say)
  const { locale } = useLocale()
  const last = useThing<Page<Entry>>(`${path}/timeline`, { limit: 1, kind: "watch,account,page" }, 30)
  const seen = person.lastSeenAt ?? last.data?.data[0]?.at
  const history = useThing<Page<Entry>>(`${path}/timeline`, { limit: 200, kind: "watch" }, 30)
  const watching = watchingOf(history.data)
  const figures: Figure[] = []
  if (watching) {
    const [hours, minutes] = [Math.floor(watching.seconds / 3600), Math.floor((watching.seconds % 3600) / 60)]
    figures.push({
      label: t("completed"),
      value: number(watching.completed),
      unit: t(watching.more ? "videosMore" : "videosUnit"),
      note: t("begun", { count: watching.begun }),
    })
    const under = watching.seconds > 0 && watching.seconds < 60
    figures.push({
      label: t("watched"),
      value:
        hours > 0 ? (
          <>
            {hours}
            <small>{t("hours")}</small>
            {minutes}
          </>
        ) : (
          number(under ? 1 : minutes)
        ),
      unit: t(under ? "underAMinute" : "minutes"),
    })
  }
  figures.push({ label: t("lastSeen"), value: seen ? ago(seen, locale) : "—" })
  if (person.joinedAt) {
    const days = Math.max(
      0,
      Math.round((Date.parse(dayKey(new Date())) - Date.parse(dayKey(person.joinedAt))) / 86_400_000),
    )
    figures.push({ label: t("memberFor"), value: number(days), unit: t("days") })
  }
  return <Figures figures={figures} />
}

/** What was watched of each video, from the timeline; `more` when the person has watched longer than was read. */
function watchingOf(page: Page<Entry> | undefined) {
  if (!page) return null
  const videos = new Map(page.data.flatMap(({ video }) => (video?.watched ? [[video.id, video.watched] as const] : [])))
  const all = [...videos.values()]
  return {
    begun: all.length,
    completed: all.filter(({ completedAt }) => completedAt).length,
    seconds: all.reduce((sum, { seconds }) => sum + seconds, 0),
    more: page.nextCursor !== null,
  }
}
