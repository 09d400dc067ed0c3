import { TextInput } from "@mantine/core"
import { useSay } from "../../locale.tsx"
import { Form, Save } from "../../parts/form.tsx"
import { Section } from "../../parts/head.tsx"
import { Failed, Loading } from "../../parts/states.tsx"
import { useThing } from "../../queries.ts"
import { say } from "../../words/settings-words.ts"
import { useSetting } from "./setting.ts"

type Site = { name: string; accent: string; commerce: string; privacy: string; terms: string }

const path = "/api/settings/site"

/** How the members' site presents itself: its name and its legal pages. */
export default function SiteSettings() {
  const { data, error, refetch } = useThing<Site>(path)
  if (error && !data) return <Failed error={error} retry={() => void refetch()} />
  return data ? <SiteForm site={data} /> : <Loading />
}

function SiteForm({ site }: { site: Site }) {
  const t = useSay(say)
  const { draft, set, act, faults, changed, readOnly } = useSetting(path, site)
  const field = (name: keyof Site) => (
    <TextInput
      label={t(`site.${name}`)}
      description={t(`siteHint.${name}`)}
      value={draft[name]}
      readOnly={readOnly}
      error={faults[name]}
      onChange={(event) => set({ [name]: event.currentTarget.value })}
    />
  )
  return (
    <Section title={t("section.site")} note={t("siteNote")}>
      <Form act={act} width={480}>
        {!draft.terms && <p className="note note--caution">{t("siteNoTerms")}</p>}
        {field("name")}
        {field("terms")}
        {field("privacy")}
        {field("commerce")}
        {!readOnly && <Save act={act} changed={changed} />}
      </Form>
    </Section>
  )
}
