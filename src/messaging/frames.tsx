import type { CSSProperties, ReactNode } from "react"
import { renderToStaticMarkup } from "react-dom/server"
import { words } from "../platform/words.ts"
import type { Locale } from "../platform/words.ts"
import { palette } from "../ui/index.ts"
import type { Block, Card } from "./blocks.ts"
import type { Sender } from "./senders.ts"
import type { MailClass } from "./tables.ts"

/** What goes into the frame: blocks whose tags are filled in and whose links are final. */
type Framed = {
  class: MailClass
  locale: Locale
  subject: string
  blocks: Block[]
  sender: Sender
  siteUrl: string
  /** Advertising only. */
  unsubscribeUrl?: string
}

/** The mail as HTML: brand, body, and for advertising the footer the law asks for. 600 px, tables and inline styles, since mail programs know little else. */
export function mailFrame(mail: Framed): string {
  const brand = mail.sender.name || new URL(mail.siteUrl).host
  return `<!doctype html>${renderToStaticMarkup(
    <html lang={mail.locale}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no,address=no,email=no,date=no" />
        <title>{mail.subject}</title>
        <style dangerouslySetInnerHTML={{ __html: sheet }} />
      </head>
      <body className="paper" style={{ margin: 0, padding: 0, backgroundColor: palette.paper }}>
        <div style={{ display: "none", maxHeight: 0, overflow: "hidden" }}>{preview(mail.blocks)}</div>
        <Table className="paper" style={{ backgroundColor: palette.paper }} align="center">
          <td align="center" style={{ padding: "32px 12px" }}>
            <Table width={600} style={{ width: "100%", maxWidth: 600 }} align="center">
              <td style={{ fontFamily: font, textAlign: "left" }}>
                <p className="ink" style={{ ...brandStyle, color: palette.ink }}>
                  {brand}
                </p>
                <Table className="sheet" style={sheetStyle}>
                  <td className="pad" style={{ padding: "36px 40px 40px" }}>
                    {mail.blocks.map((block, index) => (
                      <Piece key={index} block={block} />
                    ))}
                  </td>
                </Table>
                <Footer mail={mail} brand={brand} />
              </td>
            </Table>
          </td>
        </Table>
      </body>
    </html>,
  )}`
}

const greeting = /^(.{1,60}(様|さま|さん|御中)[、。,!!]?|(dear|hello|hi)\b.{0,60})$/i

/** What lists of mails show behind the subject: what it is about, not whom it greets. */
function preview(blocks: Block[]): string {
  const lines = blocks.flatMap((block) => (block.kind === "paragraph" ? block.text.split("\n") : []))
  const telling = lines
    .map((line) => line.trim())
    .filter((line, index) => line && !(index === 0 && greeting.test(line)))
  return telling.join(" ").slice(0, 90)
}

function Piece({ block }: { block: Block }) {
  switch (block.kind) {
    case "paragraph":
      return (
        <p className="ink" style={{ ...prose, color: palette.ink }}>
          <Lines text={block.text} />
        </p>
      )
    case "heading":
      return (
        <h1 className="ink" style={{ ...prose, fontSize: 21, lineHeight: 1.5, fontWeight: 700, color: palette.ink }}>
          {block.text}
        </h1>
      )
    case "button":
      return (
        <Table style={{ margin: "20px 0 24px" }} width="auto">
          <td className="button" style={{ backgroundColor: palette.accent, borderRadius: 8 }}>
            <a href={block.url} className="on-accent" style={buttonStyle}>
              {block.label}
            </a>
          </td>
        </Table>
      )
    case "cards":
      return block.cards.map((card) => <Offer key={card.url} card={card} />)
    case "note":
      return (
        <p
          className="ink3"
          style={{ ...prose, fontSize: 13, lineHeight: 1.7, margin: "16px 0 0", color: palette.ink3 }}
        >
          <Lines text={block.text} />
        </p>
      )
  }
}

function Offer({ card }: { card: Card }) {
  return (
    <Table style={{ margin: "0 0 12px" }}>
      <td className="rule" style={{ borderTop: `1px solid ${palette.line}`, padding: "14px 0 4px", fontFamily: font }}>
        <a href={card.url} className="accent" style={{ ...prose, margin: 0, fontWeight: 700, color: palette.accent }}>
          {card.title}
        </a>
        <Small tone="ink2" text={card.detail} />
        <Small tone="ink3" text={card.why} />
      </td>
    </Table>
  )
}

function Small({ text, tone }: { text: string | undefined; tone: "ink2" | "ink3" }) {
  if (!text) return null
  return (
    <p
      className={tone}
      style={{ margin: "2px 0 0", fontFamily: font, fontSize: 13, lineHeight: 1.7, color: palette[tone] }}
    >
      {text}
    </p>
  )
}

function Footer({ mail, brand }: { mail: Framed; brand: string }) {
  return (
    <div className="ink3" style={footerStyle}>
      {footerLines(mail, brand).map((part, index) => (
        <p key={index} style={{ margin: "0 0 6px" }}>
          {part.text}
          {part.url && (
            <a href={part.url} className="ink2" style={{ display: "inline-block", color: palette.ink2 }}>
              {part.label}
            </a>
          )}
        </p>
      ))}
    </div>
  )
}

/** 特定電子メール法: the sender's name, that and how one may refuse, the postal address, where to complain. */
function footerLines(mail: Framed, brand: string): { text: string; url?: string; label?: string }[] {
  const t = say(mail.locale)
  if (mail.class === "transactional") return [{ text: t("from", { brand }), url: mail.siteUrl, label: mail.siteUrl }]
  const { contact, postalAddress } = mail.sender
  return [
    { text: t("why", { brand }) },
    { text: t("refuse"), url: mail.unsubscribeUrl, label: t("unsubscribe") },
    { text: t("sender", { brand }) },
    { text: t("address", { postalAddress }) },
    { text: t("contact"), url: contact.includes("://") ? contact : `mailto:${contact}`, label: contact },
  ]
}

/** The same mail for programs and people that read plain text. */
export function plainText(mail: Framed): string {
  const brand = mail.sender.name || new URL(mail.siteUrl).host
  const body = mail.blocks.map((block) => {
    if (block.kind === "heading") return `■ ${block.text}`
    if (block.kind === "button") return `${block.label}\n${block.url}`
    if (block.kind === "cards")
      return block.cards
        .map((card) => [`・${card.title}`, card.detail, card.why, card.url].filter(Boolean).join("\n  "))
        .join("\n\n")
    return block.text
  })
  const footer = footerLines(mail, brand).map(({ text, url, label }) =>
    url === undefined ? text : `${text}${label === url || url.startsWith("mailto:") ? label : `\n${url}`}`,
  )
  return `${body.join("\n\n")}\n\n--\n${footer.join("\n")}\n`
}

function Table(props: {
  children: ReactNode
  style?: CSSProperties
  className?: string
  width?: number | string
  align?: "center"
}) {
  const { children, style, className, width = "100%", align } = props
  return (
    <table role="presentation" cellPadding={0} cellSpacing={0} border={0} {...{ width, align, className, style }}>
      <tbody>
        <tr>{children}</tr>
      </tbody>
    </table>
  )
}

function Lines({ text }: { text: string }) {
  return text.split(/\r?\n/).map((line, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name
    <span key={index}>
      {index > 0 && <br />}
      {line}
    </span>
  ))
}

const font = "'Noto Sans JP','Hiragino Sans','Hiragino Kaku Gothic ProN','Yu Gothic','Meiryo',sans-serif"
const prose: CSSProperties = { margin: "0 0 20px", fontFamily: font, fontSize: 16, lineHeight: 1.8 }
const brandStyle: CSSProperties = { margin: "0 4px 14px", fontSize: 15, fontWeight: 700, letterSpacing: "0.04em" }
const sheetStyle: CSSProperties = {
  backgroundColor: palette.surface,
  border: `1px solid ${palette.line}`,
  borderRadius: 14,
  borderCollapse: "separate",
}
const buttonStyle: CSSProperties = {
  display: "inline-block",
  padding: "13px 26px",
  fontFamily: font,
  fontSize: 15,
  fontWeight: 700,
  lineHeight: 1.4,
  color: palette.onAccent,
  textDecoration: "none",
}
const footerStyle: CSSProperties = { margin: "18px 4px 0", fontSize: 12, lineHeight: 1.7, color: palette.ink3 }

const sheet = `a{text-underline-offset:3px}
@media (max-width:480px){.pad{padding:26px 22px 28px!important}}
@media (prefers-color-scheme:dark){.paper{background-color:#171512!important}.sheet{background-color:#1f1d19!important;border-color:#423c34!important}
.ink{color:#ece6da!important}.ink2{color:#bdb4a6!important}.ink3{color:#a0978a!important}.accent{color:#a3bdee!important}.rule{border-color:#423c34!important}
.button{background-color:#a3bdee!important}.on-accent{color:#111c33!important}}`

const say = words(
  {
    from: "このメールは {brand} からお送りしています。 ",
    why: "このメールは、{brand} からのお知らせの受け取りに同意された方へお送りしています。",
    refuse: "今後の受け取りは、いつでもお断りいただけます。 ",
    unsubscribe: "配信を停止する",
    sender: "送信者: {brand}",
    address: "住所: {postalAddress}",
    contact: "お問い合わせ・苦情の受付: ",
  },
  {
    from: "This mail was sent by {brand}. ",
    why: "You receive this because you agreed to news from {brand}.",
    refuse: "You may refuse further mails at any time. ",
    unsubscribe: "Unsubscribe",
    sender: "Sender: {brand}",
    address: "Address: {postalAddress}",
    contact: "Questions and complaints: ",
  },
)
