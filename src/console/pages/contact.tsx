import { Button } from "@mantine/core"
import { useState } from "react"
import { useParams } from "react-router"
import { fullName } from "../formats.ts"
import { useSay } from "../locale.tsx"
import { ContactDraft } from "../parts/contact-draft.tsx"
import { Head } from "../parts/head.tsx"
import { Failed, Loading } from "../parts/states.tsx"
import { RankTag, Tag } from "../parts/tags.tsx"
import { useAll, useThing } from "../queries.ts"
import { useCan } from "../session.tsx"
import type { Consent, Person } from "../shapes/contacts.ts"
import { say } from "../words/contact-words.ts"
import { Consents } from "./contact/consents.tsx"
import { Numbers } from "./contact/numbers.tsx"
import { Notes } from "./contact/notes.tsx"
import { Profile } from "./contact/profile.tsx"
import { Properties } from "./contact/properties.tsx"
import { RankBox } from "./contact/rank.tsx"
import { Standings } from "./contact/standings.tsx"
import { Timeline } from "./contact/timeline.tsx"

/** One person: who they are, what they did, where they stand and why. */
export default function ContactPage() {
  const { id } = useParams()
  const path = `/api/contacts/${id}`
  const t = useSay(say)
  const person = useThing<Person>(path, {}, 15)
  const consents = useAll<Consent>(`${path}/consents`)
  const mayWrite = useCan("contacts:write")
  const mayRanks = useCan("ranks:read")
  const maySegments = useCan("segments:read")
  const [editing, setEditing] = useState(false)
  const [noting, setNoting] = useState(0)
  if (person.error && !person.data) return <Failed error={person.error} retry={() => void person.refetch()} />
  if (!person.data) return <Loading />
  const one = person.data
  const advertising = consents.data?.find(({ purpose, until }) => purpose === "advertising-mail" && !until)
  return (
    <>
      <Head
        title={<NameWithKana person={one} nameless={t("nameless")} />}
        plain={fullName(one, t("nameless"))}
        trail={{ to: "/contacts", name: t("trail") }}
        acts={
          mayWrite && (
            <>
              <Button onClick={() => setNoting((n) => n + 1)}>{t("writeNote")}</Button>
              <Button onClick={() => setEditing(true)}>{t("edit")}</Button>
            </>
          )
        }
      >
        <div className="tags">
          <RankTag rank={one.rank} />
          {one.plan && <Tag tone="accent">{one.plan}</Tag>}
          {one.withdrawnAt && <Tag tone="danger">{t("withdrawn")}</Tag>}
          {consents.data && (
            <Tag tone={advertising?.granted ? "good" : advertising ? "caution" : undefined}>
              {t(advertising ? (advertising.granted ? "advertising.yes" : "advertising.no") : "advertising.unasked")}
            </Tag>
          )}
          {(one.prefecture || one.city) && (
            <Tag>
              {one.prefecture}
              {one.city?.match(/^.+?[市区町村]/)?.[0]}
            </Tag>
          )}
        </div>
      </Head>
      <nav className="tabs jump" aria-label={t("jump")}>
        <a href="#profile">{t("profile")}</a>
        <a href="#timeline">{t("timeline")}</a>
        {mayRanks && <a href="#rank">{t("rank")}</a>}
        {maySegments && <a href="#rank">{t("segments")}</a>}
      </nav>
      <div className="person">
        <div id="profile">
          <Profile person={one} onEdit={mayWrite ? () => setEditing(true) : undefined} />
          <Notes path={path} asked={noting} />
          <Consents consents={consents.data} path={path} />
          <Properties path={path} />
        </div>
        <div className="person__middle" id="timeline">
          <Numbers person={one} path={path} />
          <Timeline path={path} />
        </div>
        <div id="rank">
          {mayRanks && <RankBox path={path} />}
          {maySegments && <Standings path={path} />}
        </div>
      </div>
      <ContactDraft opened={editing} onClose={() => setEditing(false)} person={one} />
    </>
  )
}

function NameWithKana({ person, nameless }: { person: Person; nameless: string }) {
  const pairs = [
    [person.familyName, person.familyKana],
    [person.givenName, person.givenKana],
  ] as const
  if (!person.familyName && !person.givenName) return <>{fullName(person, nameless)}</>
  return (
    <>
      {pairs.map(([name, kana], i) =>
        name ? (
          <span key={kana || name}>
            {i > 0 && " "}
            <ruby>
              {name}
              {kana && <rt>{kana}</rt>}
            </ruby>
          </span>
        ) : null,
      )}
    </>
  )
}
