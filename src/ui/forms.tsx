import { createContext, type ReactNode } from "react"
import { useFrame } from "./frame.ts"
import { say } from "./words.ts"

/** What was typed and what is wrong with it, by field name. */
export type FormState = { values?: Record<string, string | undefined>; errors?: Record<string, string> }

/** What the fields inside a form know of it. */
export const FormContext = createContext<FormState>({})

/**
 * A form that comes back filled in: give it what was typed and the sentences from `Invalid.fields` / `Problem.errors`,
 * and each Field inside finds its own. The first field at fault takes the focus.
 */
export function Form({
  action,
  children,
  values,
  errors,
  method = "post",
  id,
  multipart,
}: FormState & {
  action: string
  children: ReactNode
  method?: "post" | "get"
  id?: string
  multipart?: boolean
}) {
  return (
    <FormContext value={{ values, errors }}>
      <form
        className="form"
        id={id}
        action={action}
        method={method}
        encType={multipart ? "multipart/form-data" : undefined}
        noValidate
      >
        <FormErrors errors={errors} />
        {children}
      </form>
    </FormContext>
  )
}

/** The list of faults above a form, each a link to its field. Faults of no field (`body`, `form`) are said here. */
function FormErrors({ errors }: { errors?: Record<string, string> | undefined }) {
  const t = say(useFrame().locale)
  const faults = Object.entries(errors ?? {})
  if (faults.length === 0) return null
  const focus = isWhole(faults[0]![0])
  const fields = faults.filter(([name]) => !isWhole(name)).length
  return (
    <div
      className="notice notice--danger"
      role="alert"
      tabIndex={focus ? -1 : undefined}
      autoFocus={focus || undefined}
    >
      {fields > 0 && <p className="notice__title">{t("error.summary", { count: fields })}</p>}
      {fields === 0 ? (
        faults.map(([name, sentence]) => <p key={name}>{sentence}</p>)
      ) : (
        <ul className="notice__list">
          {faults.map(([name, sentence]) => (
            <li key={name}>{isWhole(name) ? sentence : <a href={`#${fieldId(name)}`}>{sentence}</a>}</li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** Fields that belong side by side, e.g. 姓 and 名. */
export function FieldRow({ children }: { children: ReactNode }) {
  return <div className="field-row">{children}</div>
}

/** 入力 → 確認 → 完了 (or other steps): where in a procedure one stands; `at` counts from 0. */
export function Steps({ at, names }: { at: number; names?: string[] }) {
  const t = say(useFrame().locale)
  const all = names ?? [t("steps.input"), t("steps.confirm"), t("steps.done")]
  return (
    <ol className="stages" aria-label={t("steps.label")}>
      {all.map((name, index) => (
        <li key={name} className={index < at ? "is-past" : undefined} aria-current={index === at ? "step" : undefined}>
          {name}
        </li>
      ))}
    </ol>
  )
}

/** What a form hands on unseen, e.g. from 入力 to 確認. */
export function Hidden({ values }: { values: Record<string, string | undefined> }) {
  return Object.entries(values).map(
    ([name, value]) => value !== undefined && <input key={name} type="hidden" name={name} value={value} />,
  )
}

/** The id of a field's box, which the list of faults leads to. */
export function fieldId(name: string): string {
  return `f-${name.replaceAll(/[^\w-]/g, "-")}`
}

function isWhole(name: string): boolean {
  return name === "body" || name === "form"
}
