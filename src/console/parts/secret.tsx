import { Button, CopyButton, Modal } from "@mantine/core"
import { useSay } from "../locale.tsx"
import { say } from "../words/parts-words.ts"
import { say as saySettings } from "../words/settings-words.ts"

/** A word that is shown this once; closing it is forgetting it. */
export function Secret({ secret, title, onClose }: { secret: string | null; title: string; onClose: () => void }) {
  const t = useSay(say)
  const s = useSay(saySettings)
  return (
    <Modal
      opened={secret !== null}
      onClose={onClose}
      title={title}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <div className="stack">
        <p className="note note--caution">{s("once")}</p>
        <div className="secret">
          <span>{secret}</span>
          <CopyButton value={secret ?? ""}>
            {({ copied, copy }) => (
              <Button size="xs" variant="filled" onClick={copy} data-autofocus>
                {t(copied ? "copied" : "copy")}
              </Button>
            )}
          </CopyButton>
        </div>
        <div className="row row--end">
          <Button onClick={onClose}>{s("kept")}</Button>
        </div>
      </div>
    </Modal>
  )
}
