import { Button, Drawer, TextInput } from "@mantine/core"
import { type FormEvent, useEffect, useState } from "react"
import { useNavigate } from "react-router"
import { get, patch, post } from "../api.ts"
import { useSay } from "../locale.tsx"
import { faultsOf, useAct } from "../queries.ts"
import type { Person } from "../shapes/contacts.ts"
import { say } from "../words/contacts-words.ts"
import { say as sayParts } from "../words/parts-words.ts"
import { tell } from "./notices.ts"
import { Fault } from "./states.tsx"

const fields = [
  "familyName",
  "givenName",
  "familyKana",
  "givenKana",
  "email",
  "phone",
  "postalCode",
  "prefecture",
  "city",
  "town",
  "street",
  "building",
  "company",
  "department",
  "title",
] as const
type Name = (typeof fields)[number]
type Draft = Record<Name, string>
type Address = { prefecture: string; city: string; town?: string }

/** The drawer in which a contact is added or its profile edited. */
export function ContactDraft({ opened, onClose, person }: { opened: boolean; onClose: () => void; person?: Person }) {
  const t = useSay(say)
  const p = useSay(sayParts)
  const go = useNavigate()
  const [draft, setDraft] = useState<Draft>(() => draftOf(person))
  const [places, setPlaces] = useState<Address[]>([])
  useEffect(() => {
    if (opened) setDraft(draftOf(person))
  }, [opened, person])
  const act = useAct(
    (change: Partial<Draft>) =>
      person ? patch<Person>(`/api/contacts/${person.id}`, change) : post<{ id: string }>("/api/contacts", change),
    {
      touches: ["/api/contacts"],
      done: (made) => {
        tell(p("saved"))
        onClose()
        if (!person) void go(`/contacts/${(made as { id: string }).id}`)
      },
    },
  )
  const faults = faultsOf(act.error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const before = draftOf(person)
    act.mutate(
      Object.fromEntries(fields.filter((name) => draft[name] !== before[name]).map((name) => [name, draft[name]])),
    )
  }
  const choose = (place: Address) => {
    setPlaces([])
    setDraft((now) => ({ ...now, prefecture: place.prefecture, city: place.city, town: place.town ?? "" }))
  }
  const lookUp = async () => {
    const digits = draft.postalCode.normalize("NFKC").replace(/\D/g, "")
    if (digits.length !== 7 || draft.city) return
    const found = await get<{ data: Address[] }>(`/api/postal-codes/${digits}`).catch(() => ({ data: [] }))
    if (found.data.length === 1) choose(found.data[0]!)
    else setPlaces(found.data)
  }
  const field = (name: Name, more: object = {}) => (
    <TextInput
      key={name}
      label={t(`field.${name}`)}
      value={draft[name]}
      onChange={(event) => {
        const { value } = event.currentTarget
        setDraft((now) => ({ ...now, [name]: value }))
      }}
      error={faults[name]}
      autoComplete="off"
      {...more}
    />
  )
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      title={t(person ? "draft.edit" : "draft.new")}
      closeButtonProps={{ "aria-label": p("close") }}
    >
      <form className="stack" onSubmit={submit}>
        <div className="pair">
          {field("familyName")}
          {field("givenName")}
          {field("familyKana")}
          {field("givenKana")}
        </div>
        <p className="quiet">{t("draft.hint")}</p>
        {field("email", { type: "email", description: person ? t("field.emailHint") : undefined })}
        {field("phone", { inputMode: "tel" })}
        <div className="pair">
          {field("postalCode", { inputMode: "numeric", onBlur: () => void lookUp() })}
          {field("prefecture")}
        </div>
        {places.length > 1 && (
          <div className="note">
            <p className="quiet">{t("draft.postalChoose")}</p>
            {places.map((place) => (
              <button type="button" className="link" key={place.city + place.town} onClick={() => choose(place)}>
                {place.prefecture}
                {place.city}
                {place.town}
              </button>
            ))}
          </div>
        )}
        <div className="pair">
          {field("city")}
          {field("town")}
        </div>
        {field("street")}
        {field("building")}
        {field("company")}
        <div className="pair">
          {field("department")}
          {field("title")}
        </div>
        <Fault error={act.error} />
        <div className="row row--end">
          <Button onClick={onClose}>{p("cancel")}</Button>
          <Button type="submit" variant="filled" loading={act.isPending}>
            {person ? p("save") : t("draft.submit")}
          </Button>
        </div>
      </form>
    </Drawer>
  )
}

function draftOf(person?: Person): Draft {
  const email = person?.email ?? person?.emails?.find((one) => one.isPrimary ?? one.primary)?.address ?? ""
  const known = { ...person, email } as Record<Name, string | null | undefined>
  return Object.fromEntries(fields.map((name) => [name, known[name] ?? ""])) as Draft
}
