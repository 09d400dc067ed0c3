import { Button, Modal } from "@mantine/core"
import type { FormEvent, ReactNode } from "react"
import { useSay } from "../locale.tsx"
import { say } from "../words/parts-words.ts"
import { Fault } from "./states.tsx"

/** What a form does when it is sent; every `useAct` is one. */
type Act = { mutate: (input: undefined) => void; isPending: boolean; error: unknown }

/** Fields above one another; sending them acts. */
export function Form({ act, width, children }: { act: Act; width?: number; children: ReactNode }) {
  const submit = (event: FormEvent) => {
    event.preventDefault()
    act.mutate(undefined)
  }
  return (
    <form className="stack" onSubmit={submit} style={width ? { maxWidth: width } : undefined}>
      {children}
    </form>
  )
}

type DialogProps = {
  title: string
  act: Act
  /** What the button that sends says; otherwise that it saves. */
  send?: string
  /** Whether enough is filled in. */
  ready?: boolean
  opened?: boolean
  onClose: () => void
  children: ReactNode
}

/** A short form in front of the page. */
export function FormDialog({ title, act, send, ready = true, opened = true, onClose, children }: DialogProps) {
  const t = useSay(say)
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ "aria-label": t("close") }}>
      <Form act={act}>
        {children}
        <Fault error={act.error} />
        <div className="row row--end">
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button type="submit" variant="filled" loading={act.isPending} disabled={!ready}>
            {send ?? t("save")}
          </Button>
        </div>
      </Form>
    </Modal>
  )
}

/** The foot of a form that is part of a page: its fault, and saving once something is changed. */
export function Save({ act, changed }: { act: Act; changed: boolean }) {
  const t = useSay(say)
  return (
    <>
      <Fault error={act.error} />
      <div>
        <Button type="submit" variant="filled" loading={act.isPending} disabled={!changed}>
          {t("save")}
        </Button>
      </div>
    </>
  )
}
