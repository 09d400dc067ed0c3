import { Textarea } from "@mantine/core"
import { useDebouncedValue } from "@mantine/hooks"
import { useQuery } from "@tanstack/react-query"
import { useMemo } from "react"
import { post, Refused } from "../api.ts"
import { useSay } from "../locale.tsx"
import type { Preview } from "../shapes/conditions.ts"
import { say } from "../words/conditions-words.ts"
import { parse, write } from "./condition-parse.ts"
import { ConditionText } from "./condition-text.tsx"
import { FactReference } from "./fact-reference.tsx"
import { Fitters } from "./fitters.tsx"
import { Templates } from "./templates.tsx"

type Props = {
  label: string
  value: string
  onChange: (text: string) => void
  readOnly?: boolean
  /** Faults of the last saving, below this path. */
  faults?: Record<string, string>
  /** Whether an empty field is fine (no condition). */
  optional?: boolean
  /** Hides the people behind; for the smaller conditions of a larger form. */
  small?: boolean
}

/** A condition as JSON, with faults by path, read aloud, and with the people for whom it holds beside it. */
export function ConditionEditor({ label, value, onChange, readOnly, faults, optional, small }: Props) {
  const t = useSay(say)
  const parsed = useMemo(() => parse(value), [value])
  const [asked] = useDebouncedValue(value, 500)
  const preview = usePreview(asked)
  const problems = Object.entries({ ...problemsOf(preview.error, preview.data), ...faults })
  const empty = value.trim() === ""
  const insert = (definition: unknown) => onChange(write(merge(parsed.value, definition)))
  const fine = !empty && !parsed.fault && problems.length === 0
  const people = fine && <Fitters preview={preview.data} busy={preview.isFetching || asked !== value} small={small} />
  const reference = !readOnly && <FactReference onInsert={insert} />
  return (
    <div className={small ? "stack" : "columns columns--even"}>
      <div className="stack">
        {!readOnly && <Templates onChoose={insert} />}
        <Textarea
          className="code"
          label={label}
          description={optional ? t("optional") : undefined}
          autosize
          minRows={small ? 3 : 8}
          maxRows={30}
          spellCheck={false}
          value={value}
          readOnly={readOnly}
          onChange={(event) => onChange(event.currentTarget.value)}
          error={!empty && parsed.fault ? t("notJson", { line: parsed.fault.line }) : undefined}
        />
        {problems.length > 0 && !parsed.fault && (
          <ul className="faults" role="alert">
            {problems.map(([path, message]) => (
              <li key={path}>
                {path && path !== "condition" && <code>{path}</code>} {message}
              </li>
            ))}
          </ul>
        )}
        {fine && <ConditionText definition={parsed.value} />}
        {small && people}
        {reference}
      </div>
      {!small && <div>{people}</div>}
    </div>
  )
}

/** The people for whom a condition holds now; asked once typing has paused. */
export function usePreview(text: string) {
  const { value, fault } = parse(text)
  return useQuery<Preview>({
    queryKey: ["/api/conditions/preview", text],
    queryFn: () => post<Preview>("/api/conditions/preview", { definition: value }),
    enabled: !fault && text.trim() !== "",
    retry: false,
    staleTime: 30_000,
  })
}

function problemsOf(error: unknown, preview: Preview | undefined): Record<string, string> {
  if (error instanceof Refused)
    return Object.keys(error.fields).length > 0 ? plainPaths(error.fields) : { "": error.message }
  return plainPaths(Object.fromEntries((preview?.errors ?? []).map(({ path, message }) => [path, message])))
}

function plainPaths(fields: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([path, message]) => [path.replace(/^definition\.?/, ""), message]),
  )
}

/** Adds a question to what is there: alone into an empty field, else into the outermost "all". */
function merge(there: unknown, added: unknown): unknown {
  if (typeof there !== "object" || there === null) return added
  const list = (there as { all?: unknown[] }).all
  return Array.isArray(list) ? { ...there, all: [...list, added] } : { all: [there, added] }
}
