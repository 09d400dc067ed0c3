import { type ReactNode, use } from "react"
import { fieldId, FormContext } from "./forms.tsx"
import { useFrame } from "./frame.ts"
import { say } from "./words.ts"

type Common = {
  name: string
  label: ReactNode
  hint?: ReactNode
  /** Required fields carry 必須, others 任意; `"plain"` shows no badge (sign-in). */
  need?: "required" | "optional" | "plain"
  /** Overrides what Form knows. */
  value?: string
  error?: string
}

type FieldProps = Common & {
  type?: "text" | "email" | "password" | "tel" | "date" | "number" | "url" | "search"
  autoComplete?: string
  inputMode?: "text" | "numeric" | "tel" | "email" | "decimal" | "url" | "search" | "none"
  maxLength?: number
  placeholder?: string
  /** How wide the box is: what it asks for should fit it. */
  size?: "short" | "medium" | "full"
  /** Turns a text box into an area of that many lines. */
  lines?: number
  /** Hooks for enhancements, e.g. `{ "data-postal": "" }`. */
  data?: Record<string, string>
}

/** A labelled text box with its hint and its error beside it. */
export function Field(props: FieldProps) {
  const { name, type = "text", autoComplete, inputMode, maxLength, placeholder, size = "full", lines, data } = props
  const field = useField(props)
  const box = {
    id: field.id,
    name,
    autoComplete,
    maxLength,
    placeholder,
    required: props.need === "required" || undefined,
    defaultValue: type === "password" ? undefined : field.value,
    "aria-invalid": field.error ? true : undefined,
    "aria-describedby": field.describedBy,
    autoFocus: field.first || undefined,
    ...data,
  }
  return (
    <Around {...props} field={field}>
      {lines ? (
        <textarea className="box" rows={lines} {...box} />
      ) : (
        <input className={`box box--${size}`} type={type} inputMode={inputMode} {...box} />
      )}
    </Around>
  )
}

/** A choice of one from a list: radio buttons up to five options, a drop-down above. */
export function Choice(
  props: Common & { options: { value: string; label: ReactNode; hint?: ReactNode }[]; asList?: boolean },
) {
  const { name, options, label, asList = options.length > 5 } = props
  const field = useField(props)
  if (asList)
    return (
      <Around {...props} field={field}>
        <select
          className="box box--medium"
          id={field.id}
          name={name}
          defaultValue={field.value}
          aria-invalid={field.error ? true : undefined}
          aria-describedby={field.describedBy}
          autoFocus={field.first || undefined}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      </Around>
    )
  return (
    <fieldset className={field.error ? "field field--bad" : "field"} aria-describedby={field.describedBy}>
      <legend className="field__label">
        {label} <Badge need={props.need} />
      </legend>
      <Hint field={field} hint={props.hint} />
      <div className="options">
        {options.map((option, index) => (
          <label key={option.value} className="option">
            <input
              type="radio"
              name={name}
              id={index === 0 ? field.id : undefined}
              value={option.value}
              defaultChecked={field.value === option.value}
              autoFocus={(field.first && index === 0) || undefined}
            />
            <span>
              {option.label}
              {option.hint && <small className="option__hint">{option.hint}</small>}
            </span>
          </label>
        ))}
      </div>
      <Fault field={field} />
    </fieldset>
  )
}

/** One box to tick; the label is the sentence agreed to. */
export function Checkbox(props: Common & { checked?: boolean; tick?: string }) {
  const field = useField(props)
  const tick = props.tick ?? "on"
  return (
    <div className={field.error ? "field field--bad" : "field"}>
      <label className="option">
        <input
          type="checkbox"
          name={props.name}
          id={field.id}
          value={tick}
          defaultChecked={field.value === undefined ? props.checked : field.value === tick}
          aria-invalid={field.error ? true : undefined}
          aria-describedby={field.describedBy}
          autoFocus={field.first || undefined}
        />
        <span>
          {props.label} {props.need === "required" && <Badge need="required" />}
        </span>
      </label>
      <Hint field={field} hint={props.hint} />
      <Fault field={field} />
    </div>
  )
}

type Known = { id: string; value?: string; error?: string; describedBy?: string; first: boolean }

function useField({ name, value, error, hint }: Common): Known {
  const form = use(FormContext)
  const fault = error ?? form.errors?.[name]
  const id = fieldId(name)
  const describedBy = [fault && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(" ") || undefined
  const first = fault !== undefined && (form.errors === undefined || Object.keys(form.errors)[0] === name)
  return { id, value: form.values?.[name] ?? value, error: fault, describedBy, first }
}

function Around({
  label,
  need,
  hint,
  field,
  children,
  size,
}: Common & { field: Known; children: ReactNode; size?: string }) {
  return (
    <div className={`field${field.error ? " field--bad" : ""}${size === "short" ? " field--short" : ""}`}>
      <label className="field__label" htmlFor={field.id}>
        {label} <Badge need={need} />
      </label>
      <Hint field={field} hint={hint} />
      {children}
      <Fault field={field} />
    </div>
  )
}

function Badge({ need = "plain" }: { need?: "required" | "optional" | "plain" }) {
  if (need === "plain") return null
  return <span className={`badge badge--${need}`}>{say(useFrame().locale)(need)}</span>
}

function Hint({ field, hint }: { field: Known; hint: ReactNode }) {
  return hint ? (
    <p className="field__hint" id={`${field.id}-hint`}>
      {hint}
    </p>
  ) : null
}

function Fault({ field }: { field: Known }) {
  return field.error ? (
    <p className="field__error" id={`${field.id}-error`}>
      {field.error}
    </p>
  ) : null
}
