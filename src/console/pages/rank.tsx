import { Button, ColorInput, NumberInput, Switch, TextInput } from "@mantine/core"
import { useState } from "react"
import { useNavigate, useParams } from "react-router"
import { patch, post, remove } from "../api.ts"
import { useDraft } from "../drafts.ts"
import { either } from "../formats.ts"
import { useLocale, useSay } from "../locale.tsx"
import { ConditionEditor } from "../parts/condition-editor.tsx"
import { parse, write } from "../parts/condition-parse.ts"
import { Confirm } from "../parts/confirm.tsx"
import { Head, Section } from "../parts/head.tsx"
import { tell } from "../parts/notices.ts"
import { Empty, Fault, Loading } from "../parts/states.tsx"
import { Tag } from "../parts/tags.tsx"
import { faultsOf, useAct, useAll } from "../queries.ts"
import { useCan } from "../session.tsx"
import type { Rank } from "../shapes/ranks.ts"
import { say as sayParts } from "../words/parts-words.ts"
import { say } from "../words/ranks-words.ts"
import { TryOut } from "./rank/try-out.tsx"

/** One step of the ladder, tried on the real members before it is saved. */
export default function RankPage() {
  const { id } = useParams()
  const t = useSay(say)
  const { locale } = useLocale()
  const ranks = useAll<Rank>("/api/ranks")
  const mayWrite = useCan("ranks:write")
  if (!ranks.data) return <Loading />
  const rank = ranks.data.find((one) => one.id === id)
  if (!rank && id !== "new") return <Empty title={t("missing")} />
  const next = Math.max(-1, ...ranks.data.map(({ position }) => position)) + 1
  return (
    <>
      <Head
        title={rank ? either(rank.name, locale) : t("new")}
        trail={{ to: "/ranks", name: t("title") }}
        acts={rank && mayWrite && rank.position > 0 && <Remove rank={rank} />}
      >
        {rank && (
          <div className="tags">
            <Tag>{t("count", { count: rank.members })}</Tag>
            <Tag>{t("version", { version: rank.version })}</Tag>
          </div>
        )}
      </Head>
      <Editor key={rank?.id ?? "new"} rank={rank} ranks={ranks.data} position={rank?.position ?? next} />
    </>
  )
}

function Editor({ rank, ranks, position }: { rank?: Rank; ranks: Rank[]; position: number }) {
  const t = useSay(say)
  const p = useSay(sayParts)
  const go = useNavigate()
  const mayWrite = useCan("ranks:write")
  const before = {
    ja: rank?.name.ja ?? "",
    en: rank?.name.en ?? "",
    colour: rank?.colour ?? "#766e62",
    rise: write(rank?.rise),
    stay: write(rank?.stay),
    graceDays: rank?.graceDays ?? 30,
    mayFall: rank?.mayFall ?? true,
  }
  const { draft, set, changed } = useDraft(before)
  const [rise, stay] = [parse(draft.rise), parse(draft.stay)]
  const rules = position === 0 ? { rise: null, stay: null } : { rise: rise.value ?? null, stay: stay.value ?? null }
  const body = {
    position,
    name: { ja: draft.ja, en: draft.en || draft.ja },
    colour: draft.colour,
    ...rules,
    graceDays: draft.graceDays,
    mayFall: draft.mayFall,
  }
  const act = useAct(() => (rank ? patch<Rank>(`/api/ranks/${rank.id}`, body) : post<Rank>("/api/ranks", body)), {
    touches: ["/api/ranks", "/api/contacts"],
    done: () => {
      tell(p("saved"))
      void go("/ranks")
    },
  })
  const faults = faultsOf(act.error)
  const below = (path: string) =>
    Object.fromEntries(
      Object.entries(faults)
        .filter(([name]) => name === path || name.startsWith(`${path}.`))
        .map(([name, text]) => [name.slice(path.length + 1), text]),
    )
  const usable = Boolean(draft.ja.trim()) && !rise.fault && !stay.fault && (position === 0 || rise.value !== undefined)
  return (
    <>
      <div className="columns">
        <div className="stack stack--wide">
          <Section title={t("look")}>
            <div className="stack">
              <div className="pair">
                <TextInput
                  label={t("field.ja")}
                  value={draft.ja}
                  readOnly={!mayWrite}
                  error={faults["name.ja"] ?? faults.name}
                  onChange={(event) => set({ ja: event.currentTarget.value })}
                />
                <TextInput
                  label={t("field.en")}
                  value={draft.en}
                  readOnly={!mayWrite}
                  error={faults["name.en"]}
                  onChange={(event) => set({ en: event.currentTarget.value })}
                />
              </div>
              <ColorInput
                label={t("field.colour")}
                value={draft.colour}
                readOnly={!mayWrite}
                format="hex"
                withEyeDropper={false}
                swatches={["#766e62", "#b0793d", "#8b97a3", "#c8a24a", "#27467a", "#4a3a62", "#41602f"]}
                onChange={(colour) => set({ colour })}
                error={faults.colour}
              />
            </div>
          </Section>
          {position > 0 && (
            <>
              <Section title={t("riseTitle")} note={t("riseNote")}>
                <ConditionEditor
                  label={t("field.rise")}
                  value={draft.rise}
                  readOnly={!mayWrite}
                  small
                  faults={below("rise")}
                  onChange={(text) => set({ rise: text })}
                />
              </Section>
              <Section title={t("stayTitle")} note={t("stayNote")}>
                <div className="stack">
                  <Switch
                    label={t("field.mayFall")}
                    checked={draft.mayFall}
                    disabled={!mayWrite}
                    onChange={(event) => set({ mayFall: event.currentTarget.checked })}
                  />
                  {draft.mayFall && (
                    <>
                      <NumberInput
                        label={t("field.graceDays")}
                        description={t("graceHint")}
                        min={0}
                        max={366}
                        value={draft.graceDays}
                        readOnly={!mayWrite}
                        onChange={(days) => set({ graceDays: Number(days) || 0 })}
                        maw={240}
                        error={faults.graceDays}
                      />
                      <ConditionEditor
                        label={t("field.stay")}
                        value={draft.stay}
                        readOnly={!mayWrite}
                        small
                        faults={below("stay")}
                        onChange={(text) => set({ stay: text })}
                      />
                    </>
                  )}
                </div>
              </Section>
            </>
          )}
        </div>
        {position > 0 && <TryOut draft={{ ...body, rankId: rank?.id }} ranks={ranks} ready={usable} />}
      </div>
      {mayWrite && (changed || !rank) && (
        <div className="savebar">
          {changed && rank && <span className="quiet">{t("effect")}</span>}
          <Fault error={act.error} />
          <Button
            variant="filled"
            disabled={!changed || !usable}
            loading={act.isPending}
            onClick={() => act.mutate(undefined)}
          >
            {rank ? p("save") : t("create")}
          </Button>
        </div>
      )}
    </>
  )
}

function Remove({ rank }: { rank: Rank }) {
  const t = useSay(say)
  const go = useNavigate()
  const [asking, setAsking] = useState(false)
  const act = useAct(() => remove(`/api/ranks/${rank.id}`), {
    touches: ["/api/ranks", "/api/contacts"],
    done: () => void go("/ranks"),
  })
  return (
    <>
      <Button onClick={() => setAsking(true)}>{t("remove")}</Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={t("removeTitle")}
        act={t("remove")}
        danger
        busy={act.isPending}
        error={act.error}
        onAct={() => act.mutate(undefined)}
      >
        <p>{t("removeText", { count: rank.members })}</p>
      </Confirm>
    </>
  )
}
