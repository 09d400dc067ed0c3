import { Button } from "@mantine/core"
import { useState } from "react"
import { Link, useNavigate, useParams, useSearchParams } from "react-router"
import { post, remove } from "../api.ts"
import { moment } from "../formats.ts"
import { useSay } from "../locale.tsx"
import { Confirm } from "../parts/confirm.tsx"
import { Head } from "../parts/head.tsx"
import { Failed, Fault, Loading } from "../parts/states.tsx"
import { Tag } from "../parts/tags.tsx"
import { useAct, useThing } from "../queries.ts"
import { useCan } from "../session.tsx"
import type { VideoDetail } from "../shapes/videos.ts"
import { say } from "../words/videos-words.ts"
import { VideoEditor } from "./video/editor.tsx"
import { Viewers } from "./video/viewers.tsx"
import { StateTag } from "./videos.tsx"

/** One video: what it is, who may watch it, who watched which seconds. */
export default function VideoPage() {
  const { id } = useParams()
  const t = useSay(say)
  const [params] = useSearchParams()
  const tab = params.get("tab") ?? "edit"
  const found = useThing<VideoDetail>(`/api/videos/${id}`)
  const mayWrite = useCan("videos:write")
  const mayContacts = useCan("contacts:read")
  if (found.error && !found.data) return <Failed error={found.error} retry={() => void found.refetch()} />
  if (!found.data) return <Loading />
  const video = found.data
  return (
    <>
      <Head title={video.title} trail={{ to: "/videos", name: t("title") }} acts={mayWrite && <Acts video={video} />}>
        <div className="tags">
          <StateTag video={video} />
          {video.publishedAt && <Tag>{t("from", { at: moment(video.publishedAt) })}</Tag>}
          {video.unpublishedAt && <Tag>{t("until", { at: moment(video.unpublishedAt) })}</Tag>}
          {video.rules.length === 0 && <Tag tone="caution">{t("closedToAll")}</Tag>}
        </div>
      </Head>
      {mayContacts && (
        <div className="tabs">
          <Link to="?" aria-current={tab === "edit" ? "page" : undefined}>
            {t("tab.edit")}
          </Link>
          <Link to="?tab=viewers" aria-current={tab === "viewers" ? "page" : undefined}>
            {t("tab.viewers")}
            <small className="num">{video.viewers}</small>
          </Link>
        </div>
      )}
      {tab === "viewers" ? <Viewers video={video} /> : <VideoEditor key={video.id} video={video} />}
    </>
  )
}

function Acts({ video }: { video: VideoDetail }) {
  const t = useSay(say)
  const go = useNavigate()
  const [archiving, setArchiving] = useState(false)
  const path = `/api/videos/${video.id}`
  const publish = useAct(() => post(`${path}/publication`), { touches: ["/api/videos"] })
  const unpublish = useAct(() => remove(`${path}/publication`), { touches: ["/api/videos"] })
  const archive = useAct(() => remove(path), { touches: ["/api/videos"], done: () => void go("/videos") })
  return (
    <>
      <Fault error={publish.error ?? unpublish.error} />
      {video.state !== "archived" && <Button onClick={() => setArchiving(true)}>{t("archive")}</Button>}
      {video.state === "published" ? (
        <Button loading={unpublish.isPending} onClick={() => unpublish.mutate(undefined)}>
          {t("unpublish")}
        </Button>
      ) : (
        <Button
          variant="filled"
          loading={publish.isPending}
          disabled={!video.fileId}
          onClick={() => publish.mutate(undefined)}
        >
          {t(video.publishedAt && Date.parse(video.publishedAt) > Date.now() ? "publishLater" : "publish")}
        </Button>
      )}
      <Confirm
        opened={archiving}
        onClose={() => setArchiving(false)}
        title={t("archiveTitle")}
        act={t("archive")}
        danger
        busy={archive.isPending}
        error={archive.error}
        onAct={() => archive.mutate(undefined)}
      >
        <p>{t("archiveText", { viewers: video.viewers })}</p>
      </Confirm>
    </>
  )
}
