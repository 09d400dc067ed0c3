import { Button, Modal } from "@mantine/core"
import type { ReactNode } from "react"
import { useSay } from "../locale.tsx"
import { say } from "../words/parts-words.ts"
import { Fault } from "./states.tsx"

type Props = {
  opened: boolean
  onClose: () => void
  title: string
  /** What will be, what is kept and what is lost. */
  children: ReactNode
  act: string
  danger?: boolean
  busy?: boolean
  error?: unknown
  disabled?: boolean
  onAct: () => void
}

/** Asks before an act with consequences, and says them. */
export function Confirm({ opened, onClose, title, children, act, danger, busy, error, disabled, onAct }: Props) {
  const t = useSay(say)
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ "aria-label": t("close") }}>
      <div className="stack">
        {children}
        <Fault error={error} />
        <div className="row row--end">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button
            variant="filled"
            color={danger ? "danger" : "accent"}
            loading={busy}
            disabled={disabled}
            onClick={onAct}
          >
            {act}
          </Button>
        </div>
      </div>
    </Modal>
  )
}
