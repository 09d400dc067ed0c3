import { Button, TextInput } from "@mantine/core"
import { useDebouncedValue } from "@mantine/hooks"
import { useState } from "react"
import { Link, useNavigate } from "react-router"
import { post } from "../api.ts"
import { length, moment, number, percent } from "../formats.ts"
import { useSay } from "../locale.tsx"
import { Filter, useFilters } from "../parts/filters.tsx"
import { FormDialog } from "../parts/form.tsx"
import { Head } from "../parts/head.tsx"
import { type Column, List } from "../parts/list.tsx"
import { Empty } from "../parts/states.tsx"
import { Tag } from "../parts/tags.tsx"
import { faultsOf, useAct, useAll, usePages } from "../queries.ts"
import { useCan } from "../session.tsx"
import type { Course, Video } from "../shapes/videos.ts"
import { say } from "../words/videos-words.ts"

export default function Videos() {
  const t = useSay(say)
  const mayWrite = useCan("videos:write")
  const [filter, set] = useFilters()
  const [typed, setTyped] = useState("")
  const [search] = useDebouncedValue(typed.trim(), 180)
  const [adding, setAdding] = useState(false)
  const [state, courseId] = [filter("state"), filter("course")]
  const courses = useAll<Course>("/api/courses")
  const found = usePages<Video>("/api/videos", { search, state, courseId }, 20)
  const filtered = Boolean(search || state || courseId)
  const add = mayWrite && (
    <Button variant="filled" onClick={() => setAdding(true)}>
      {t("add")}
    </Button>
  )
  return (
    <>
      <Head
        title={t("title")}
        acts={
          <>
            <Button component={Link} to="/courses">
              {t("courses")}
            </Button>
            {add}
          </>
        }
      />
      <div className="filters">
        <TextInput
          type="search"
          aria-label={t("search")}
          placeholder={t("search")}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Filter
          label={t("stateLabel")}
          any={t("anyState")}
          options={["draft", "published", "archived"].map((value) => ({ value, label: t(`state.${value}`) }))}
          value={state}
          onChange={(value) => set("state", value)}
        />
        <Filter
          label={t("field.course")}
          any={t("anyCourse")}
          options={(courses.data ?? []).map(({ id, title }) => ({ value: id, label: title }))}
          value={courseId}
          onChange={(value) => set("course", value)}
        />
      </div>
      <List
        label={t("title")}
        columns={columnsOf(t)}
        rows={found.rows}
        keyOf={(row) => row.id}
        to={(row) => `/videos/${row.id}`}
        more={found}
        state={found}
        empty={
          filtered ? (
            <Empty title={t("none")} />
          ) : (
            <Empty title={t("empty.title")} action={add}>
              {t("empty.text")}
            </Empty>
          )
        }
      />
      <Add opened={adding} onClose={() => setAdding(false)} />
    </>
  )
}

function columnsOf(t: (key: string) => string): Column<Video>[] {
  return [
    {
      id: "title",
      header: t("video"),
      phone: "first",
      cell: (row) => (
        <Link className="list__name" to={`/videos/${row.id}`}>
          {row.title}
          {row.courseTitle && (
            <small>
              {row.courseTitle} {row.coursePosition && `#${row.coursePosition}`}
            </small>
          )}
        </Link>
      ),
    },
    { id: "state", header: t("stateLabel"), tight: true, phone: "beside", cell: (row) => <StateTag video={row} /> },
    {
      id: "publishedAt",
      header: t("publishedAt"),
      tight: true,
      phone: "named",
      cell: (row) => (row.publishedAt ? moment(row.publishedAt) : ""),
    },
    {
      id: "length",
      header: t("length"),
      tight: true,
      end: true,
      cell: (row) => (row.durationSeconds ? length(row.durationSeconds) : <Tag tone="caution">{t("noFile")}</Tag>),
    },
    {
      id: "viewers",
      header: t("viewers"),
      tight: true,
      end: true,
      phone: "named",
      cell: (row) => <Link to={`/videos/${row.id}?tab=viewers`}>{number(row.viewers)}</Link>,
    },
    {
      id: "completed",
      header: t("completed"),
      tight: true,
      end: true,
      phone: "named",
      cell: (row) => (
        <Link to={`/videos/${row.id}?tab=viewers&completed=true`}>
          {number(row.completed)}{" "}
          <span className="quiet">{row.viewers > 0 && percent(row.completed / row.viewers)}</span>
        </Link>
      ),
    },
  ]
}

/** Draft, published, or published from a day ahead. */
export function StateTag({ video }: { video: Video }) {
  const t = useSay(say)
  const ahead = video.state === "published" && video.publishedAt && Date.parse(video.publishedAt) > Date.now()
  const over = video.state === "published" && video.unpublishedAt && Date.parse(video.unpublishedAt) <= Date.now()
  if (over) return <Tag>{t("state.over")}</Tag>
  if (ahead) return <Tag tone="accent">{t("state.scheduled")}</Tag>
  return <Tag tone={video.state === "published" ? "good" : undefined}>{t(`state.${video.state}`)}</Tag>
}

function Add({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const t = useSay(say)
  const go = useNavigate()
  const [title, setTitle] = useState("")
  const act = useAct(() => post<Video>("/api/videos", { title }), {
    touches: ["/api/videos"],
    done: (made) => void go(`/videos/${made.id}`),
  })
  return (
    <FormDialog
      title={t("add")}
      act={act}
      send={t("addAct")}
      ready={title.trim() !== ""}
      opened={opened}
      onClose={onClose}
    >
      <TextInput
        data-autofocus
        label={t("field.title")}
        description={t("addHint")}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
        error={faultsOf(act.error).title}
      />
    </FormDialog>
  )
}
