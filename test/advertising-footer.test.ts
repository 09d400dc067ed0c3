import { expect, test } from "vitest"
import { say } from "../src/console/words/settings-words.ts"
import { mailFrame, plainText } from "../src/messaging/frames.tsx"

const sender = {
  name: "株式会社まなび動画",
  postalAddress: "〒390-0874 長野県松本市大手1-2-3",
  contact: "support@example.jp",
  from: "info@example.jp",
}

test.each(["ja", "en"] as const)("the settings show the footer that advertising carries (%s)", (locale) => {
  const t = say(locale)
  const mail = {
    class: "advertising" as const,
    locale,
    subject: "お知らせ",
    blocks: [{ kind: "paragraph" as const, text: "こんにちは" }],
    sender,
    siteUrl: "https://example.jp",
    unsubscribeUrl: "https://example.jp/stop",
  }
  const { name, postalAddress, contact } = sender
  expect(plainText(mail).split("--\n")[1]!.trim().split("\n")).toEqual([
    t("footerWhy", { name }),
    t("footerRefuse"),
    mail.unsubscribeUrl,
    t("footerSender", { name }),
    t("footerAddress", { postalAddress }),
    t("footerContact") + contact,
  ])
  expect(mailFrame(mail)).toContain(`>${t("footerStop")}</a>`)
})
