import { Link } from "react-router"
import { ago, duration, fullName, number, percent } from "../../formats.ts"
import { useLocale, useSay } from "../../locale.tsx"
import { Figures } from "../../parts/figures.tsx"
import { useFilters } from "../../parts/filters.tsx"
import { Section } from "../../parts/head.tsx"
import { type Column, List } from "../../parts/list.tsx"
import { Empty } from "../../parts/states.tsx"
import { Density, Strip } from "../../parts/strip.tsx"
import { usePages, useThing } from "../../queries.ts"
import type { Density as Parts, VideoDetail, Viewer } from "../../shapes/videos.ts"
import { say } from "../../words/videos-words.ts"

/** Which seconds are watched by how many, and by whom. */
export function Viewers({ video }: { video: VideoDetail }) {
  const t = useSay(say)
  const { locale } = useLocale()
  const [filter, set] = useFilters()
  const completed = filter("completed")
  const parts = useThing<Parts>(`/api/videos/${video.id}/density`, {}, 15)
  const viewers = usePages<Viewer>(`/api/videos/${video.id}/viewers`, { completed }, 15)
  const whole = video.durationSeconds ?? 1
  const columns: Column<Viewer>[] = [
    {
      id: "name",
      header: t("viewer"),
      phone: "first",
      cell: (row) => (
        <Link className="list__name" to={`/contacts/${row.contactId}`}>
          {fullName(row, t("anonymous"))}
        </Link>
      ),
    },
    {
      id: "strip",
      header: t("parts"),
      cell: (row) => (
        <div style={{ minWidth: 220, paddingTop: 6 }}>
          <Strip ranges={row.ranges} duration={whole} complete={row.completedAt !== null} />
        </div>
      ),
    },
    {
      id: "coverage",
      header: t("coverage"),
      tight: true,
      end: true,
      phone: "named",
      cell: (row) => percent(row.coverage),
    },
    {
      id: "seconds",
      header: t("seconds"),
      tight: true,
      end: true,
      phone: "hidden",
      cell: (row) => duration(row.seconds, locale),
    },
    { id: "lastAt", header: t("lastAt"), tight: true, phone: "named", cell: (row) => ago(row.lastAt, locale) },
  ]
  if (video.viewers === 0) return <Empty title={t("noViewers")}>{t("noViewersText")}</Empty>
  const { data } = parts
  return (
    <div className="stack stack--wide">
      {data && (
        <>
          <Figures
            figures={[
              { label: t("viewers"), value: number(data.viewers), unit: t("people"), to: "?tab=viewers" },
              {
                label: t("completed"),
                value: number(data.completed),
                unit: t("people"),
                note: percent(data.completed / Math.max(1, data.viewers)),
                to: "?tab=viewers&completed=true",
              },
              {
                label: t("mean"),
                value: percent(
                  data.counts.reduce((sum, n) => sum + n, 0) / Math.max(1, data.counts.length * data.viewers),
                ),
              },
            ]}
          />
          <Section title={t("densityTitle")} note={t("densityNote")}>
            <Density density={data.counts.map((n) => n / Math.max(1, data.viewers))} duration={data.duration} />
          </Section>
        </>
      )}
      <Section
        title={t("whoWatched")}
        side={
          <span className="choices">
            {["", "true", "false"].map((value) => (
              <button
                type="button"
                key={value}
                aria-pressed={completed === value}
                onClick={() => set("completed", value)}
              >
                {t(value ? `only.${value}` : "only.all")}
              </button>
            ))}
          </span>
        }
      >
        <List
          label={t("whoWatched")}
          columns={columns}
          rows={viewers.rows}
          keyOf={(row) => row.contactId}
          to={(row) => `/contacts/${row.contactId}`}
          more={viewers}
          state={viewers}
          empty={<p className="quiet">{t("none")}</p>}
        />
      </Section>
    </div>
  )
}
