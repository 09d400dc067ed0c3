import type { Locale } from "../../platform/words.ts"
import { Button, Choice, Field, FieldRow, Form, type FormState, LinkButton } from "../../ui/index.ts"
import { say } from "../account-words.ts"

/** The profile to edit; comes back filled in with the faults beside the fields. */
export function ProfileForm({
  values,
  errors,
  prefectures,
  locale,
}: FormState & { prefectures: readonly string[]; locale: Locale }) {
  const t = say(locale)
  const options = [
    { value: "", label: t("prefecture-none") },
    ...prefectures.map((name) => ({ value: name, label: name })),
  ]
  return (
    <>
      <h1>{t("profile-title")}</h1>
      <Form action="/account/profile" values={values} errors={errors}>
        <FieldRow>
          <Field name="familyName" label={t("familyName")} need="required" autoComplete="family-name" />
          <Field name="givenName" label={t("givenName")} need="optional" autoComplete="given-name" />
        </FieldRow>
        <div className="field">
          <FieldRow>
            <Field name="familyKana" label={t("familyKana")} need="optional" />
            <Field name="givenKana" label={t("givenKana")} need="optional" />
          </FieldRow>
          <p className="field__hint">{t("kana-hint")}</p>
        </div>
        <Field
          name="phone"
          label={t("phone")}
          hint={t("phone-hint")}
          need="optional"
          type="tel"
          size="medium"
          autoComplete="tel"
        />
        <Field
          name="postalCode"
          label={t("postalCode")}
          hint={t("postalCode-hint")}
          need="optional"
          size="short"
          inputMode="numeric"
          autoComplete="postal-code"
          data={{ "data-postal": "" }}
        />
        <Choice name="prefecture" label={t("prefecture")} need="optional" options={options} asList />
        <FieldRow>
          <Field name="city" label={t("city")} need="optional" autoComplete="address-level2" />
          <Field name="town" label={t("town")} need="optional" autoComplete="address-level3" />
        </FieldRow>
        <Field name="street" label={t("street")} need="optional" autoComplete="address-line1" />
        <Field name="building" label={t("building")} need="optional" autoComplete="address-line2" />
        <Field name="company" label={t("companyName")} need="optional" autoComplete="organization" />
        <FieldRow>
          <Field name="department" label={t("department")} need="optional" />
          <Field name="title" label={t("jobTitle")} need="optional" autoComplete="organization-title" />
        </FieldRow>
        <p className="actions">
          <Button primary wide children={t("profile-save")} />
          <LinkButton href="/account" wide children={t("profile-back")} />
        </p>
      </Form>
    </>
  )
}
