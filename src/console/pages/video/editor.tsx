import { Button, NativeSelect, NumberInput, TagsInput, Textarea, TextInput } from "@mantine/core"
import { patch } from "../../api.ts"
import { useDraft } from "../../drafts.ts"
import { fromField, toField } from "../../formats.ts"
import { useSay } from "../../locale.tsx"
import { Section } from "../../parts/head.tsx"
import { tell } from "../../parts/notices.ts"
import { Fault } from "../../parts/states.tsx"
import { faultsOf, useAct, useAll } from "../../queries.ts"
import { useCan } from "../../session.tsx"
import type { Course, Rule, VideoDetail } from "../../shapes/videos.ts"
import { say as sayParts } from "../../words/parts-words.ts"
import { say } from "../../words/videos-words.ts"
import { Files } from "./files.tsx"
import { Rules } from "./rules.tsx"

type Draft = {
  title: string
  slug: string
  description: string
  courseId: string
  coursePosition: number | null
  tags: string[]
  publishedAt: string
  unpublishedAt: string
  rules: Rule[]
}

/** What staff set of a video. Nothing is written before it is saved; files are, because they take long. */
export function VideoEditor({ video }: { video: VideoDetail }) {
  const t = useSay(say)
  const p = useSay(sayParts)
  const mayWrite = useCan("videos:write")
  const courses = useAll<Course>("/api/courses")
  const { draft, set, reset, changed, changedNames } = useDraft<Draft>(draftOf(video))
  const changes = changesOf(draft, changedNames)
  const act = useAct(() => patch<VideoDetail>(`/api/videos/${video.id}`, changes), {
    touches: ["/api/videos", "/api/courses"],
    done: (now) => {
      set(draftOf(now))
      tell(p("saved"))
    },
  })
  const faults = faultsOf(act.error)
  const typed = (name: "title" | "slug" | "description" | "publishedAt" | "unpublishedAt") => ({
    value: draft[name],
    onChange: (event: { currentTarget: { value: string } }) => set({ [name]: event.currentTarget.value }),
    error: faults[name],
    readOnly: !mayWrite,
  })
  return (
    <>
      <div className="columns columns--even">
        <div className="stack stack--wide">
          <Section title={t("about")}>
            <div className="stack">
              <TextInput label={t("field.title")} {...typed("title")} />
              <Textarea label={t("field.description")} autosize minRows={3} {...typed("description")} />
              <div className="pair">
                <NativeSelect
                  label={t("field.course")}
                  value={draft.courseId}
                  disabled={!mayWrite}
                  onChange={(event) => set({ courseId: event.currentTarget.value, coursePosition: null })}
                  data={[
                    { value: "", label: t("noCourse") },
                    ...(courses.data ?? []).map(({ id, title }) => ({ value: id, label: title })),
                  ]}
                />
                <NumberInput
                  label={t("field.coursePosition")}
                  description={t("coursePositionHint")}
                  value={draft.coursePosition ?? ""}
                  min={1}
                  disabled={!draft.courseId || !mayWrite}
                  onChange={(value) => set({ coursePosition: typeof value === "number" ? value : null })}
                />
              </div>
              <TagsInput
                label={t("field.tags")}
                description={t("tagsHint")}
                value={draft.tags}
                readOnly={!mayWrite}
                onChange={(tags) => set({ tags })}
              />
              <TextInput label={t("field.slug")} description={t("slugHint", { slug: draft.slug })} {...typed("slug")} />
            </div>
          </Section>
          <Section title={t("schedule.title")} note={t("schedule.note")}>
            <div className="pair">
              <TextInput type="datetime-local" label={t("field.publishedAt")} {...typed("publishedAt")} />
              <TextInput type="datetime-local" label={t("field.unpublishedAt")} {...typed("unpublishedAt")} />
            </div>
          </Section>
        </div>
        <div className="stack stack--wide">
          <Files video={video} />
          <Rules
            rules={draft.rules}
            onChange={(rules) => set({ rules })}
            readOnly={!mayWrite}
            faults={faults}
            publishedAt={fromField(draft.publishedAt)}
          />
        </div>
      </div>
      {mayWrite && changed && (
        <div className="savebar">
          <span className="quiet">{p("unsaved")}</span>
          <Fault error={act.error} />
          <Button onClick={reset}>{p("reset")}</Button>
          <Button variant="filled" loading={act.isPending} onClick={() => act.mutate(undefined)}>
            {p("save")}
          </Button>
        </div>
      )}
    </>
  )
}

function draftOf(video: VideoDetail): Draft {
  return {
    title: video.title,
    slug: video.slug,
    description: video.description,
    courseId: video.courseId ?? "",
    coursePosition: video.coursePosition,
    tags: video.tags,
    publishedAt: toField(video.publishedAt),
    unpublishedAt: toField(video.unpublishedAt),
    rules: video.rules,
  }
}

function changesOf(draft: Draft, names: (keyof Draft)[]): Record<string, unknown> {
  return Object.fromEntries(
    names.map((name) => {
      if (name === "publishedAt" || name === "unpublishedAt") return [name, fromField(draft[name])]
      if (name === "courseId") return [name, draft.courseId || null]
      return [name, draft[name]]
    }),
  )
}
