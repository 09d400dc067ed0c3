import { Button, NativeSelect, NumberInput, Switch, TagsInput } from "@mantine/core"
import { either } from "../../formats.ts"
import { useLocale, useSay } from "../../locale.tsx"
import { Section } from "../../parts/head.tsx"
import { useCalled } from "../../parts/names.ts"
import { useAll } from "../../queries.ts"
import type { RankMark } from "../../shapes/contacts.ts"
import type { Rule } from "../../shapes/videos.ts"
import { say } from "../../words/videos-words.ts"
import { ruleSentence } from "./rule-sentence.ts"

type Props = {
  rules: Rule[]
  onChange: (rules: Rule[]) => void
  readOnly: boolean
  faults: Record<string, string>
  publishedAt: string | null
}

const fresh: Rule = { everyone: false, minimumRankId: null, plans: null, segmentId: null, window: null }

/** Who may watch. Each rule is also said as a sentence; without any rule nobody may. */
export function Rules({ rules, onChange, readOnly, faults }: Props) {
  const t = useSay(say)
  const { locale } = useLocale()
  const ranks = useAll<RankMark>("/api/ranks")
  const segments = useAll<{ id: string; name: string }>("/api/segments")
  const { nameOf, all } = useCalled()
  const plans = all("plan")
  const planOf = (text: string) => plans.find(({ name }) => nameOf("plan", name) === text)?.name ?? text
  const set = (index: number, change: Partial<Rule>) =>
    onChange(rules.map((rule, i) => (i === index ? { ...rule, ...change } : rule)))
  return (
    <Section title={t("rules.title")} note={t("rules.note")}>
      <div className="stack">
        {rules.length === 0 && <p className="note note--caution">{t("rules.none")}</p>}
        {rules.map((rule, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rules have no other name than their place
          <div className="card stack" key={index}>
            <p className="sentence">
              {index > 0 && <b>{t("rules.or")} </b>}
              {ruleSentence(rule, t, locale, ranks.data ?? [], segments.data ?? [], (plan) => nameOf("plan", plan))}
            </p>
            <Switch
              label={t("rules.everyone")}
              checked={rule.everyone}
              disabled={readOnly}
              onChange={(event) =>
                set(
                  index,
                  event.currentTarget.checked
                    ? { ...fresh, window: rule.window?.kind === "rolling" ? rule.window : null, everyone: true }
                    : { everyone: false },
                )
              }
            />
            {!rule.everyone && (
              <>
                <NativeSelect
                  label={t("rules.rank")}
                  value={rule.minimumRankId ?? ""}
                  disabled={readOnly}
                  error={faults[`rules.${index}.minimumRankId`]}
                  onChange={(event) => set(index, { minimumRankId: event.currentTarget.value || null })}
                  data={[
                    { value: "", label: t("rules.anyRank") },
                    ...(ranks.data ?? []).map(({ id, name }) => ({
                      value: id,
                      label: t("rules.orAbove", { rank: either(name, locale) }),
                    })),
                  ]}
                />
                <TagsInput
                  label={t("rules.plans")}
                  description={t("rules.plansHint")}
                  value={(rule.plans ?? []).map((plan) => nameOf("plan", plan))}
                  data={plans.map(({ name }) => nameOf("plan", name))}
                  readOnly={readOnly}
                  onChange={(chosen) => set(index, { plans: chosen.length > 0 ? chosen.map(planOf) : null })}
                />
                <NativeSelect
                  label={t("rules.segment")}
                  value={rule.segmentId ?? ""}
                  disabled={readOnly}
                  onChange={(event) => set(index, { segmentId: event.currentTarget.value || null })}
                  data={[
                    { value: "", label: t("rules.anySegment") },
                    ...(segments.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
                  ]}
                />
              </>
            )}
            <div className="pair">
              <NativeSelect
                label={t("rules.window")}
                value={rule.window?.kind ?? ""}
                disabled={readOnly}
                onChange={(event) => {
                  const kind = event.currentTarget.value as NonNullable<Rule["window"]>["kind"] | ""
                  set(index, { window: kind ? { kind, months: rule.window?.months ?? 1 } : null })
                }}
                data={["", ...(rule.everyone ? ["rolling"] : ["rolling", "from-join", "for-join"])].map((value) => ({
                  value,
                  label: t(value ? `window.${value}` : "window.none"),
                }))}
              />
              {rule.window && (
                <NumberInput
                  label={t("rules.months")}
                  min={1}
                  max={120}
                  value={rule.window.months}
                  disabled={readOnly}
                  onChange={(months) =>
                    rule.window && set(index, { window: { ...rule.window, months: Number(months) || 1 } })
                  }
                />
              )}
            </div>
            {!readOnly && (
              <div className="row row--end">
                <Button
                  size="xs"
                  variant="subtle"
                  color="danger"
                  onClick={() => onChange(rules.filter((_, i) => i !== index))}
                >
                  {t("rules.remove")}
                </Button>
              </div>
            )}
          </div>
        ))}
        {!readOnly && (
          <div>
            <Button size="xs" onClick={() => onChange([...rules, fresh])}>
              {t(rules.length > 0 ? "rules.addOr" : "rules.add")}
            </Button>
          </div>
        )}
      </div>
    </Section>
  )
}
