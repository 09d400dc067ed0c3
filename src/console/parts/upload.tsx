import { Button, FileButton } from "@mantine/core"
import { type DragEvent, useEffect, useRef, useState } from "react"
import { Upload as Tus } from "tus-js-client"
import { post } from "../api.ts"
import { bytes } from "../formats.ts"
import { useSay } from "../locale.tsx"
import { say } from "../words/upload-words.ts"
import { Fault } from "./states.tsx"

type Props = {
  kind: "video" | "captions" | "poster"
  /** What it belongs to: an upload that was broken off is offered again there. */
  subject: string
  accept: string
  replace: boolean
  onFile: (fileId: string) => void
}
type State = {
  name: string
  size: number
  sent: number
  phase: "sending" | "paused" | "checking" | "failed"
  error?: unknown
}

/** Sends a file in resumable pieces; a broken connection, a pause, even a closed page lose nothing of what has arrived. */
export function Upload({ kind, subject, accept, replace, onFile }: Props) {
  const t = useSay(say)
  const tus = useRef<Tus | null>(null)
  const [state, setState] = useState<State | null>(null)
  const [over, setOver] = useState(false)
  const begun = readBegun(subject, kind)
  useEffect(() => () => void tus.current?.abort(), [])
  useEffect(() => {
    if (state?.phase !== "sending") return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener("beforeunload", warn)
    return () => window.removeEventListener("beforeunload", warn)
  }, [state?.phase])

  const start = async (file: File | null) => {
    if (!file) return
    const upload = new Tus(file, {
      endpoint: "/api/uploads",
      chunkSize: 8 * 1024 * 1024,
      retryDelays: [0, 1000, 3000, 5000, 10_000, 20_000, 30_000],
      removeFingerprintOnSuccess: true,
      metadata: { filename: file.name, filetype: file.type, kind },
      onProgress: (sent) => setState((now) => now && { ...now, sent }),
      onError: (error) => setState((now) => now && { ...now, phase: "failed", error }),
      onSuccess: () => void finish(upload.url ?? "", file.name),
    })
    tus.current = upload
    writeBegun(subject, kind, { name: file.name, size: file.size })
    setState({ name: file.name, size: file.size, sent: 0, phase: "sending" })
    const before = await upload.findPreviousUploads().catch(() => [])
    if (before[0]) upload.resumeFromPreviousUpload(before[0])
    upload.start()
  }
  const finish = async (url: string, name: string) => {
    setState((now) => now && { ...now, sent: now.size, phase: "checking" })
    try {
      const made = await post<{ id: string }>("/api/files", { uploadId: url.split("/").pop(), kind, name })
      setState(null)
      onFile(made.id)
    } catch (error) {
      setState((now) => now && { ...now, phase: "failed", error })
    }
    writeBegun(subject, kind, null)
  }
  const pause = () => void tus.current?.abort().then(() => setState((now) => now && { ...now, phase: "paused" }))
  const resume = () => {
    setState((now) => now && { ...now, phase: "sending", error: undefined })
    tus.current?.start()
  }
  const give = () => {
    void tus.current?.abort(true).catch(() => undefined)
    writeBegun(subject, kind, null)
    setState(null)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void start(event.dataTransfer.files[0] ?? null)
  }

  if (!state)
    return (
      <div
        className={over ? "upload is-over" : "upload"}
        onDragOver={(event) => (event.preventDefault(), setOver(true))}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        {begun && <p className="quiet">{t("begun", { name: begun.name })}</p>}
        <FileButton accept={accept} onChange={(file) => void start(file)}>
          {(props) => (
            <Button size="xs" {...props}>
              {t(replace ? "replace" : "choose")}
            </Button>
          )}
        </FileButton>
      </div>
    )
  const share = state.sent / Math.max(1, state.size)
  return (
    <div className="upload">
      <p className="clip" style={{ maxWidth: "100%" }}>
        {state.name}
      </p>
      <div
        className="gauge"
        role="progressbar"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.floor(share * 100)}
        aria-label={state.name}
      >
        <i style={{ width: `${share * 100}%` }} />
      </div>
      <p className="quiet num">
        {t(`phase.${state.phase}`)} {bytes(state.sent)} / {bytes(state.size)} ({Math.floor(share * 100)}%)
      </p>
      {state.phase === "failed" && <Fault error={state.error} />}
      <div className="row">
        {state.phase === "sending" && (
          <Button size="xs" onClick={pause}>
            {t("pause")}
          </Button>
        )}
        {(state.phase === "paused" || state.phase === "failed") && (
          <Button size="xs" onClick={resume}>
            {t("resume")}
          </Button>
        )}
        {state.phase !== "checking" && (
          <Button size="xs" variant="subtle" color="danger" onClick={give}>
            {t("cancel")}
          </Button>
        )}
      </div>
    </div>
  )
}

type Begun = { name: string; size: number }
const keyOf = (subject: string, kind: string) => `upload ${subject} ${kind}`

function readBegun(subject: string, kind: string): Begun | null {
  const kept = localStorage.getItem(keyOf(subject, kind))
  return kept ? (JSON.parse(kept) as Begun) : null
}

function writeBegun(subject: string, kind: string, begun: Begun | null): void {
  if (begun) localStorage.setItem(keyOf(subject, kind), JSON.stringify(begun))
  else localStorage.removeItem(keyOf(subject, kind))
}
