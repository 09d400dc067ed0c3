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
  const plain = new Set(Object.keys(messages).filter((key) => !/[{<']/.test(messages[key]!)))
  // The library reads a dot as a step into nested messages; ours are flat.
  const flat = Object.fromEntries(Object.entries(messages).map(([key, text]) => [flatKey(key), text]))
  const translate = createTranslator({ locale, messages: flat, timeZone, onError: fail }) as unknown as Say
  return (key, values) => (plain.has(key) ? messages[key]! : translate(flatKey(key), values))
}

function flatKey(key: string): string {
  return key.replaceAll(".", "/")
}

function fail(error: Error): void {
  throw error
}
