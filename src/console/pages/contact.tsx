import { Button } from "@mantine/core"
import { useState } from "react"
import { Link, useParams } from "react-router"
import type { Page } from "../api.ts"
import { either, fullDay, fullName, time } from "../formats.ts"
import { useLocale, useSay } from "../locale.tsx"
import { ContactDraft } from "../parts/contact-draft.tsx"
import { Head } from "../parts/head.tsx"
import { Failed, Loading } from "../parts/states.tsx"
import { RankTag, Tag } from "../parts/tags.tsx"
import { useThing } from "../queries.ts"
import { useCan } from "../session.tsx"
import type { Say } from "../../platform/words.ts"
import type { Consent, Person } from "../shapes/contacts.ts"
import { say } from "../words/contact-words.ts"
import { Consents, endOf } from "./contact/consents.tsx"
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
  const { locale } = useLocale()
  const person = useThing<Person>(path, {}, 15)
  const consents = useThing<Page<Consent>>(`${path}/consents`, {}, 15)
  const mayWrite = useCan("contacts:write")
  const maySee = useCan("videos:read")
  const mayRanks = useCan("ranks:read")
  const maySegments = useCan("segments:read")
  const [editing, setEditing] = useState(false)
  const [noting, setNoting] = useState(0)
  if (person.error && !person.data) return <Failed error={person.error} retry={() => void person.refetch()} />
  if (!person.data) return <Loading />
  const one = person.data
  const words = consents.data?.data
  const advertising = words && advertisingOf(words, one.withdrawnAt)
  return (
    <>
      <Head
        title={<NameWithKana person={one} nameless={t("nameless")} />}
        plain={fullName(one, t("nameless"))}
        trail={{ to: "/contacts", name: t("trail") }}
        acts={
          <>
            {maySee && (
              <Button component={Link} to={`/contacts/${id}/access`}>
                {t("seeAs")}
              </Button>
            )}
            {mayWrite && (
              <>
                <Button onClick={() => setNoting((n) => n + 1)}>{t("writeNote")}</Button>
                <Button onClick={() => setEditing(true)}>{t("edit")}</Button>
              </>
            )}
          </>
        }
      >
        <div className="tags">
          <RankTag rank={one.rank} />
          {one.plan && <Tag tone="accent">{either(one.planName, locale)}</Tag>}
          {one.withdrawnAt && <Tag tone="danger">{t("withdrawn")}</Tag>}
          {advertising && <Tag tone={tones[advertising]}>{t(`advertising.${advertising}`)}</Tag>}
          {(one.prefecture || one.city) && (
            <Tag>
              {one.prefecture}
              {one.city?.match(/^.+?[市区町村]/)?.[0]}
            </Tag>
          )}
        </div>
      </Head>
      {one.withdrawnAt && (
        <p className="note note--caution farewell">
          <b>{t("withdrewAt", { day: fullDay(one.withdrawnAt, locale), time: time(one.withdrawnAt) })}</b>{" "}
          {reasonSaid(one.withdrawalReason, t)}
        </p>
      )}
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
          <Consents consents={words} withdrawnAt={one.withdrawnAt} path={path} />
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

const chosen = ["time", "content", "difficult", "price", "other"]

/** Why they left: the answer they chose, and what they wrote. */
function reasonSaid(reason: string | null | undefined, t: Say): string {
  if (!reason) return t("reason.none")
  if (reason === "superseded") return t("reason.superseded")
  const [, key, more] = /^(\w+)(?:: ([^]*))?$/.exec(reason) ?? []
  if (!key || !chosen.includes(key)) return t("reason.given", { reason: t("quoted", { text: reason }) })
  return t("reason.given", { reason: t(`reason.${key}`) + (more ? t("quoted", { text: more }) : "") })
}

const tones = { yes: "good", no: "caution", ended: undefined, unasked: undefined } as const

/** What counts now of advertising mail. What somebody agreed to does not outlive their membership. */
function advertisingOf(words: Consent[], withdrawnAt: string | null | undefined): keyof typeof tones {
  const [last] = words.filter(({ purpose }) => purpose === "advertising-mail")
  if (!last) return "unasked"
  if (!last.granted) return "no"
  return endOf(last, withdrawnAt) ? "ended" : "yes"
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
