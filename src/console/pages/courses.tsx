import { Button, Drawer, Textarea, TextInput } from "@mantine/core"
import { type FormEvent, useState } from "react"
import { Link } from "react-router"
import { patch, post, remove } from "../api.ts"
import { useSay } from "../locale.tsx"
import { Confirm } from "../parts/confirm.tsx"
import { Head, Section } from "../parts/head.tsx"
import { Empty, Failed, Fault, Loading } from "../parts/states.tsx"
import { StateTag } from "./videos.tsx"
import { faultsOf, useAct, useAll } from "../queries.ts"
import { useCan } from "../session.tsx"
import type { Course, Video } from "../shapes/videos.ts"
import { say as sayParts } from "../words/parts-words.ts"
import { say } from "../words/videos-words.ts"

const touches = ["/api/courses", "/api/videos"]

/** Courses: ordered paths of videos. The order decides what is recommended next. */
export default function Courses() {
  const t = useSay(say)
  const mayWrite = useCan("videos:write")
  const courses = useAll<Course>("/api/courses")
  const videos = useAll<Video>("/api/videos")
  const [editing, setEditing] = useState<Partial<Course> | null>(null)
  if (courses.error && !courses.data) return <Failed error={courses.error} retry={() => void courses.refetch()} />
  if (!courses.data) return <Loading />
  const add = mayWrite && (
    <Button variant="filled" onClick={() => setEditing({})}>
      {t("course.add")}
    </Button>
  )
  return (
    <>
      <Head title={t("courses")} trail={{ to: "/videos", name: t("title") }} lead={t("course.lead")} acts={add} />
      {courses.data.length === 0 && (
        <Empty title={t("course.empty")} action={add}>
          {t("course.emptyText")}
        </Empty>
      )}
      <div className="stack stack--wide">
        {courses.data.map((course) => (
          <CourseBox
            key={course.id}
            course={course}
            videos={videos.data ?? []}
            onEdit={mayWrite ? () => setEditing(course) : undefined}
          />
        ))}
      </div>
      <CourseDraft course={editing} onClose={() => setEditing(null)} />
    </>
  )
}

function CourseBox({ course, videos, onEdit }: { course: Course; videos: Video[]; onEdit?: () => void }) {
  const t = useSay(say)
  const order = useAct((videoIds: string[]) => patch(`/api/courses/${course.id}`, { videoIds }), { touches })
  const move = (from: number, to: number) => {
    const ids = [...course.videoIds]
    ids.splice(to, 0, ...ids.splice(from, 1))
    order.mutate(ids)
  }
  return (
    <Section
      title={course.title}
      note={course.description}
      side={
        onEdit && (
          <button type="button" className="link" onClick={onEdit}>
            {t("course.edit")}
          </button>
        )
      }
    >
      <ol className="stack" style={{ gap: 2 }}>
        {course.videoIds.map((id, i) => {
          const video = videos.find((one) => one.id === id)
          return (
            <li className="row row--apart" key={id}>
              <span>
                <span className="quiet num">{i + 1}. </span>
                <Link className="list__name" to={`/videos/${id}`}>
                  {video?.title ?? "…"}
                </Link>{" "}
                {video && video.state !== "published" && <StateTag video={video} />}
              </span>
              {onEdit && (
                <span>
                  <button
                    type="button"
                    className="small-act"
                    disabled={i === 0 || order.isPending}
                    onClick={() => move(i, i - 1)}
                    aria-label={t("course.up", { title: video?.title ?? "" })}
                  >
                    ↑
                  </button>
                  <button
                    type="button"
                    className="small-act"
                    disabled={i === course.videoIds.length - 1 || order.isPending}
                    onClick={() => move(i, i + 1)}
                    aria-label={t("course.down", { title: video?.title ?? "" })}
                  >
                    ↓
                  </button>
                </span>
              )}
            </li>
          )
        })}
      </ol>
      {course.videoIds.length === 0 && <p className="quiet">{t("course.noVideos")}</p>}
      <Fault error={order.error} />
    </Section>
  )
}

function CourseDraft({ course, onClose }: { course: Partial<Course> | null; onClose: () => void }) {
  const t = useSay(say)
  const p = useSay(sayParts)
  return (
    <Drawer
      opened={course !== null}
      onClose={onClose}
      title={t(course?.id ? "course.edit" : "course.add")}
      closeButtonProps={{ "aria-label": p("close") }}
    >
      {course && <CourseForm key={course.id ?? "new"} course={course} onClose={onClose} />}
    </Drawer>
  )
}

function CourseForm({ course, onClose }: { course: Partial<Course>; onClose: () => void }) {
  const t = useSay(say)
  const p = useSay(sayParts)
  const [draft, setDraft] = useState({
    title: course.title ?? "",
    description: course.description ?? "",
    ...(course.slug ? { slug: course.slug } : {}),
  })
  const [removing, setRemoving] = useState(false)
  const act = useAct(() => (course.id ? patch(`/api/courses/${course.id}`, draft) : post("/api/courses", draft)), {
    touches,
    done: onClose,
  })
  const drop = useAct(() => remove(`/api/courses/${course.id}`), { touches, done: onClose })
  const faults = faultsOf(act.error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    act.mutate(undefined)
  }
  return (
    <form className="stack" onSubmit={submit}>
      <TextInput
        label={t("course.title")}
        value={draft.title}
        onChange={(event) => setDraft({ ...draft, title: event.currentTarget.value })}
        error={faults.title}
        data-autofocus
      />
      <Textarea
        label={t("field.description")}
        autosize
        minRows={3}
        value={draft.description}
        onChange={(event) => setDraft({ ...draft, description: event.currentTarget.value })}
        error={faults.description}
      />
      {course.id && (
        <TextInput
          label={t("field.slug")}
          value={draft.slug}
          onChange={(event) => setDraft({ ...draft, slug: event.currentTarget.value })}
          error={faults.slug}
        />
      )}
      <Fault error={act.error} />
      <div className="row row--end">
        {course.id && (
          <Button variant="subtle" color="danger" onClick={() => setRemoving(true)} mr="auto">
            {t("course.remove")}
          </Button>
        )}
        <Button onClick={onClose}>{p("cancel")}</Button>
        <Button type="submit" variant="filled" disabled={!draft.title.trim()} loading={act.isPending}>
          {p("save")}
        </Button>
      </div>
      <Confirm
        opened={removing}
        onClose={() => setRemoving(false)}
        title={t("course.remove")}
        act={t("course.remove")}
        danger
        busy={drop.isPending}
        error={drop.error}
        onAct={() => drop.mutate(undefined)}
      >
        <p>{t("course.removeText", { count: course.videoIds?.length ?? 0 })}</p>
      </Confirm>
    </form>
  )
}
