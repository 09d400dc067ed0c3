import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react"
import type { Locale, Say } from "../platform/words.ts"

const current = createContext<{ locale: Locale; choose: (locale: Locale) => void }>({ locale: "ja", choose: () => {} })

/** The reader's language: the cookie the server reads too, else what the browser asks for. */
export function LocaleProvider({ children }: { children: ReactNode }) {
  const [locale, setLocale] = useState<Locale>(firstLocale)
  useEffect(() => {
    document.documentElement.lang = locale
  }, [locale])
  const value = useMemo(
    () => ({
      locale,
      choose: (chosen: Locale) => {
        // biome-ignore lint/suspicious/noDocumentCookie: the server reads this cookie for the language of its answers
        document.cookie = `lang=${chosen}; path=/; max-age=31536000; samesite=lax`
        setLocale(chosen)
      },
    }),
    [locale],
  )
  return <current.Provider value={value}>{children}</current.Provider>
}

export function useLocale(): { locale: Locale; choose: (locale: Locale) => void } {
  return useContext(current)
}

/** The texts of a page in the reader's language. */
export function useSay(say: (locale: Locale) => Say): Say {
  return say(useContext(current).locale)
}

function firstLocale(): Locale {
  const chosen = document.cookie.match(/(?:^|;\s*)lang=(ja|en)\b/)?.[1]
  if (chosen) return chosen as Locale
  return /^en\b/i.test(navigator.language) ? "en" : "ja"
}
