import "@mantine/spotlight/styles.layer.css"
import { useDebouncedValue } from "@mantine/hooks"
import { createSpotlight, Spotlight } from "@mantine/spotlight"
import { useEffect, useState } from "react"
import { useNavigate } from "react-router"
import type { Page } from "../api.ts"
import { fullName } from "../formats.ts"
import { useSay } from "../locale.tsx"
import { useThing } from "../queries.ts"
import { useSession } from "../session.tsx"
import type { Contact } from "../shapes/contacts.ts"
import type { Video } from "../shapes/videos.ts"
import { say } from "../words/shell-words.ts"
import { areas } from "./areas.ts"

const [store, spotlight] = createSpotlight()

/** ⌘K: go anywhere, find a person or a video by the first letters. */
export default function Palette({ asked }: { asked: number }) {
  const t = useSay(say)
  const go = useNavigate()
  const { permissions } = useSession()
  const [typed, setTyped] = useState("")
  const [search] = useDebouncedValue(typed.trim(), 150)
  // biome-ignore lint/correctness/useExhaustiveDependencies: every asking opens it
  useEffect(() => spotlight.open(), [asked])
  const may = (permission: string) => permissions.includes(permission)
  const people = useThing<Page<Contact>>(search && may("contacts:read") ? "/api/contacts" : null, { search, limit: 6 })
  const videos = useThing<Page<Video>>(search && may("videos:read") ? "/api/videos" : null, { search, limit: 5 })

  const wanted = typed.trim().toLowerCase()
  const places = areas
    .flatMap(({ links }) => links)
    .filter(({ needs }) => !needs || needs.some(may))
    .map(({ name, to }) => ({ label: t(`area.${name}`), to, name }))
    .filter(({ label, name }) => !wanted || label.toLowerCase().includes(wanted) || name.startsWith(wanted))
  const found = search ? (people.data?.data ?? []) : []
  const shown = search ? (videos.data?.data ?? []).filter(({ title }) => title.includes(search)) : []
  const busy = people.isFetching || videos.isFetching || wanted !== search.toLowerCase()

  return (
    <Spotlight.Root store={store} query={typed} onQueryChange={setTyped} shortcut={null} maxHeight={420} scrollable>
      <Spotlight.Search placeholder={t("palette.prompt")} aria-label={t("palette.prompt")} />
      <Spotlight.ActionsList>
        {places.length > 0 && (
          <Spotlight.ActionsGroup label={t("palette.places")}>
            {places.map(({ label, to }) => (
              <Spotlight.Action key={to} label={label} onClick={() => go(to)} />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {found.length > 0 && (
          <Spotlight.ActionsGroup label={t("area.contacts")}>
            {found.map((person) => (
              <Spotlight.Action
                key={person.id}
                label={fullName(person, t("nameless"))}
                description={[person.number, person.email].filter(Boolean).join(" ・ ")}
                onClick={() => go(`/contacts/${person.id}`)}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {shown.length > 0 && (
          <Spotlight.ActionsGroup label={t("area.videos")}>
            {shown.map((video) => (
              <Spotlight.Action key={video.id} label={video.title} onClick={() => go(`/videos/${video.id}`)} />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {places.length + found.length + shown.length === 0 && (
          <Spotlight.Empty>{busy ? t("loading") : t("palette.none")}</Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}
