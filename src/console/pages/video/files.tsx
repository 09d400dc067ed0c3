import { useState } from "react"
import { patch } from "../../api.ts"
import { bytes, length } from "../../formats.ts"
import { useSay } from "../../locale.tsx"
import { Confirm } from "../../parts/confirm.tsx"
import { Section } from "../../parts/head.tsx"
import { Upload } from "../../parts/upload.tsx"
import { useAct } from "../../queries.ts"
import { useCan } from "../../session.tsx"
import type { VideoDetail } from "../../shapes/videos.ts"
import { say } from "../../words/videos-words.ts"

const kinds = {
  video: { field: "fileId", accept: "video/mp4,video/webm,video/quicktime" },
  captions: { field: "captionsFileId", accept: ".vtt,text/vtt" },
  poster: { field: "posterFileId", accept: "image/jpeg,image/png,image/webp,image/avif" },
} as const

/** The video itself, its captions and its picture. A new file keeps what people watched. */
export function Files({ video }: { video: VideoDetail }) {
  const t = useSay(say)
  const mayWrite = useCan("videos:write")
  const [removing, setRemoving] = useState<keyof typeof kinds | null>(null)
  const act = useAct((change: Record<string, string | null>) => patch(`/api/videos/${video.id}`, change), {
    touches: ["/api/videos"],
    done: () => setRemoving(null),
  })
  return (
    <Section
      title={t("files")}
      side={
        video.fileId && video.durationSeconds ? <span className="num">{length(video.durationSeconds)}</span> : undefined
      }
    >
      <div className="stack">
        {video.fileId && (
          <>
            <video
              className="mail-view"
              style={{ background: "#000" }}
              controls
              preload="metadata"
              src={`/api/videos/${video.id}/file?v=${video.fileId}`}
            >
              {video.captionsFileId && (
                <track
                  kind="captions"
                  srcLang="ja"
                  label="日本語"
                  src={`/api/videos/${video.id}/captions?v=${video.captionsFileId}`}
                />
              )}
            </video>
            <p className="quiet">
              {[
                video.fileName,
                video.fileBytes && bytes(video.fileBytes),
                video.width && `${video.width}×${video.height}`,
              ]
                .filter(Boolean)
                .join(" ・ ")}
            </p>
          </>
        )}
        {(Object.keys(kinds) as (keyof typeof kinds)[]).map((kind) => {
          const { field, accept } = kinds[kind]
          const there = Boolean(video[field])
          return (
            <div key={kind}>
              <div className="row row--apart">
                <b>{t(`file.${kind}`)}</b>
                {there && kind !== "video" && mayWrite && (
                  <button type="button" className="link" onClick={() => setRemoving(kind)}>
                    {t("file.remove")}
                  </button>
                )}
              </div>
              {kind === "poster" && video.posterFileId && (
                <img
                  className="mail-view"
                  style={{ maxWidth: 240 }}
                  src={`/api/videos/${video.id}/poster?v=${video.posterFileId}`}
                  alt=""
                />
              )}
              <p className="quiet">{there ? t(`file.${kind}There`) : t(`file.${kind}Missing`)}</p>
              {mayWrite && (
                <Upload
                  kind={kind}
                  subject={video.id}
                  accept={accept}
                  replace={there}
                  onFile={(fileId) => act.mutate({ [field]: fileId })}
                />
              )}
            </div>
          )
        })}
      </div>
      <Confirm
        opened={removing !== null}
        onClose={() => setRemoving(null)}
        title={t("file.removeTitle")}
        act={t("file.remove")}
        danger
        busy={act.isPending}
        error={act.error}
        onAct={() => removing && act.mutate({ [kinds[removing].field]: null })}
      >
        <p>{t("file.removeText")}</p>
      </Confirm>
    </Section>
  )
}
