import { Button, Textarea, TextInput } from "@mantine/core"
import { useState } from "react"
import { Link, useNavigate, useParams, useSearchParams } from "react-router"
import { patch, post, remove } from "../api.ts"
import { useSay } from "../locale.tsx"
import { useDraft } from "../drafts.ts"
import { ConditionEditor } from "../parts/condition-editor.tsx"
import { parse, write } from "../parts/condition-parse.ts"
import { Confirm } from "../parts/confirm.tsx"
import { Head } from "../parts/head.tsx"
import { tell } from "../parts/notices.ts"
import { Failed, Fault, Loading } from "../parts/states.tsx"
import { Tag } from "../parts/tags.tsx"
import { faultsOf, useAct, useThing } from "../queries.ts"
import { useCan } from "../session.tsx"
import type { Segment } from "../shapes/conditions.ts"
import { say as sayParts } from "../words/parts-words.ts"
import { say } from "../words/segments-words.ts"
import { SegmentHistory, SegmentMembers } from "./segment/members.tsx"
import { SegmentState } from "./segments.tsx"

const tabs = ["members", "history", "edit"] as const

/** One segment: who is in it and why, who came and went, and the condition that decides it. */
export default function SegmentPage() {
  const { id } = useParams()
  const t = useSay(say)
  const [params] = useSearchParams()
  const fresh = id === "new"
  const found = useThing<Segment>(fresh ? null : `/api/segments/${id}`, {}, 5)
  const mayWrite = useCan("segments:write")
  const mayContacts = useCan("contacts:read")
  if (fresh)
    return (
      <>
        <Head title={t("new")} trail={{ to: "/segments", name: t("title") }} lead={t("newLead")} />
        <Editor />
      </>
    )
  if (found.error && !found.data) return <Failed error={found.error} retry={() => void found.refetch()} />
  if (!found.data) return <Loading />
  const segment = found.data
  const tab = params.get("tab") ?? (mayContacts ? "members" : "edit")
  return (
    <>
      <Head
        title={segment.name}
        trail={{ to: "/segments", name: t("title") }}
        lead={segment.description}
        acts={mayWrite && <Archive segment={segment} />}
      >
        <div className="tags">
          <SegmentState segment={segment} />
          <Tag>{t("people", { count: segment.members })}</Tag>
        </div>
      </Head>
      <div className="tabs">
        {tabs
          .filter((name) => mayContacts || name === "edit")
          .map((name) => (
            <Link key={name} to={`?tab=${name}`} aria-current={tab === name ? "page" : undefined}>
              {t(`tab.${name}`)}
              {name === "members" && <small className="num">{segment.members}</small>}
            </Link>
          ))}
      </div>
      {tab === "members" && <SegmentMembers segment={segment} />}
      {tab === "history" && <SegmentHistory segment={segment} />}
      {tab === "edit" && <Editor key={segment.id} segment={segment} />}
    </>
  )
}

function Editor({ segment }: { segment?: Segment }) {
  const t = useSay(say)
  const p = useSay(sayParts)
  const go = useNavigate()
  const mayWrite = useCan("segments:write")
  const [params] = useSearchParams()
  const before = {
    name: segment?.name ?? "",
    description: segment?.description ?? "",
    definition: write(segment?.definition),
  }
  const { draft, set, changed } = useDraft(before, segment ? before : begun(params))
  const { value, fault } = parse(draft.definition)
  const body = { name: draft.name, description: draft.description, definition: value }
  const act = useAct(
    () => (segment ? patch<Segment>(`/api/segments/${segment.id}`, body) : post<Segment>("/api/segments", body)),
    {
      touches: ["/api/segments", "/api/contacts"],
      done: (made) => {
        tell(t("savedBuilding"))
        void go(`/segments/${made.id}?tab=members`)
      },
    },
  )
  const faults = faultsOf(act.error)
  const inside = Object.fromEntries(
    Object.entries(faults).filter(([path]) => path !== "name" && path !== "description"),
  )
  return (
    <div className="stack">
      <div className="pair">
        <TextInput
          label={t("field.name")}
          value={draft.name}
          readOnly={!mayWrite}
          error={faults.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <Textarea
          label={t("field.description")}
          description={t("descriptionHint")}
          autosize
          value={draft.description}
          readOnly={!mayWrite}
          onChange={(event) => set({ description: event.currentTarget.value })}
        />
      </div>
      <ConditionEditor
        label={t("field.definition")}
        value={draft.definition}
        readOnly={!mayWrite}
        faults={inside}
        onChange={(definition) => set({ definition })}
      />
      {mayWrite && (changed || !segment) && (
        <div className="savebar">
          {segment && changed && <span className="quiet">{t("effect")}</span>}
          <Fault error={act.error} />
          <Button
            variant="filled"
            disabled={!changed || !draft.name.trim() || Boolean(fault) || value === undefined}
            loading={act.isPending}
            onClick={() => act.mutate(undefined)}
          >
            {segment ? p("save") : t("create")}
          </Button>
        </div>
      )}
    </div>
  )
}

/** A new segment, begun from a figure elsewhere. */
function begun(params: URLSearchParams) {
  const { value } = parse(params.get("definition") ?? "")
  return { name: params.get("name") ?? "", description: "", definition: write(value) }
}

function Archive({ segment }: { segment: Segment }) {
  const t = useSay(say)
  const go = useNavigate()
  const [asking, setAsking] = useState(false)
  const act = useAct(() => remove(`/api/segments/${segment.id}`), {
    touches: ["/api/segments"],
    done: () => void go("/segments"),
  })
  if (segment.state === "archived") return null
  return (
    <>
      <Button onClick={() => setAsking(true)}>{t("archive")}</Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={t("archiveTitle")}
        act={t("archive")}
        danger
        busy={act.isPending}
        error={act.error}
        onAct={() => act.mutate(undefined)}
      >
        <p>{t("archiveText", { count: segment.members })}</p>
      </Confirm>
    </>
  )
}
