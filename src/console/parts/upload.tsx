import { Button, FileButton } from "@mantine/core"
import { type DragEvent, useEffect, useRef, useState } from "react"
import { DetailedError, Upload as Tus } from "tus-js-client"
import { post, Refused } from "../api.ts"
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
  /** What failed can go on later; what was refused would be refused again. */
  phase: "sending" | "paused" | "checking" | "failed" | "refused"
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
      onError: (error) => fail(faultOf(error, t("tooLarge"))),
      onSuccess: () => void finish(upload.url ?? "", file.name),
    })
    tus.current = upload
    writeBegun(subject, kind, { name: file.name, size: file.size })
    setState({ name: file.name, size: file.size, sent: 0, phase: "sending" })
    const before = await upload.findPreviousUploads().catch(() => [])
    if (before[0]) upload.resumeFromPreviousUpload(before[0])
    upload.start()
  }
  const fail = (error: unknown) => {
    const refused = error instanceof Refused && (error.status === 413 || error.status === 422)
    if (refused) writeBegun(subject, kind, null)
    setState((now) => now && { ...now, phase: refused ? "refused" : "failed", error })
  }
  const finish = async (url: string, name: string) => {
    setState((now) => now && { ...now, sent: now.size, phase: "checking" })
    try {
      const made = await post<{ id: string }>("/api/files", { uploadId: url.split("/").pop(), kind, name })
      setState(null)
      onFile(made.id)
    } catch (error) {
      fail(error)
    }
    writeBegun(subject, kind, null)
  }
  const pause = () => void tus.current?.abort().then(() => setState((now) => now && { ...now, phase: "paused" }))
  const resume = () => {
    setState((now) => now && { ...now, phase: "sending", error: undefined })
    tus.current?.start()
  }
  // What a broken connection stopped goes on by itself when there is one again.
  useEffect(() => {
    if (state?.phase !== "failed" || !isOffline(state.error)) return
    window.addEventListener("online", resume)
    return () => window.removeEventListener("online", resume)
  })
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

  const chooser = (text: string) => (
    <FileButton accept={accept} onChange={(file) => void start(file)}>
      {(props) => (
        <Button size="xs" {...props}>
          {t(text)}
        </Button>
      )}
    </FileButton>
  )
  if (!state)
    return (
      <div
        className={over ? "upload is-over" : "upload"}
        onDragOver={(event) => (event.preventDefault(), setOver(true))}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        {begun && <p className="quiet">{t("begun", { name: begun.name })}</p>}
        {chooser(replace ? "replace" : "choose")}
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
      {isOffline(state.error) ? (
        <p className="fault" role="alert">
          {t("offline")}
        </p>
      ) : (
        <Fault error={state.error} />
      )}
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
        {state.phase === "refused" && chooser("other")}
        {state.phase !== "checking" && (
          <Button size="xs" variant="subtle" color="danger" onClick={give}>
            {t("cancel")}
          </Button>
        )}
      </div>
    </div>
  )
}

/** What the sender says of a fault, as the API would have said it; without an answer there was no connection. */
function faultOf(error: Error | DetailedError, tooLarge: string): unknown {
  if (!(error instanceof DetailedError)) return error
  const answer = error.originalResponse
  if (!answer) return new Refused(0, "offline", "offline")
  const problem = problemIn(answer.getBody())
  return new Refused(
    answer.getStatus(),
    problem.title ?? "",
    problem.detail ?? (answer.getStatus() === 413 ? tooLarge : ""),
  )
}

function problemIn(body: string): { title?: string; detail?: string } {
  try {
    return JSON.parse(body) as { title?: string; detail?: string }
  } catch {
    return {}
  }
}

function isOffline(error: unknown): boolean {
  return error instanceof Refused && error.status === 0
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
