import { createTranslator } from "use-intl/core"

/** The languages the product speaks. */
export type Locale = "ja" | "en"
/** Says a text in one language; values fill ICU placeholders. */
export type Say = (key: string, values?: Record<string, string | number | Date>) => string

/** The day and time zone of the business: JST, as everything the product counts in days. */
export const timeZone = "Asia/Tokyo"

/** A module's texts in both languages; the result gives a translator for a locale. A key missing in one language does not compile. */
export function words<T extends Record<string, string>>(
  ja: T,
  en: { [key in keyof T]: string },
): (locale: Locale) => Say {
  const said: Partial<Record<Locale, Say>> = {}
  return (locale) => {
    said[locale] ??= say(locale, locale === "ja" ? ja : en)
    return said[locale]
  }
}

function say(locale: Locale, messages: Record<string, string>): Say {
  // The library reads a dot as a step into nested messages; ours are flat.
  const flat = Object.fromEntries(Object.entries(messages).map(([key, text]) => [flatKey(key), text]))
  const translate = createTranslator({ locale, messages: flat, timeZone, onError: fail }) as unknown as Say
  // Plain and simply filled texts need no message parser: they are most texts, and it would be a third of a page's time.
  const simple = new Map<string, string[]>()
  for (const [key, text] of Object.entries(messages)) {
    const parts = text.split(/\{(\w+)\}/)
    if (parts.every((part, index) => index % 2 === 1 || !/[{}<']/.test(part))) simple.set(key, parts)
  }
  return (key, values) => {
    const parts = simple.get(key)
    if (!parts) return translate(flatKey(key), values)
    let text = parts[0]!
    for (let index = 1; index < parts.length; index += 2) {
      const value = values?.[parts[index]!]
      // Dates and missing values are the translator's to format and to refuse.
      if (typeof value !== "string" && typeof value !== "number") return translate(flatKey(key), values)
      text += value + parts[index + 1]!
    }
    return text
  }
}

function flatKey(key: string): string {
  return key.replaceAll(".", "/")
}

function fail(error: Error): void {
  throw error
}
