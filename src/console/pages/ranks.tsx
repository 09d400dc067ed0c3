import { Button } from "@mantine/core"
import type { CSSProperties } from "react"
import { Link } from "react-router"
import { either, number } from "../formats.ts"
import { useLocale, useSay } from "../locale.tsx"
import { ConditionText } from "../parts/condition-text.tsx"
import { Head } from "../parts/head.tsx"
import { Empty, Failed, Loading } from "../parts/states.tsx"
import { RankDot } from "../parts/tags.tsx"
import { useAll } from "../queries.ts"
import { useCan } from "../session.tsx"
import type { Rank } from "../shapes/ranks.ts"
import { say } from "../words/ranks-words.ts"

/** The ladder, the highest step on top: how one rises, how one stays, how many stand there. */
export default function Ranks() {
  const t = useSay(say)
  const { locale } = useLocale()
  const mayWrite = useCan("ranks:write")
  const found = useAll<Rank>("/api/ranks")
  if (found.error && !found.data) return <Failed error={found.error} retry={() => void found.refetch()} />
  if (!found.data) return <Loading />
  const ranks = found.data.toSorted((a, b) => b.position - a.position)
  const top = Math.max(1, ...ranks.map(({ members }) => members))
  const add = mayWrite && (
    <Button variant="filled" component={Link} to="/ranks/new">
      {t("add")}
    </Button>
  )
  return (
    <>
      <Head title={t("title")} lead={t("lead")} acts={add} />
      {ranks.length === 0 && (
        <Empty title={t("empty.title")} action={add}>
          {t("empty.text")}
        </Empty>
      )}
      <ol className="rungs">
        {ranks.map((rank) => (
          <li key={rank.id} style={{ "--rank": rank.colour } as CSSProperties}>
            <div className="rungs__head">
              <h2>
                <RankDot colour={rank.colour} /> <Link to={`/ranks/${rank.id}`}>{either(rank.name, locale)}</Link>
              </h2>
              <Link className="rungs__count num" to={`/contacts?rank=${rank.id}`}>
                {number(rank.members)}
                <small>{t("people")}</small>
              </Link>
            </div>
            <div className="gauge">
              <i style={{ width: `${(rank.members / top) * 100}%`, background: rank.colour }} />
            </div>
            {rank.position === 0 ? (
              <p className="quiet">{t("first")}</p>
            ) : (
              <div className="rungs__rules">
                <div>
                  <p className="quiet">{t("rise")}</p>
                  <ConditionText definition={rank.rise} />
                </div>
                <div>
                  <p className="quiet">
                    {t("stay")} {!rank.stay && t("derived")}
                  </p>
                  {rank.mayFall ? (
                    <>
                      <ConditionText definition={rank.staysBy ?? rank.stay ?? rank.rise} />
                      <p className="quiet">{t("graceSays", { days: rank.graceDays })}</p>
                    </>
                  ) : (
                    <p>{t("neverFalls")}</p>
                  )}
                </div>
              </div>
            )}
          </li>
        ))}
      </ol>
    </>
  )
}
