import type { Locale } from "../platform/words.ts"
import { words } from "../platform/words.ts"

/** Whom a mail speaks to. */
export type Addressee = { familyName: string; givenName: string; company: string; number: number | null }

const values: Record<string, (to: Addressee, sender: { name: string }, locale: Locale) => string> = {
  "contact.fullName": ({ familyName, givenName }, _, locale) =>
    (locale === "ja" || /[^\p{Script=Latin}\s'-]/u.test(familyName + givenName)
      ? [familyName, givenName]
      : [givenName, familyName]
    )
      .filter(Boolean)
      .join(" "),
  "contact.familyName": ({ familyName }) => familyName,
  "contact.givenName": ({ givenName }) => givenName,
  "contact.company": ({ company }) => company,
  "contact.number": ({ number }) => (number === null ? "" : `M-${String(number).padStart(6, "0")}`),
  "sender.name": (_, sender) => sender.name,
}

/** The tags a text may use, e.g. `contact.fullName` for `{{contact.fullName}}`. */
export const names = Object.keys(values)

const anyTag = /\{\{([^{}]*)\}\}/g

/** The tags of a text that do not exist, as written; also braces that were left open. A text with any is refused when it is saved. */
export function unknown(text: string): string[] {
  const bad = [...text.matchAll(anyTag)].filter(([, name]) => !Object.hasOwn(values, name!.trim())).map(([tag]) => tag)
  if (/\{\{|\}\}|\{\0|\0\}/.test(text.replaceAll(anyTag, "\0"))) bad.push("{{ }}")
  return bad
}

const tagWithTitle = /\{\{([^{}]*)\}\}([ \u3000]*(?:様|さま|さん|殿|御中))?/g

/**
 * Puts the values in, once: a value that looks like a tag stays text. A name nobody knows becomes 「お客さま」
 * and swallows the 様 behind it, which never stands without a name.
 */
export function fill(text: string, to: Addressee, sender: { name: string }, locale: Locale): string {
  return text.replaceAll(tagWithTitle, (_, name: string, title: string | undefined) => {
    const tag = name.trim()
    const value = (Object.hasOwn(values, tag) ? values[tag]!(to, sender, locale) : "")
      .replaceAll(/[\r\n]+/g, " ")
      .trim()
    if (value) return value + (title ?? "")
    return tag.startsWith("contact.") && tag.endsWith("Name") ? say(locale)("nameless") : ""
  })
}

/** The text with 「○○」 for every tag: what may be kept apart from the person, e.g. in lists. */
export function blank(text: string): string {
  return text.replaceAll(anyTag, "○○").replaceAll(/[\r\n]+/g, " ")
}

const say = words({ nameless: "お客さま" }, { nameless: "valued member" })
