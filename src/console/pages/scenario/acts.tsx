import { Button } from "@mantine/core"
import { useState } from "react"
import { useQuery } from "@tanstack/react-query"
import { post } from "../../api.ts"
import { number } from "../../formats.ts"
import { useSay } from "../../locale.tsx"
import { Confirm } from "../../parts/confirm.tsx"
import { write } from "../../parts/condition-parse.ts"
import { usePreview } from "../../parts/condition-editor.tsx"
import { tell } from "../../parts/notices.ts"
import { useAct } from "../../queries.ts"
import type { Scenario, Trial } from "../../shapes/scenarios.ts"
import { say } from "../../words/scenarios-words.ts"
import { fateName } from "./fates.ts"

/** Start, pause, end: each says first whom it touches. */
export function Acts({ scenario }: { scenario: Scenario }) {
  const t = useSay(say)
  const [asking, setAsking] = useState<"start" | "pause" | "archive" | null>(null)
  const act = useAct((verb: "start" | "pause" | "archive") => post(`/api/scenarios/${scenario.id}/${verb}`), {
    touches: ["/api/scenarios", "/api/deliveries"],
    done: (_, verb) => {
      setAsking(null)
      tell(t(`done.${verb}`))
    },
  })
  const confirm = (verb: "start" | "pause" | "archive", inside: React.ReactNode, danger = false) => (
    <Confirm
      opened={asking === verb}
      onClose={() => setAsking(null)}
      title={t(`ask.${verb}`)}
      act={t(verb === "start" && scenario.state === "paused" ? "resume" : verb)}
      danger={danger}
      busy={act.isPending}
      error={act.error}
      onAct={() => act.mutate(verb)}
    >
      {inside}
    </Confirm>
  )
  return (
    <>
      {scenario.state !== "archived" && scenario.state !== "draft" && (
        <Button onClick={() => setAsking("archive")}>{t("archive")}</Button>
      )}
      {scenario.state === "live" && <Button onClick={() => setAsking("pause")}>{t("pause")}</Button>}
      {(scenario.state === "draft" || scenario.state === "paused") && (
        <Button variant="filled" onClick={() => setAsking("start")}>
          {t(scenario.state === "paused" ? "resume" : "start")}
        </Button>
      )}
      {confirm("start", asking === "start" && <Audience scenario={scenario} />)}
      {confirm("pause", <p>{t("pauseText")}</p>)}
      {confirm("archive", <p>{t("archiveText")}</p>, true)}
    </>
  )
}

/** Who will go in, said before it happens: now, and judged by the last thirty days. */
function Audience({ scenario }: { scenario: Scenario }) {
  const t = useSay(say)
  const { definition, state } = scenario
  const now = usePreview(write(definition.entry))
  const past = useQuery({
    queryKey: ["/api/scenarios/try", scenario.id, scenario.version],
    queryFn: () => post<Trial>("/api/scenarios/try", { definition, days: 30 }),
    retry: false,
  })
  if (state === "paused") return <p>{t("resumeText")}</p>
  return (
    <div className="stack">
      <p className="sentence" aria-live="polite">
        {now.data
          ? t(definition.enterExisting ? "audience.existing" : "audience.new", { count: now.data.count })
          : t("audience.counting")}
      </p>
      {past.data && (
        <div>
          <p>{t("audience.past", { count: past.data.entered })}</p>
          <ul>
            {Object.entries(past.data.mails).map(([fate, count]) => (
              <li key={fate} className="row row--apart">
                <span>{fateName(fate, t)}</span>
                <b className="num">{number(count)}</b>
              </li>
            ))}
          </ul>
        </div>
      )}
      <p className="quiet">{t("audience.note")}</p>
    </div>
  )
}
