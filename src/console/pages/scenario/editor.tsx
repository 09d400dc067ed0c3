import { Button, NativeSelect, Switch, TextInput } from "@mantine/core"
import { useNavigate } from "react-router"
import { post, put } from "../../api.ts"
import { useDraft } from "../../drafts.ts"
import { useSay } from "../../locale.tsx"
import { ConditionEditor } from "../../parts/condition-editor.tsx"
import { parse, write } from "../../parts/condition-parse.ts"
import { Section } from "../../parts/head.tsx"
import { tell } from "../../parts/notices.ts"
import { Fault } from "../../parts/states.tsx"
import { faultsOf, useAct } from "../../queries.ts"
import { useCan } from "../../session.tsx"
import type { Scenario, Step } from "../../shapes/scenarios.ts"
import { say as sayParts } from "../../words/parts-words.ts"
import { say } from "../../words/scenarios-words.ts"
import { firstSteps } from "./fresh.ts"
import { Steps } from "./steps.tsx"

/** Who goes in, who leaves early, and the steps between. Saving a running one makes a new version. */
export function Editor({ scenario }: { scenario?: Scenario }) {
  const t = useSay(say)
  const p = useSay(sayParts)
  const go = useNavigate()
  const readOnly = !useCan("scenarios:write") || scenario?.state === "archived"
  const definition = scenario?.definition
  const before = {
    name: scenario?.name ?? "",
    reentry: scenario?.reentry ?? "never",
    entry: write(definition?.entry),
    exit: write(definition?.exit),
    goal: write(definition?.goal),
    enterExisting: definition?.enterExisting ?? false,
    steps: (definition?.steps ?? firstSteps(t)) as Step[],
    move: false,
  }
  const { draft, set, changed } = useDraft(before)
  const conditions = { entry: parse(draft.entry), exit: parse(draft.exit), goal: parse(draft.goal) }
  const body = {
    name: draft.name,
    reentry: draft.reentry,
    definition: {
      entry: conditions.entry.value,
      ...(conditions.exit.value === undefined ? {} : { exit: conditions.exit.value }),
      ...(conditions.goal.value === undefined ? {} : { goal: conditions.goal.value }),
      enterExisting: draft.enterExisting,
      steps: draft.steps,
    },
  }
  const act = useAct(
    () =>
      scenario
        ? put<Scenario>(`/api/scenarios/${scenario.id}`, { ...body, move: draft.move })
        : post<Scenario>("/api/scenarios", body),
    {
      touches: ["/api/scenarios"],
      done: (made) => {
        tell(p("saved"))
        void go(`/scenarios/${made.id}?tab=edit`, { replace: true })
      },
    },
  )
  const faults = Object.fromEntries(
    Object.entries(faultsOf(act.error)).map(([path, text]) => [path.replace(/^definition\./, ""), text]),
  )
  const below = (path: string) =>
    Object.fromEntries(Object.entries(faults).filter(([name]) => name === path || name.startsWith(`${path}.`)))
  const usable =
    draft.name.trim() &&
    draft.steps.length > 0 &&
    conditions.entry.value !== undefined &&
    !Object.values(conditions).some(({ fault }) => fault)
  return (
    <div style={{ maxWidth: 860 }} className="stack stack--wide">
      <div className="pair">
        <TextInput
          label={t("field.name")}
          value={draft.name}
          readOnly={readOnly}
          error={faults.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <NativeSelect
          label={t("field.reentry")}
          value={draft.reentry}
          disabled={readOnly}
          onChange={(event) => set({ reentry: event.currentTarget.value as "never" })}
          data={["never", "after-exit"].map((value) => ({ value, label: t(`reentry.${value}`) }))}
        />
      </div>
      <Section title={t("entry.title")} note={t("entry.note")}>
        <div className="stack">
          <ConditionEditor
            label={t("field.entry")}
            value={draft.entry}
            readOnly={readOnly}
            faults={below("entry")}
            small
            onChange={(entry) => set({ entry })}
          />
          <Switch
            label={t("field.enterExisting")}
            description={t("enterExistingHint")}
            checked={draft.enterExisting}
            disabled={readOnly}
            onChange={(event) => set({ enterExisting: event.currentTarget.checked })}
          />
        </div>
      </Section>
      <Section title={t("steps.title")} note={t("steps.note")}>
        <Steps
          steps={draft.steps}
          onChange={(steps) => set({ steps })}
          readOnly={readOnly}
          faults={faults}
          scenario={scenario}
          saved={!changed}
        />
      </Section>
      <Section title={t("exit.title")} note={t("exit.note")}>
        <ConditionEditor
          label={t("field.exit")}
          optional
          value={draft.exit}
          readOnly={readOnly}
          faults={below("exit")}
          small
          onChange={(exit) => set({ exit })}
        />
      </Section>
      <Section title={t("goal.title")} note={t("goal.note")}>
        <ConditionEditor
          label={t("field.goal")}
          optional
          value={draft.goal}
          readOnly={readOnly}
          faults={below("goal")}
          small
          onChange={(goal) => set({ goal })}
        />
      </Section>
      {!readOnly && (changed || !scenario) && (
        <div className="savebar">
          {scenario && scenario.state !== "draft" && changed && (
            <Switch
              label={t("field.move")}
              checked={draft.move}
              onChange={(event) => set({ move: event.currentTarget.checked })}
              mr="auto"
            />
          )}
          <Fault error={act.error} />
          <Button
            variant="filled"
            disabled={!changed || !usable}
            loading={act.isPending}
            onClick={() => act.mutate(undefined)}
          >
            {t(scenario ? (scenario.state === "draft" ? "saveDraft" : "saveVersion") : "create")}
          </Button>
        </div>
      )}
    </div>
  )
}
