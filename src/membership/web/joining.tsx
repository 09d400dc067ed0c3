import type { ReactNode } from "react"
import { postal } from "../../crm/index.ts"
import {
  Button,
  Checkbox,
  Choice,
  DataList,
  Field,
  FieldRow,
  Form,
  Hidden,
  LinkButton,
  Page,
  Panel,
  Steps,
  useFrame,
} from "../../ui/index.ts"
import { say } from "./words.ts"

export const joinFields = [
  "familyName",
  "givenName",
  "familyKana",
  "givenKana",
  "address",
  "phone",
  "postalCode",
  "prefecture",
  "city",
  "town",
  "street",
  "building",
  "terms",
  "advertising",
] as const
export type JoinValues = Record<(typeof joinFields)[number], string>
type Shown = { values?: Partial<JoinValues>; errors?: Record<string, string> }

/** 入力. The unseen first button is what Enter presses, so that it leads on and does not look for an address. */
export function JoinPage({ values, errors, places = [] }: Shown & { places?: postal.Place[] }) {
  const { locale, site } = useFrame()
  const t = say(locale)
  const prefectures = [
    { value: "", label: t("choose") },
    ...postal.prefectures.map((name) => ({ value: name, label: name })),
  ]
  return (
    <Narrow title={t("join.title")} step={0} lead={t("join.lead")}>
      <Form action="/join" values={values} errors={errors}>
        <button name="do" value="confirm" tabIndex={-1} aria-hidden="true" style={unseen} />
        <Panel title={t("join.name")}>
          <FieldRow>
            <Field name="familyName" label={t("familyName")} need="required" autoComplete="family-name" />
            <Field name="givenName" label={t("givenName")} need="required" autoComplete="given-name" />
          </FieldRow>
          <FieldRow>
            <Field name="familyKana" label={t("familyKana")} need="required" hint={t("kana.hint")} />
            <Field name="givenKana" label={t("givenKana")} need="required" hint={t("kana.hint")} />
          </FieldRow>
        </Panel>
        <Panel title={t("join.contact")}>
          <Field
            name="address"
            type="email"
            inputMode="email"
            autoComplete="email"
            label={t("address")}
            need="required"
            hint={t("address.hint")}
          />
          <Field
            name="phone"
            type="tel"
            inputMode="tel"
            autoComplete="tel"
            label={t("phone")}
            need="optional"
            hint={t("phone.hint")}
            size="medium"
          />
        </Panel>
        <Panel title={t("join.place")}>
          <Field
            name="postalCode"
            autoComplete="postal-code"
            label={t("postalCode")}
            need="optional"
            hint={t("postalCode.hint")}
            size="short"
          />
          {places.length > 1 && (
            <Choice
              name="place"
              label={t("places")}
              hint={t("places.hint")}
              options={places.map((place, index) => ({
                value: String(index),
                label: `${place.prefecture}${place.city}${place.town}`,
              }))}
            />
          )}
          <p>
            <Button name="do" value="address">
              {t("search")}
            </Button>
          </p>
          <Choice name="prefecture" label={t("prefecture")} need="optional" options={prefectures} asList />
          <FieldRow>
            <Field name="city" autoComplete="address-level2" label={t("city")} need="optional" />
            <Field name="town" autoComplete="address-level3" label={t("town")} need="optional" />
          </FieldRow>
          <Field name="street" autoComplete="address-line1" label={t("street")} need="optional" />
          <Field name="building" autoComplete="address-line2" label={t("building")} need="optional" />
        </Panel>
        <Panel title={t("join.agree")}>
          {site.legal?.terms && (
            <p>
              <a className="link" href={site.legal.terms} target="_blank" rel="noopener">
                {t("terms.read")}
              </a>
            </p>
          )}
          <Checkbox name="terms" label={t("terms")} need="required" />
          <Checkbox name="advertising" label={t("advertising")} />
        </Panel>
        <Button name="do" value="confirm" primary wide>
          {t("join.next")}
        </Button>
      </Form>
    </Narrow>
  )
}

/** 確認. The password is asked for here, with the last button, so that it never travels back into a page. */
export function ConfirmPage({ values, errors }: { values: JoinValues; errors?: Record<string, string> }) {
  const t = say(useFrame().locale)
  const { postalCode, prefecture, city, town, street, building } = values
  return (
    <Narrow title={t("confirm.title")} step={1} lead={t("confirm.lead")}>
      <DataList
        rows={[
          { name: `${t("familyName")} ${t("givenName")}`, value: `${values.familyName} ${values.givenName}` },
          { name: `${t("familyKana")} ${t("givenKana")}`, value: `${values.familyKana} ${values.givenKana}` },
          { name: t("address"), value: values.address },
          { name: t("phone"), value: values.phone },
          {
            name: t("join.place"),
            value: [postalCode && `〒${postalCode}`, `${prefecture}${city}${town}${street}`, building]
              .filter(Boolean)
              .join(" "),
          },
          { name: t("confirm.mails"), value: t(values.advertising ? "yes" : "no") },
        ]}
      />
      <Form action="/join" errors={errors}>
        <Hidden values={values} />
        <Field
          name="password"
          type="password"
          autoComplete="new-password"
          label={t("password")}
          need="required"
          hint={t("password.hint")}
        />
        <p className="actions">
          <Button name="do" value="send" primary wide>
            {t("confirm.send")}
          </Button>
          <Button name="do" value="back" wide>
            {t("confirm.back")}
          </Button>
        </p>
      </Form>
    </Narrow>
  )
}

/** 完了, so far: the same page whether or not the address was free. */
export function SentPage() {
  const t = say(useFrame().locale)
  return (
    <Narrow title={t("sent.title")} step={2} lead={t("sent.lead")}>
      <p>
        <LinkButton href="/sign-in">{t("sent.sign-in")}</LinkButton>
      </p>
    </Narrow>
  )
}

function Narrow({ title, step, lead, children }: { title: string; step: number; lead: string; children: ReactNode }) {
  return (
    <Page title={title} width="narrow" nav={false}>
      <Steps at={step} />
      <h1>{title}</h1>
      <div className="stack stack--close">
        <p>{lead}</p>
        {children}
      </div>
    </Page>
  )
}

const unseen = {
  position: "absolute",
  width: 1,
  height: 1,
  padding: 0,
  border: 0,
  opacity: 0,
  overflow: "hidden",
} as const
