import { words } from "../../platform/words.ts"
import { Button, Form, LinkButton, Page } from "../../ui/index.ts"
import { useFrame } from "../../ui/index.ts"

/** Asks before refusing: scanners open every link of a mail, and must change nothing. */
export function RefusePage({ word }: { word: string }) {
  const t = say(useFrame().locale)
  return (
    <Page title={t("title")} width="narrow" nav={false}>
      <h1 className="page-title">{t("title")}</h1>
      <p>{t("question")}</p>
      <Form action={`/u/${word}`}>
        <p className="actions">
          <Button primary>{t("button")}</Button>
        </p>
      </Form>
      <p className="mute small">{t("kept")}</p>
    </Page>
  )
}

/** Says that it is done, and where to change one's mind. */
export function RefusedPage() {
  const t = say(useFrame().locale)
  return (
    <Page title={t("doneTitle")} width="narrow" nav={false}>
      <h1 className="page-title">{t("doneTitle")}</h1>
      <p>{t("done")}</p>
      <p>{t("again")}</p>
      <p className="actions">
        <LinkButton href="/account">{t("account")}</LinkButton>
      </p>
    </Page>
  )
}

const say = words(
  {
    title: "お知らせメールの配信停止",
    question: "お知らせ・ご案内のメールの配信を停止します。よろしければ、下のボタンを押してください。",
    button: "配信を停止する",
    kept: "購入の確認やパスワードの再設定など、お手続きに必要なメールは、これからもお届けします。",
    doneTitle: "配信を停止しました",
    done: "今後、お知らせ・ご案内のメールはお送りしません。",
    again: "また受け取りたくなったときは、アカウントのページからいつでも再開できます。",
    account: "アカウントのページへ",
  },
  {
    title: "Stop news by mail",
    question: "This stops news and offers by mail. Press the button if that is what you want.",
    button: "Stop these mails",
    kept: "Mails you need, such as confirmations and password resets, will still reach you.",
    doneTitle: "You will get no more news by mail",
    done: "We will send you no further news or offers.",
    again: "Should you want them again, turn them on from your account page at any time.",
    account: "To my account",
  },
)
