import { TextInput } from "@mantine/core"
import { useState } from "react"
import { either } from "../formats.ts"
import { useLocale, useSay } from "../locale.tsx"
import { useAll } from "../queries.ts"
import type { Fact } from "../shapes/conditions.ts"
import { say } from "../words/conditions-words.ts"

const examples: Record<Fact["type"], unknown> = {
  number: { gte: 1 },
  text: { eq: "…" },
  date: { gte: "2026-01-01" },
  boolean: { eq: true },
  set: { contains: "…" },
}

/** Every question a condition may ask, with its arguments and an example to put in. */
export function FactReference({ onInsert }: { onInsert: (definition: unknown) => void }) {
  const t = useSay(say)
  const { locale } = useLocale()
  const facts = useAll<Fact>("/api/facts")
  const [typed, setTyped] = useState("")
  const wanted = typed.trim().toLowerCase()
  const shown = (facts.data ?? []).filter(
    (fact) => !wanted || fact.name.includes(wanted) || either(fact.label, locale).toLowerCase().includes(wanted),
  )
  return (
    <details>
      <summary className="link">{t("facts", { count: facts.data?.length ?? 0 })}</summary>
      <div className="stack" style={{ marginTop: 8 }}>
        <TextInput
          size="xs"
          type="search"
          aria-label={t("findFact")}
          placeholder={t("findFact")}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
        <div className="facts" tabIndex={0} role="region" aria-label={t("facts", { count: shown.length })}>
          {shown.map((fact) => {
            const example = exampleOf(fact)
            return (
              <details key={fact.name}>
                <summary>
                  <span>{either(fact.label, locale)}</span>
                  <code>{fact.name}</code>
                </summary>
                <p className="quiet">
                  {t(`type.${fact.type}`)}
                  {Object.entries(fact.with?.properties ?? {}).map(([name, { description }]) => (
                    <span key={name}>
                      {" ・ "}
                      <code>{name}</code> {description}
                    </span>
                  ))}
                </p>
                <pre>{JSON.stringify(example, null, 1)}</pre>
                <button type="button" className="link" onClick={() => onInsert(example)}>
                  {t("insert")}
                </button>
              </details>
            )
          })}
        </div>
      </div>
    </details>
  )
}

function exampleOf(fact: Fact): unknown {
  const required = fact.with?.required ?? []
  const args = Object.fromEntries(
    required.map((name) => [
      name,
      name === "event" ? "video.completed" : name === "name" ? "plan" : name === "purpose" ? "advertising-mail" : "…",
    ]),
  )
  return {
    fact: fact.name,
    ...(required.length > 0 ? { with: args } : {}),
    is: examples[fact.type] ?? { exists: true },
  }
}
