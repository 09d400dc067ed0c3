import type { Say } from "../../../platform/words.ts"
import { useMaybe } from "../../queries.ts"
import { useSay } from "../../locale.tsx"
import { say } from "../../words/scenarios-words.ts"

const named = [
  "contact.fullName",
  "contact.familyName",
  "contact.givenName",
  "contact.company",
  "contact.number",
  "sender.name",
]

/** Tags to put into a text; each stands for what is known of whoever gets the mail. */
export function MergeTags({ onInsert }: { onInsert: (tag: string) => void }) {
  const t = useSay(say)
  const tags = useMaybe<{ data: string[] }>("/api/merge-tags")?.data ?? named
  return (
    <div className="templates" style={{ marginTop: 4 }}>
      {tags.map((name) => (
        <button
          type="button"
          key={name}
          title={`{{${name}}}`}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onInsert(`{{${name}}}`)}
        >
          {named.includes(name) ? t(`tag.${name.replace(".", "_")}`) : name}
        </button>
      ))}
    </div>
  )
}

/** The text with a tag where the cursor stands, or at its end. */
export function insertAt(field: HTMLInputElement | HTMLTextAreaElement | null, text: string, tag: string): string {
  const at = field && document.activeElement === field ? (field.selectionStart ?? text.length) : text.length
  return text.slice(0, at) + tag + text.slice(at)
}

/** A text with its tags said by name, e.g. 「[姓名] 様」. */
export function plainTags(text: string, t: Say): string {
  return text.replaceAll(/\{\{\s*([\w.]+)\s*\}\}/g, (tag, name: string) =>
    named.includes(name) ? `[${t(`tag.${name.replace(".", "_")}`)}]` : tag,
  )
}
