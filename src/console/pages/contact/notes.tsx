import { Button, Textarea } from "@mantine/core"
import { useEffect, useState } from "react"
import { post } from "../../api.ts"
import { moment } from "../../formats.ts"
import { useSay } from "../../locale.tsx"
import { Section } from "../../parts/head.tsx"
import { Fault } from "../../parts/states.tsx"
import { useAct, useAll } from "../../queries.ts"
import { useCan } from "../../session.tsx"
import type { Note } from "../../shapes/contacts.ts"
import { say } from "../../words/contact-words.ts"
import { say as sayParts } from "../../words/parts-words.ts"

/** Internal notes; the member never sees them. `asked` counts how often the page was asked to write one. */
export function Notes({ path, asked }: { path: string; asked: number }) {
  const t = useSay(say)
  const p = useSay(sayParts)
  const mayWrite = useCan("contacts:write")
  const notes = useAll<Note>(`${path}/notes`)
  const [writing, setWriting] = useState(false)
  const [body, setBody] = useState("")
  useEffect(() => {
    if (asked > 0) setWriting(true)
  }, [asked])
  const act = useAct(() => post(`${path}/notes`, { body }), {
    touches: [`${path}/notes`],
    done: () => {
      setBody("")
      setWriting(false)
    },
  })
  return (
    <Section
      title={t("notes")}
      side={
        mayWrite && !writing ? (
          <button type="button" className="link" onClick={() => setWriting(true)}>
            {t("write")}
          </button>
        ) : undefined
      }
    >
      <div className="stack">
        {writing && (
          <div className="stack">
            <Textarea
              aria-label={t("note")}
              description={t("noteHint")}
              autosize
              minRows={3}
              autoFocus
              value={body}
              onChange={(event) => setBody(event.currentTarget.value)}
            />
            <Fault error={act.error} />
            <div className="row row--end">
              <Button size="xs" onClick={() => setWriting(false)}>
                {p("cancel")}
              </Button>
              <Button
                size="xs"
                variant="filled"
                loading={act.isPending}
                disabled={!body.trim()}
                onClick={() => act.mutate(undefined)}
              >
                {p("save")}
              </Button>
            </div>
          </div>
        )}
        {notes.data?.map((note) => (
          <div className="memo" key={note.id}>
            {note.body}
            <footer>
              {note.writtenBy?.name ?? t("someone")} ・ <time>{moment(note.writtenAt)}</time>
            </footer>
          </div>
        ))}
        {notes.data?.length === 0 && !writing && <p className="quiet">{t("noNotes")}</p>}
      </div>
    </Section>
  )
}
