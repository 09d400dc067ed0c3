import { useState } from "react"
import { useSay } from "../locale.tsx"
import { say } from "../words/deliveries-words.ts"

type Props = { title: string; text: string | null | undefined; src?: string; html?: string }

/** A mail as it looks, in a sandbox without script, form or link; and as plain text. */
export function MailView({ title, text, src, html }: Props) {
  const t = useSay(say)
  const [tab, setTab] = useState<"html" | "text">(src || html ? "html" : "text")
  const [narrow, setNarrow] = useState(false)
  return (
    <div>
      <div className="tabs">
        {(["html", "text"] as const).map((name) => (
          <button type="button" key={name} aria-pressed={tab === name} onClick={() => setTab(name)}>
            {t(`view.${name}`)}
          </button>
        ))}
        {tab === "html" && (
          <button type="button" aria-pressed={narrow} onClick={() => setNarrow(!narrow)} style={{ marginLeft: "auto" }}>
            {t("view.phone")}
          </button>
        )}
      </div>
      {tab === "html" && (src || html) ? (
        <iframe
          className="mail-view"
          title={title}
          sandbox=""
          src={src}
          srcDoc={src ? undefined : html}
          style={{ height: "min(720px, 78vh)", maxWidth: narrow ? 390 : undefined }}
        />
      ) : (
        <pre className="mail-text">{text || t("view.none")}</pre>
      )}
    </div>
  )
}
