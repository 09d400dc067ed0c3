import { Button } from "@mantine/core"
import { useState } from "react"
import { useSay } from "../../locale.tsx"
import type { Scenario, Step } from "../../shapes/scenarios.ts"
import { say } from "../../words/scenarios-words.ts"
import { freshKey, freshMail } from "./fresh.ts"
import { MailEditor } from "./mail-editor.tsx"
import { TestMail } from "./test-mail.tsx"
import { Wait } from "./wait.tsx"

type Props = {
  steps: Step[]
  onChange: (steps: Step[]) => void
  readOnly: boolean
  faults: Record<string, string>
  scenario?: Scenario
  saved: boolean
}

/** The steps in their order: waits and mails. */
export function Steps({ steps, onChange, readOnly, faults, scenario, saved }: Props) {
  const t = useSay(say)
  const [testing, setTesting] = useState<string | null>(null)
  const set = (index: number, step: Step) => onChange(steps.map((one, i) => (i === index ? step : one)))
  const move = (from: number, to: number) => {
    const list = [...steps]
    list.splice(to, 0, ...list.splice(from, 1))
    onChange(list)
  }
  const add = (kind: Step["kind"]) => {
    const key = freshKey(kind, steps)
    onChange([...steps, kind === "wait" ? { key, kind, for: "PT24H" } : freshMail(key, t)])
  }
  const act = (label: string, sign: string, disabled: boolean, onClick: () => void) => (
    <button type="button" className="small-act" aria-label={label} title={label} disabled={disabled} onClick={onClick}>
      {sign}
    </button>
  )
  return (
    <div className="stack">
      <ol className="steps">
        {steps.map((step, index) => {
          const mine = Object.fromEntries(
            Object.entries(faults)
              .filter(([path]) => path.startsWith(`steps.${index}.`))
              .map(([path, text]) => [path.slice(`steps.${index}.`.length), text]),
          )
          return (
            <li className="step" key={step.key}>
              <div className="step__mark" data-n={index + 1} />
              <div className="step__body">
                <div className="step__head">
                  <h3>{t(`kind.${step.kind}`)}</h3>
                  <div className="row">
                    {step.kind === "mail" && scenario && (
                      <Button
                        size="xs"
                        disabled={!saved}
                        title={saved ? undefined : t("saveFirst")}
                        onClick={() => setTesting(step.key)}
                      >
                        {t("preview")}
                      </Button>
                    )}
                    {!readOnly && (
                      <span className="block__acts">
                        {act(t("up"), "↑", index === 0, () => move(index, index - 1))}
                        {act(t("down"), "↓", index === steps.length - 1, () => move(index, index + 1))}
                        {act(t("removeStep"), "×", steps.length === 1, () =>
                          onChange(steps.filter((_, i) => i !== index)),
                        )}
                      </span>
                    )}
                  </div>
                </div>
                {step.kind === "wait" ? (
                  <Wait step={step} onChange={(wait) => set(index, wait)} readOnly={readOnly} fault={mine.for} />
                ) : (
                  <MailEditor step={step} onChange={(mail) => set(index, mail)} readOnly={readOnly} faults={mine} />
                )}
                {mine.key && <p className="fault">{mine.key}</p>}
              </div>
            </li>
          )
        })}
      </ol>
      {!readOnly && (
        <div className="row">
          <Button size="xs" onClick={() => add("wait")}>
            + {t("kind.wait")}
          </Button>
          <Button size="xs" onClick={() => add("mail")}>
            + {t("kind.mail")}
          </Button>
        </div>
      )}
      {scenario && <TestMail scenario={scenario} step={testing} onClose={() => setTesting(null)} />}
    </div>
  )
}
