const hyphens = /(?<=[ァ-ヺー])[-‐‑‒–—―−]/gu

/**
 * Full-width katakana of a reading typed in hiragana, half-width or full-width; nothing when it holds anything else.
 * A hyphen after a kana is the long-vowel mark somebody could not find.
 */
export function toKatakana(text: string): string | undefined {
  const kana = fold(text).replace(hyphens, "ー").replace(/\s+/g, " ").trim()
  return /^[ァ-ヺーヽヾ・ ]*$/u.test(kana) ? kana : undefined
}

/** NFKC with every hiragana as katakana; what is not kana stays. */
export function fold(text: string): string {
  return text
    .replace(/[゛ﾞ]/g, "\u3099")
    .replace(/[゜ﾟ]/g, "\u309a")
    .normalize("NFKC")
    .replace(/[ぁ-ゖゝゞ]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0x60))
    .normalize("NFC")
}
