import { Link, useParams, useSearchParams } from "react-router"
import { useSay } from "../locale.tsx"
import { Head } from "../parts/head.tsx"
import { Failed, Loading } from "../parts/states.tsx"
import { Tag } from "../parts/tags.tsx"
import { useThing } from "../queries.ts"
import { useCan } from "../session.tsx"
import type { Scenario } from "../shapes/scenarios.ts"
import { say } from "../words/scenarios-words.ts"
import { Acts } from "./scenario/acts.tsx"
import { Editor } from "./scenario/editor.tsx"
import { Progress } from "./scenario/progress.tsx"
import { Runs } from "./scenario/runs.tsx"
import { Versions } from "./scenario/versions.tsx"
import { ScenarioState } from "./scenarios.tsx"

/** One scenario: what it does, who is in it and why, what became of its mails. */
export default function ScenarioPage() {
  const { id } = useParams()
  const t = useSay(say)
  const [params] = useSearchParams()
  const fresh = id === "new"
  const found = useThing<Scenario>(fresh ? null : `/api/scenarios/${id}`)
  const mayWrite = useCan("scenarios:write")
  const mayContacts = useCan("contacts:read")
  if (fresh)
    return (
      <>
        <Head title={t("new")} trail={{ to: "/scenarios", name: t("title") }} lead={t("newLead")} />
        <Editor />
      </>
    )
  if (found.error && !found.data) return <Failed error={found.error} retry={() => void found.refetch()} />
  if (!found.data) return <Loading />
  const scenario = found.data
  const tabs =
    scenario.state === "draft"
      ? ["edit", "versions"]
      : ["progress", ...(mayContacts ? ["runs"] : []), "edit", "versions"]
  const tab = params.get("tab") ?? tabs[0]!
  return (
    <>
      <Head
        title={scenario.name}
        trail={{ to: "/scenarios", name: t("title") }}
        acts={mayWrite && <Acts scenario={scenario} />}
      >
        <div className="tags">
          <ScenarioState scenario={scenario} />
          <Tag>{t("version", { version: scenario.version })}</Tag>
          <Tag>{t(`reentry.${scenario.reentry}`)}</Tag>
        </div>
      </Head>
      <div className="tabs">
        {tabs.map((name) => (
          <Link key={name} to={`?tab=${name}`} aria-current={tab === name ? "page" : undefined}>
            {t(`tab.${name}`)}
          </Link>
        ))}
      </div>
      {tab === "progress" && <Progress scenario={scenario} />}
      {tab === "runs" && <Runs scenario={scenario} />}
      {tab === "edit" && <Editor key={scenario.id} scenario={scenario} />}
      {tab === "versions" && <Versions scenario={scenario} />}
    </>
  )
}
