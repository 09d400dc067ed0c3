import { expect, test } from "vitest"
import { Checkbox, Choice, Field, Form, render } from "./index.ts"

const frame = { locale: "ja" as const, path: "/", site: { name: "まなび動画" } }
const values = { mail: `hanako@"><script>`, prefecture: "長野県", password: "himitsu-no-kotoba" }
const errors = { mail: "メールアドレスの形をご確認ください", agree: "同意が必要です" }
const form = (shown: { values?: Record<string, string>; errors?: Record<string, string> }) =>
  render(
    <Form action="/join" {...shown}>
      <Field name="name" label="お名前" need="optional" hint="姓と名" />
      <Field name="mail" label="メールアドレス" need="required" hint="確認のメールをお送りします" />
      <Field name="password" label="パスワード" type="password" />
      <Choice
        name="prefecture"
        label="都道府県"
        asList
        options={[
          { value: "長野県", label: "長野県" },
          { value: "山梨県", label: "山梨県" },
        ]}
      />
      <Checkbox name="agree" label="同意します" need="required" />
    </Form>,
    frame,
  )

test("a field at fault says so beside it and is linked from the summary", () => {
  const html = form({ values, errors })
  expect(html).toMatch(/<input[^>]*id="f-mail"[^>]*aria-invalid="true"[^>]*aria-describedby="f-mail-error f-mail-hint"/)
  expect(html).toContain(`<p class="field__error" id="f-mail-error">メールアドレスの形をご確認ください</p>`)
  expect(html).toContain(`<a href="#f-mail">メールアドレスの形をご確認ください</a>`)
  expect(html).toContain("2か所をご確認ください")
  expect(html).toMatch(/<input type="checkbox"[^>]*aria-describedby="f-agree-error"/)
})

test("only the first field at fault takes the focus", () => {
  const html = form({ values, errors })
  expect(html.match(/autofocus/gi)).toHaveLength(1)
  expect(html).toMatch(/<input[^>]*id="f-mail"[^>]*autofocus/i)
})

test("a fault of the whole form takes the focus itself", () => {
  const html = form({ errors: { form: "回数の上限に達しました" } })
  expect(html).toMatch(/<div class="notice notice--danger" role="alert" tabindex="-1" autofocus/i)
  expect(html).not.toContain(`href="#f-form"`)
  expect(html).toContain("<p>回数の上限に達しました</p>")
  expect(html).not.toContain("か所")
})

test("what was typed comes back as text, passwords never do", () => {
  const html = form({ values, errors })
  expect(html).toContain(`value="hanako@&quot;&gt;&lt;script&gt;"`)
  expect(html).not.toContain("himitsu")
  expect(html).toMatch(/<option[^>]*selected[^>]*>長野県/)
})

test("a form without faults has no summary and no described fields but hints", () => {
  const html = form({})
  expect(html).not.toContain("alert")
  expect(html).not.toContain("aria-invalid")
  expect(html).toMatch(/id="f-name"[^>]*aria-describedby="f-name-hint"/)
  expect(html).toContain(`<span class="badge badge--required">必須</span>`)
  expect(html).toContain(`<span class="badge badge--optional">任意</span>`)
})
