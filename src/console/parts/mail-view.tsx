import { useState } from "react"
import { useSay } from "../locale.tsx"
import { useDocument } from "../queries.ts"
import { say } from "../words/deliveries-words.ts"
import { Failed, Loading } from "./states.tsx"

type Props = { title: string; text: string | null | undefined; src?: string; html?: string }

/** A mail as it looks, in a sandbox without script, form or link; and as plain text. */
export function MailView({ title, text, src, html }: Props) {
  const t = useSay(say)
  const [tab, setTab] = useState<"html" | "text">(src || html ? "html" : "text")
  const [narrow, setNarrow] = useState(false)
  const read = useDocument(src ?? null)
  const shown = src ? read.data : html
  return (
    <div>
      <div className="tabs">
        {(["html", "text"] as const).map((name) => (
          <button type="button" key={name} aria-pressed={tab === name} onClick={() => setTab(name)}>
            {t(`view.${name}`)}
          </button>
        ))}
        {tab === "html" && (
          <button
            type="button"
            className="desk"
            aria-pressed={narrow}
            onClick={() => setNarrow(!narrow)}
            style={{ marginLeft: "auto" }}
          >
            {t("view.phone")}
          </button>
        )}
      </div>
      {tab === "text" || !(src || html) ? (
        <pre className="mail-text">{text || t("view.none")}</pre>
      ) : shown ? (
        <iframe
          className="mail-view"
          title={title}
          sandbox=""
          srcDoc={inOurFont(shown)}
          style={{ height: "min(960px, 88vh)", maxWidth: narrow ? 390 : undefined }}
        />
      ) : read.error ? (
        <Failed error={read.error} retry={() => void read.refetch()} />
      ) : (
        <Loading />
      )}
    </div>
  )
}

/**
 * The mail with the Japanese font that readers' devices have and this one may lack, for looking at only: the mail itself
 * names the font and loads nothing. The policy lets the document load our fonts and nothing else.
 */
function inOurFont(html: string): string {
  const { origin } = window.location
  const policy = `default-src 'none'; style-src 'unsafe-inline' ${origin}; font-src ${origin}; img-src data:`
  const head = `<meta http-equiv="Content-Security-Policy" content="${policy}"><link rel="stylesheet" href="${origin}/assets/fonts/noto-sans-jp.css">`
  const named = html.replace(/(font-family:\s*(?:'|"|&quot;|&#x27;|&#39;)?Noto Sans JP)(?! Variable)/g, "$1 Variable")
  return /<head[^>]*>/.test(named) ? named.replace(/<head[^>]*>/, (tag) => tag + head) : head + named
}
