import type { Locale } from "../platform/words.ts"
import type { Block } from "./blocks.ts"
import { mailFrame, plainText } from "./frames.tsx"
import * as house from "./house.ts"
import * as mergeTags from "./merge-tags.ts"
import type { Sender } from "./senders.ts"
import type { MailClass } from "./tables.ts"

/** What a mail is to say, before it is addressed. */
type Content = { class: MailClass; subject: string; blocks: Block[] }

export type Written = { subject: string; html: string; text: string }

/** Writes a mail for one person: fills the tags in, turns links into the ones to be sent, frames it. `link` gets full URLs. */
export function write(
  content: Content,
  to: mergeTags.Addressee & { locale: Locale },
  options: { sender: Sender; unsubscribeUrl?: string; link?: (url: string) => string },
): Written {
  const { sender, unsubscribeUrl, link = (url: string) => url } = options
  const fill = (text: string) => mergeTags.fill(text, to, sender, to.locale)
  const go = (url: string) => link(url.startsWith("/") ? house.urlOf(url) : url)
  const blocks = content.blocks.map((block): Block => {
    switch (block.kind) {
      case "button":
        return { ...block, label: fill(block.label), url: go(block.url) }
      case "cards":
        return { ...block, cards: block.cards.map((card) => ({ ...card, url: go(card.url) })) }
      default:
        return { ...block, text: fill(block.text) }
    }
  })
  const framed = {
    class: content.class,
    locale: to.locale,
    subject: fill(content.subject).replaceAll(/[\r\n]+/g, " "),
    blocks,
    sender,
    siteUrl: house.get().publicUrl,
    unsubscribeUrl,
  }
  return { subject: framed.subject, html: mailFrame(framed), text: plainText(framed) }
}
