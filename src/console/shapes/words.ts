/** A text as the API gives it: plain, or in both languages. */
export type Words = string | { ja: string; en: string }
