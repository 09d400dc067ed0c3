import { Button, Loader } from "@mantine/core"
import type { ReactNode } from "react"
import { Refused } from "../api.ts"
import { useSay } from "../locale.tsx"
import { say } from "../words/shell-words.ts"

/** Shown only after a moment, so that quick answers do not flicker. */
export function Loading({ label }: { label?: string }) {
  return (
    <div className="loading" role="status" aria-label={label ?? "読み込み中 Loading"}>
      <Loader size="sm" type="dots" />
    </div>
  )
}

/** What happened and what to do, where something could not be read. */
export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const t = useSay(say)
  return (
    <div className="state" role="alert">
      <h2>{titleOf(error, t)}</h2>
      <p>{sentenceOf(error, t)}</p>
      {retry && <Button onClick={retry}>{t("retry")}</Button>}
    </div>
  )
}

/** A fault of an act, beside the button that caused it. */
export function Fault({ error }: { error: unknown }) {
  const t = useSay(say)
  if (!error) return null
  return (
    <p className="fault" role="alert">
      {sentenceOf(error, t)}
    </p>
  )
}

/** Says what belongs here and offers the first step. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="state state--empty">
      <h2>{title}</h2>
      {children && <div className="state__text">{children}</div>}
      {action}
    </div>
  )
}

type T = (key: string) => string

function titleOf(error: unknown, t: T): string {
  if (!(error instanceof Refused)) return t("fault.title")
  return error.status === 0 ? t("fault.offlineTitle") : error.title || t("fault.title")
}

/** The sentence of a refusal in the reader's language. */
function sentenceOf(error: unknown, t: T): string {
  if (!(error instanceof Refused)) return t("fault.bug")
  if (error.status === 0) return t("fault.offline")
  const loose = Object.values(error.fields)
  return error.message || loose[0] || t("fault.bug")
}
